"""Items of answers as typed rows: price points, trades, open interest, and what a source says of how a market ended."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.amounts import UNSET, count, price
from lakeflow.vendors.polymarket.asked import of_takers
from lakeflow.vendors.polymarket.buckets import bucket, length
from lakeflow.vendors.polymarket.fields import Fields, Partly
from lakeflow.vendors.polymarket.instants import instant
from lakeflow.vendors.polymarket.needed import Refused, condition, need, positive, side, token, truth
from lakeflow.vendors.polymarket.payouts import OVER, WHOLE, by_flags, of_service, oracle_price
from lakeflow.vendors.polymarket.wording import spelt


class Point(NamedTuple):
    """A price of a token at an instant; of a bucket it is known when the bucket ends."""

    token_id: str
    ts_event: int
    price: int
    resolution_s: int


class Trade(NamedTuple):
    """What a wallet traded: a taker's, where the request was for these alone; else nobody says whether it was a maker's."""

    condition_id: str
    token_id: str
    ts_event: int
    side: str
    price: int
    size: int
    wallet: str
    transaction: str
    maker_count: int | None = None  # where the source names them; no part of what the trade is
    is_taker: bool = False  # no part of it either: one list says whose it was, another does not


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
    token_ids: list[str] | None = None  # of the payouts, where the source says whose they are
    transaction: str | None = None


def point(item: Any, params: Mapping[str, Any]) -> Point:
    """A point of either price history; of the older one the request says how long a bucket is, or the distance of its points does."""
    if "timestamp" in item:
        return Point(
            token(params["token_id"]),
            need(instant(item["timestamp"])),
            need(price(item["price"])),
            bucket(item["resolution_seconds"], 1),
        )
    return Point(
        token(params["market"]),
        need(instant(item["t"])),
        need(price(item["p"])),
        length(params),
    )


HAPPENED = frozenset({"", "MINED", "CONFIRMED"})  # the other states of a trade may still fail, or have


def taken(item: Any, params: Mapping[str, Any]) -> Trade:
    """A trade of the service's list: of takers alone where that was asked for."""
    return trade(item, params)._replace(is_taker=of_takers(params))


def trade(item: Any, _: Mapping[str, Any]) -> Trade:
    """A trade in any of the three spellings of its fields; one that did not come to be is none."""
    status = str(item.get("status") or "").upper().removeprefix("TRADE_STATUS_")
    if status not in HAPPENED:
        raise Refused(faults.NOT_SETTLED, f"expected status MINED or CONFIRMED, found {status}"[:120])
    return Trade(
        condition(said(item, "condition_id", "conditionId", "market")),
        token(said(item, "token_id", "asset", "asset_id")),
        need(instant(said(item, "timestamp", "match_time"))),
        side(item.get("side")),
        need(price(item["price"])),
        positive(item["size"]),
        str(said(item, "proxy_wallet", "proxyWallet", "maker_address") or "").lower(),
        str(said(item, "transaction_hash", "transactionHash") or "").lower(),
        len(makers) if isinstance(makers := item.get("maker_orders"), list) and makers else None,
    )


def said(item: Mapping[str, Any], *names: str) -> Any:
    """The first of some spellings of a field that an item has."""
    return next((item[name] for name in names if name in item), None)


def interest(item: Any, _: Mapping[str, Any]) -> Interest:
    return Interest(condition(item.get("condition_id", item.get("market"))), positive(item["value"]))


def resolution(item: Any, params: Mapping[str, Any]) -> Resolution:
    """What the resolution service says of a market, as far as it can be read."""
    found: Resolution = resolved(item, params).row
    return found


def resolved(item: Any, _: Mapping[str, Any]) -> Partly:
    """The same with its times and prices that cannot be read; the sentinel of no price is none."""
    of = Fields(item, {})
    status = spelt(item.get("status")) or ""
    again = item.get("reproposed_price") not in (None, "", UNSET)
    row = Resolution(
        condition(item.get("condition_id")), "DATA_API", status, of_service(of, status),
        of.read("reproposed_price" if again else "proposed_price", oracle_price),
        truth(item.get("was_disputed")), truth(item.get("new_version_q")),
        of.read("resolved_at" if item.get("resolved_at") else "last_update_timestamp", instant),
        transaction=str(item.get("transaction_hash") or "").lower() or None,
    )  # fmt: skip
    return Partly(row, list(of.odd.values()))


def clob_resolution(item: Any, _: Mapping[str, Any]) -> Resolution:
    """The winner flags of a CLOB market; of one that paid half and half both are alike, and so are the prices."""
    tokens = item.get("tokens") or []
    ids = [token(each["token_id"]) for each in tokens if each.get("token_id")]
    payouts = by_flags(item, tokens, [truth(each.get("winner")) for each in tokens])
    status = OVER if payouts else "closed" if truth(item.get("closed")) else "open"
    named = ids if len(ids) == len(tokens) else None
    return Resolution(
        condition(item.get("condition_id")), "CLOB", status, payouts, None, False, False, None, named
    )


def chain_resolution(item: Any, _: Mapping[str, Any]) -> Resolution:
    """A condition of the subgraph: the payouts that the contract holds, as numerators over their sum."""
    numerators, whole = (
        [count(n) for n in item.get("payoutNumerators") or []],
        count(item.get("payoutDenominator") or 0),
    )
    payouts = [n * WHOLE // whole for n in numerators] if whole and numerators else None
    status = OVER if payouts else "active"
    return Resolution(
        condition(item.get("id")),
        "CHAIN",
        status,
        payouts,
        None,
        False,
        False,
        instant(item.get("resolutionTimestamp")),
    )
