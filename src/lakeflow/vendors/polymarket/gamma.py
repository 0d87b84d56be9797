"""One market of a Gamma answer: its ids, outcomes, prices, state and times; or the reason why it is no row."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.amounts import amount, price
from lakeflow.vendors.polymarket.arrays import FIELDS, items, unlike_any
from lakeflow.vendors.polymarket.fees import fees
from lakeflow.vendors.polymarket.fields import Fields, Partly
from lakeflow.vendors.polymarket.halves import legible
from lakeflow.vendors.polymarket.instants import instant
from lakeflow.vendors.polymarket.needed import Refused, padded, token
from lakeflow.vendors.polymarket.strange import strange
from lakeflow.vendors.polymarket.wording import claim, event_ids, game, of_events, slugs, spelt, status, words

RULES, PRICES = "description", "outcomePrices"
NEEDED = ("id", "conditionId", *FIELDS)
Arrays = Mapping[str, list[Any] | None]
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
    found: Sighting = listed(item, {}).row
    return found


def listed(item: Any, _: Mapping[str, Any]) -> Partly:
    """The market of an item."""
    return market(Fields(item, {}))


def listed_in_part(item: Any, _: Mapping[str, Any]) -> Partly:
    """The same of an item that may hold half a character."""
    return market(legible(item, NEEDED, RULES))


def market(of: Fields) -> Partly:
    """The market, as far as it can be read: no more is needed than its ids, tokens of so many digits, and arrays that fit one another."""
    item = of.item
    if not isinstance(item, Mapping):
        raise Refused(faults.BAD_JSON, f"a market is an object, not {type(item).__name__}")
    condition = padded(str(item.get("conditionId") or "").lower())
    if not item.get("id") or not CONDITION.fullmatch(condition):
        raise Refused(faults.NO_ID, f"id {item.get('id')!r}, conditionId {condition!r}")
    arrays = {field: of.read(field, items) for field in FIELDS}
    _refuse_lengths(arrays)
    outcomes, tokens, prices = arrays.values()
    row = Sighting(
        condition_id=condition,
        market_id=str(item["id"]),
        slug=words(item.get("slug")),
        question=words(item.get("question")),
        rules_sha256=hashlib.sha256(str(item.get(RULES) or "").encode(errors="surrogatepass")).hexdigest(),
        has_source=bool(item.get("resolutionSource")),
        protocol=spelt(item.get("version")),
        outcomes=None if outcomes is None else [words(each) or "" for each in outcomes],
        token_ids=None if tokens is None else [token(each) for each in tokens],
        prices=_prices(of, prices),
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
        tick=of.read("orderPriceMinTickSize", price),
        best_bid=of.read("bestBid", price),
        best_ask=of.read("bestAsk", price),
        last_price=of.read("lastTradePrice", price),
        volume=of.read("volumeNum", amount) if "volumeNum" in item else of.read("volume", amount),
        volume_day=of.read("volume24hr", amount),
        liquidity=of.read("liquidityNum", amount) if "liquidityNum" in item else of.read("liquidity", amount),
        **fees(item)._asdict(),
        ts_created=of.read("createdAt", instant),
        ts_start=of.read("startDate", instant),
        ts_end=of.read("endDate", instant),
        ts_game=of.read("gameStartTime", instant),
        ts_resolution_end=of.read("umaEndDate", instant),
        ts_closed=of.read("closedTime", instant),
        not_understood=[],
    )  # fmt: skip
    return Partly(row._replace(not_understood=sorted(_named(of, arrays))), list(of.odd.values()))


def _named(of: Fields, arrays: Arrays) -> Iterator[str]:
    """What was strange about a market: a field that could not be read by the reason why, anything else by what it is."""
    yield from (f"{field}:{refused.reason}" for field, refused in of.odd.items())
    yield from strange(of.item, arrays)
    yield from unlike_any(
        of.item, [field for field in FIELDS if arrays[field] is None and field not in of.odd]
    )


def _refuse_lengths(arrays: Arrays) -> None:
    sizes = {name: len(found) for name, found in arrays.items() if found is not None}
    if len(set(sizes.values())) > 1:
        raise Refused(faults.LEN_MISMATCH, ", ".join(f"{name} {size}" for name, size in sizes.items()))


def _prices(of: Fields, found: list[Any] | None) -> list[int] | None:
    """The prices of all outcomes, or none. One that cannot be a price refuses the market; what is no number tells nothing."""
    known = of.read(PRICES, lambda _: [price(each) for each in found or []])
    if (said := of.odd.get(PRICES)) and said.reason == faults.PRICE_RANGE:
        raise said
    return None if not known or None in known else known
