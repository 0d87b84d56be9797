"""Items of answers as typed rows: price points, trades, open interest, and what a source says of how a market ended."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.amounts import UNSET, amount, array, price
from lakeflow.vendors.polymarket.gamma import Refused
from lakeflow.vendors.polymarket.instants import instant


class Point(NamedTuple):
    """A price of a token at an instant; of a bucket it is known when the bucket ends."""

    token_id: str
    ts_event: int
    price: int
    resolution_s: int


class Trade(NamedTuple):
    """What a taker traded."""

    condition_id: str
    token_id: str
    ts_event: int
    side: str
    price: int
    size: int
    wallet: str
    transaction: str


class Interest(NamedTuple):
    """The open interest of a condition when it was asked for."""

    condition_id: str
    open_interest: int


class Resolution(NamedTuple):
    """What a source says of how a condition ended."""

    condition_id: str
    source: str
    status: str
    payouts: list[int] | None
    proposed: int | None
    was_disputed: bool
    rules_updated: bool
    ts_event: int | None


def point(item: Any, params: Mapping[str, Any]) -> Point:
    """A point of either price history; the older one says its bucket in the request, in minutes."""
    if "timestamp" in item:
        return Point(
            str(params["token_id"]),
            need(instant(item["timestamp"])),
            need(price(item["price"])),
            int(item["resolution_seconds"]),
        )
    return Point(
        str(params["market"]),
        need(instant(item["t"])),
        need(price(item["p"])),
        60 * int(params.get("fidelity", 1)),
    )


def trade(item: Any, _: Mapping[str, Any]) -> Trade:
    """A trade in either spelling of its fields."""
    token, condition = (
        item.get("token_id", item.get("asset")),
        item.get("condition_id", item.get("conditionId")),
    )
    if not token or not condition:
        raise Refused(faults.NO_ID, "a trade has a token and a condition")
    return Trade(
        str(condition).lower(), str(token), need(instant(item["timestamp"])), str(item["side"]).upper(), need(price(item["price"])),
        need(amount(item["size"])), str(item.get("proxy_wallet", item.get("proxyWallet")) or "").lower(),
        str(item.get("transaction_hash", item.get("transactionHash")) or "").lower(),
    )  # fmt: skip


def interest(item: Any, _: Mapping[str, Any]) -> Interest:
    return Interest(str(item.get("condition_id", item.get("market"))).lower(), need(amount(item["value"])))


def resolution(item: Any, _: Mapping[str, Any]) -> Resolution:
    """A row of the resolution service; the sentinel of no price is none."""
    payouts = array(item.get("payouts"))
    proposed = (
        item.get("reproposed_price")
        if item.get("reproposed_price") not in (None, "", UNSET)
        else item.get("proposed_price")
    )
    return Resolution(
        str(item["condition_id"]).lower(), "DATA_API", str(item.get("status") or "").lower(),
        [int(each) for each in payouts] if payouts else None, proposed_price(proposed), bool(item.get("was_disputed")),
        bool(item.get("new_version_q")), instant(item.get("resolved_at") or item.get("last_update_timestamp")),
    )  # fmt: skip


def clob_resolution(item: Any, _: Mapping[str, Any]) -> Resolution:
    """The winner flags of a CLOB market; of a market that nobody won, both are false."""
    tokens = item.get("tokens") or []
    won = [bool(token.get("winner")) for token in tokens]
    payouts = [1_000_000 if each else 0 for each in won] if sum(won) == 1 else None
    status = "resolved" if payouts else "closed" if item.get("closed") else "open"
    return Resolution(str(item["condition_id"]).lower(), "CLOB", status, payouts, None, False, False, None)


def chain_resolution(item: Any, _: Mapping[str, Any]) -> Resolution:
    """A condition of the subgraph: the payouts that the contract holds, as numerators over their sum."""
    numerators, whole = (
        [int(n) for n in item.get("payoutNumerators") or []],
        int(item.get("payoutDenominator") or 0),
    )
    payouts = [n * 1_000_000 // whole for n in numerators] if whole and numerators else None
    status = "resolved" if payouts else "active"
    return Resolution(
        str(item["id"]).lower(),
        "CHAIN",
        status,
        payouts,
        None,
        False,
        False,
        instant(item.get("resolutionTimestamp")),
    )


def proposed_price(value: Any) -> int | None:
    """A proposed price as millionths, from a decimal or from the oracle's 18 digits; what is neither is none."""
    number = amount(value)
    if number is None or value == UNSET:
        return None
    whole = number // 10**18 if abs(number) > 10**15 else number
    return whole if 0 <= whole <= 1_000_000 else None


def need(value: int | None) -> int:
    if value is None:
        raise Refused(faults.BAD_AMOUNT, "a field that a row cannot do without is empty")
    return value
