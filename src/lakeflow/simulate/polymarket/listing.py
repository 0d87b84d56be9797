"""The venue as its lister answers: markets with arrays as text, two ways to write a time, pages with cursors, two passes."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from lakeflow.simulate.polymarket.truth import (
    CANCELLED,
    DISPUTED,
    FINER,
    FINER_FROM,
    NO,
    SPLIT,
    YES,
    Market,
    Venue,
)

PAGE = 100
NEW: tuple[Any, ...] = (
    {"from": "tomorrow"},
    ["tomorrow"],
    "tomorrow",
    None,
    1.5,
)  # a field nobody asked for, a day each
PRICES = {YES: ["1", "0"], NO: ["0", "1"], SPLIT: ["0.5", "0.5"], CANCELLED: ["0", "1"]}
WORDS = ("Yes", "No")
FEE_TYPES = {"sports": "sports_fees_v2", "economy": "economics_fees", "crypto": "crypto_fees"}
FOREST = ("Nottingham Forest", "Norway")  # begins like a no, and is none


def item(venue: Venue, market: Market, at: datetime) -> dict[str, Any]:
    """A market as listed at an instant."""
    closed = at >= venue.closes(market)
    end = venue.ends[market.walk]
    outcomes = FOREST if market.number % 7 == 3 else WORDS
    price = tick(venue.chance(market, at))
    prices = PRICES[market.outcome] if closed else [f"{price:.2f}", f"{1 - price:.2f}"]
    found = {
        "id": str(1000 + market.number), "conditionId": market.condition, "slug": f"market-{market.number}",
        "question": f"Question {market.number}?", "description": f"Rules of {market.number}, as of {rules(venue, market, at)}.",
        "outcomes": json.dumps(outcomes), "outcomePrices": json.dumps(prices), "clobTokenIds": json.dumps(market.tokens),
        "active": True, "closed": closed, "archived": False, "acceptingOrders": not closed, "version": "v2",
        "createdAt": iso(venue.opens[market.walk]), "startDate": iso(venue.opens[market.walk]), "endDate": iso(end),
        "orderPriceMinTickSize": smallest(venue, market, at), "volumeNum": 1000.5 * (market.number + 1), "volume": "text", "liquidityNum": 500.25,
        "umaResolutionStatus": status(market, closed=closed, final=at >= venue.settles(market)),
        "events": [{"id": str(500 + market.walk), "slug": f"event-{market.walk}"}], "tags": [{"id": "1", "slug": market.category}],
        "negRisk": market.group is not None, "somethingNew": NEW[(at - venue.first).days % len(NEW)],
    }  # fmt: skip
    return (
        found
        | of_a_group(market)
        | of_a_game(market, end)
        | of_the_end(venue, market, closed=closed)
        | of_another_day(venue, market, outcomes, at)
        | of_fees(venue, market, at)
    )


def of_a_group(market: Market) -> dict[str, str]:
    if market.item is None:
        return {}
    own = (
        {"negRiskMarketID": market.group}
        if market.group
        else {"question": f"Will it end above {market.item}?"}
    )
    return {"groupItemTitle": market.item, "groupItemThreshold": str(market.place), **own}


def of_a_game(market: Market, starts: datetime) -> dict[str, str]:
    """A game ends its market when it is played: the lister's own end is a week later."""
    if market.category != "sports" or market.item is not None:
        return {}
    week = iso(starts + timedelta(days=7))
    return {"sportsMarketType": "moneyline", "gameStartTime": postgres(starts), "endDate": week}


def of_the_end(venue: Venue, market: Market, *, closed: bool) -> dict[str, str]:
    return {"closedTime": postgres(venue.closes(market))} if closed else {}


def of_another_day(venue: Venue, market: Market, outcomes: Sequence[str], at: datetime) -> dict[str, Any]:
    """What the lister writes otherwise from the second day on: some arrays as arrays, a tag that nobody knows."""
    if at < venue.first + timedelta(days=1):
        return {}
    bare = (
        {"outcomes": list(outcomes), "clobTokenIds": list(market.tokens)} if market.number % 11 == 5 else {}
    )
    strange = {"tags": [{"id": "77", "slug": "quantum-gardening"}]} if market.number % 13 == 8 else {}
    return bare | strange


def of_fees(venue: Venue, market: Market, at: datetime) -> dict[str, Any]:
    """Fees of some categories, the rate of one of them raised on the second day; of all others it is said that there are none."""
    kind = FEE_TYPES.get(market.category)
    if kind is None:
        return {"feesEnabled": False, "feeType": None}
    rate = 0.05 if market.category != "crypto" or at < venue.first + timedelta(days=1) else 0.07
    schedule = {"exponent": 1, "rate": rate, "takerOnly": True, "rebateRate": 0.25}
    return {"feesEnabled": True, "feeType": kind, "feeSchedule": schedule}


def rules(venue: Venue, market: Market, at: datetime) -> str:
    """Rules that are changed a day before the end, of some markets."""
    changed = market.course == "RULES_CHANGED" and at > venue.ends[market.walk] - timedelta(days=1)
    return "later" if changed else "first"


def status(market: Market, *, closed: bool, final: bool) -> str | None:
    if market.course == DISPUTED and closed and not final:
        return "disputed"
    return "resolved" if closed else None


def pages(items: Sequence[dict[str, Any]], size: int = PAGE) -> Iterator[tuple[str | None, str | None, str]]:
    """Pages of a listing: the cursor sent, the cursor that came back, and the text."""
    cut = [items[start : start + size] for start in range(0, len(items), size)] or [[]]
    for number, page in enumerate(cut):
        sent = f"c{number}" if number else None
        back = f"c{number + 1}" if number + 1 < len(cut) else None
        body = {"markets": page, **({"next_cursor": back} if back else {})}
        yield sent, back, json.dumps(body, ensure_ascii=False)


def tick(chance: float) -> float:
    """A price of whole cents, inside the open interval."""
    return min(max(round(chance, 2), 0.01), 0.99)


def smallest(venue: Venue, market: Market, at: datetime) -> float:
    """The tick of the market itself, which says how finely it may be quoted."""
    return 0.001 if market.number % 10 == FINER and at >= venue.first + FINER_FROM else 0.01


def iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def postgres(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S+00")
