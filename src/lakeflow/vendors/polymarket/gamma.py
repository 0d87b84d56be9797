"""One market of a Gamma answer: its ids, outcomes, prices, state and times; or the reason why it is no row."""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.amounts import (
    BadAmount,
    BadArray,
    OutOfRange,
    amount,
    price,
)
from lakeflow.vendors.polymarket.arrays import FIELDS, items
from lakeflow.vendors.polymarket.fees import fees
from lakeflow.vendors.polymarket.instants import BadInstant, instant
from lakeflow.vendors.polymarket.needed import TOKEN, Refused, padded
from lakeflow.vendors.polymarket.strange import strange
from lakeflow.vendors.polymarket.wording import claim, event_ids, game, of_events, slugs, status, words

CONDITION = re.compile(r"0x[0-9a-f]{62,64}")


class Sighting(NamedTuple):
    """A market as one answer showed it."""

    condition_id: str
    market_id: str
    slug: str | None
    question: str | None
    rules_sha256: str
    has_source: bool
    protocol: str | None
    outcomes: list[str] | None
    token_ids: list[str] | None
    prices: list[int] | None
    tags: list[str]
    category_said: str | None
    event_ids: list[str]
    parent_event_ids: list[str]
    group_id: str | None
    group_item: str | None
    group_place: str | None
    neg_risk: bool
    sports_type: str | None
    game_id: str | None
    active: bool | None
    closed: bool | None
    archived: bool | None
    accepting_orders: bool | None
    resolution_status: str | None
    resolved_by_itself: bool | None
    tick: int | None
    best_bid: int | None
    best_ask: int | None
    last_price: int | None
    volume: int | None
    volume_day: int | None
    liquidity: int | None
    fees_enabled: bool | None
    fee_type: str | None
    fee_exponent: int | None
    fee_rate: int | None
    fee_taker_only: bool | None
    fee_rebate_rate: int | None
    ts_created: int | None
    ts_start: int | None
    ts_end: int | None
    ts_game: int | None
    ts_resolution_end: int | None
    ts_closed: int | None
    not_understood: list[str]


def sighting(item: Any) -> Sighting:
    """The market, or Refused with a reason code."""
    if not isinstance(item, Mapping):
        raise Refused(faults.BAD_JSON, f"a market is an object, not {type(item).__name__}")
    condition = padded(str(item.get("conditionId") or "").lower())
    if not item.get("id") or not CONDITION.fullmatch(condition):
        raise Refused(faults.NO_ID, f"id {item.get('id')!r}, conditionId {condition!r}")
    outcomes, tokens, prices = (named(item, field, items) for field in FIELDS)
    _refuse_lengths(outcomes=outcomes, clobTokenIds=tokens, outcomePrices=prices)
    _refuse_tokens(tokens)
    return Sighting(
        condition_id=condition,
        market_id=str(item["id"]),
        slug=words(item.get("slug")),
        question=words(item.get("question")),
        rules_sha256=hashlib.sha256(str(item.get("description") or "").encode()).hexdigest(),
        has_source=bool(item.get("resolutionSource")),
        protocol=words(item.get("version")),
        outcomes=None if outcomes is None else [words(each) or "" for each in outcomes],
        token_ids=None if tokens is None else [str(each) for each in tokens],
        prices=_prices(prices),
        tags=slugs(item.get("tags")),
        category_said=words(item.get("category")),
        event_ids=event_ids(item.get("events")),
        parent_event_ids=of_events(item.get("events"), "parentEventId"),
        group_id=words(item.get("negRiskMarketID")) if claim(item.get("negRisk")) else None,
        group_item=words(item.get("groupItemTitle")),
        group_place=words(item.get("groupItemThreshold")),
        neg_risk=claim(item.get("negRisk")) or False,
        sports_type=words(item.get("sportsMarketType")),
        game_id=game(item),
        active=claim(item.get("active")),
        closed=claim(item.get("closed")),
        archived=claim(item.get("archived")),
        accepting_orders=claim(item.get("acceptingOrders")),
        resolution_status=status(item),
        resolved_by_itself=claim(item.get("automaticallyResolved")),
        tick=named(item, "orderPriceMinTickSize", price),
        best_bid=named(item, "bestBid", price),
        best_ask=named(item, "bestAsk", price),
        last_price=named(item, "lastTradePrice", price),
        volume=named(item, "volumeNum", amount) if "volumeNum" in item else named(item, "volume", amount),
        volume_day=named(item, "volume24hr", amount),
        liquidity=named(item, "liquidityNum", amount) if "liquidityNum" in item else named(item, "liquidity", amount),
        **fees(item)._asdict(),
        ts_created=named(item, "createdAt", instant),
        ts_start=named(item, "startDate", instant),
        ts_end=named(item, "endDate", instant),
        ts_game=named(item, "gameStartTime", instant),
        ts_resolution_end=named(item, "umaEndDate", instant),
        ts_closed=named(item, "closedTime", instant),
        not_understood=sorted(strange(item, outcomes)),
    )  # fmt: skip


def named(item: Mapping[str, Any], field: str, read: Callable[[Any], Any]) -> Any:
    """A field by its reader; what the reader refuses is refused under the field's name."""
    try:
        return read(item.get(field))
    except (BadInstant, BadArray, OutOfRange, BadAmount) as error:
        reason = {
            BadInstant: faults.BAD_TS,
            BadArray: faults.BAD_ARRAY,
            OutOfRange: faults.PRICE_RANGE,
            BadAmount: faults.BAD_AMOUNT,
        }[type(error)]
        raise Refused(reason, f"{field} {error}") from error


def _refuse_lengths(**arrays: list[Any] | None) -> None:
    sizes = {name: len(found) for name, found in arrays.items() if found is not None}
    if len(set(sizes.values())) > 1:
        raise Refused(faults.LEN_MISMATCH, ", ".join(f"{name} {size}" for name, size in sizes.items()))


def _refuse_tokens(tokens: list[Any] | None) -> None:
    for token in tokens or []:
        # A number here has been through a float somewhere: its last digits are gone.
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            raise Refused(faults.BAD_TOKEN_ID, f"clobTokenIds {token!r}"[:120])


def _prices(found: list[Any] | None) -> list[int] | None:
    if found is None:
        return None
    known = [named({"outcomePrices": each}, "outcomePrices", price) for each in found]
    return None if any(each is None for each in known) else known
