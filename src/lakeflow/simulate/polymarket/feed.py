"""The venue's websocket as recorders hear it: books, changes in both shapes, trades, arrays, keepalives, blanks, and silence."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from lakeflow.simulate.polymarket.listing import tick
from lakeflow.simulate.polymarket.truth import CANCELLED, FINER, FINER_FROM, NO, SPLIT, YES, Market, Venue

SILENT_HOURS = (14, 15)  # in which recorder a hears keepalives alone
WINNERS = {YES: 0, NO: 1}
TWICE = 4  # of ten markets: moves twice in one frame
OLD_SHAPE = ("price", "side", "size")  # what a change tells in the old shape
Touch = tuple[int, int]  # best bid and ask in cents


class Frame(NamedTuple):
    """A frame as one recorder got it."""

    at: datetime
    conn: str
    text: str


class Line(NamedTuple):
    """A connection of a recorder: the hours at which it begins anew with whole books, and which of ten markets it carries."""

    name: str
    begins: tuple[int, ...]
    carries: tuple[int, ...]


LINES = {
    "a": (
        Line("e", (0, 12), (0, 2, 4, 6, 8)),
        Line("o", (0, 12), (1, 3, 5, 9)),
        Line("n", (12,), (7,)),  # lasts over midnight: a day begins in the middle of it
    ),
    "b": (Line("", (13,), tuple(range(10))),),
}  # fmt: skip


def frames(venue: Venue, recorder: str, begins: datetime) -> Iterator[Frame]:
    """A day of frames: a book at the start of each connection, then changes every ten minutes; b is there in hours 13 and 14."""
    hours = range(24) if recorder == "a" else range(13, 15)
    for hour in hours:
        for minute in range(0, 60, 10):
            at = begins + timedelta(hours=hour, minutes=minute, seconds=3)
            for line in LINES[recorder]:
                conn = f"{recorder}{line.name}{since(line, at)}"
                yield Frame(at, conn, "PONG")
                if recorder == "a" and hour in SILENT_HOURS:
                    continue
                yield from spoken(venue, line, at, conn)
        if hour == 5:
            yield Frame(begins + timedelta(hours=hour, minutes=55), conn, "")


def since(line: Line, at: datetime) -> str:
    """When the connection that is there began: today, or the day before."""
    today = [hour for hour in line.begins if hour <= at.hour]
    day = at if today else at - timedelta(days=1)
    return f"{day:%d}-{max(today or line.begins)}"


def spoken(venue: Venue, line: Line, at: datetime, conn: str) -> Iterator[Frame]:
    """What is said of every market that is open: whole books, or changes since ten minutes ago; nobody listens to deadlines."""
    whole = at.hour in line.begins and at.minute == 0
    for market in venue.markets:
        if market.rate or market.number % 10 not in line.carries:
            continue
        if venue.closes(market) <= at - timedelta(minutes=10):
            continue
        if venue.closes(market) <= at:
            yield from ended(market, at, conn)
        elif whole:
            yield Frame(at, conn, json.dumps([book(venue, market, side, at) for side in (0, 1)]))
        else:
            yield from moved(venue, market, at, conn)
            yield from finer(venue, market, at, conn)


def finer(venue: Venue, market: Market, at: datetime, conn: str) -> Iterator[Frame]:
    """On the first morning some markets trade in tenths of a cent from then on; their levels stay."""
    if market.number % 10 != FINER or at.replace(second=0) != venue.first + FINER_FROM:
        return
    said = {
        "event_type": "tick_size_change", "market": market.condition, "old_tick_size": "0.01", "new_tick_size": "0.001",
        "timestamp": millis(at),
    }  # fmt: skip
    yield Frame(at, conn, json.dumps([said | {"asset_id": token} for token in market.tokens]))


def levels(venue: Venue, market: Market, at: datetime) -> Touch:
    """Best bid and ask of outcome 0 in cents, around the true probability of the hour and a wobble that means nothing."""
    cents = round(100 * tick(venue.chance(market, at.replace(minute=0, second=0, microsecond=0))))
    cents += (market.number + at.minute // 10) % 3 - 1
    return min(max(cents - 1, 1), 97), max(min(cents + 1, 99), 3)


def book(venue: Venue, market: Market, side: int, at: datetime) -> dict[str, Any]:
    """The whole book of a token; that of outcome 1 is the mirror of the other."""
    bid, ask = levels(venue, market, at)
    bid, ask = (bid, ask) if side == 0 else (100 - ask, 100 - bid)
    return {
        "event_type": "book", "market": market.condition, "asset_id": market.tokens[side], "timestamp": millis(at), "hash": "0xfeed",
        "bids": [{"price": f"{bid / 100:.2f}", "size": "3000"}], "asks": [{"price": f"{ask / 100:.2f}", "size": "3000"}],
    }  # fmt: skip


def moved(venue: Venue, market: Market, at: datetime, conn: str) -> Iterator[Frame]:
    """The move since ten minutes ago: old levels gone, new ones there; old captures tell it in the old shape."""
    before, now = levels(venue, market, at - timedelta(minutes=10)), levels(venue, market, at)
    if before == now:
        return
    about = {"event_type": "price_change", "market": market.condition, "timestamp": millis(at)}
    if market.number % 10 == 9:
        for place, token in enumerate(market.tokens):
            own = [{k: c[k] for k in OLD_SHAPE} for c in changes(market, place, before, now)]
            yield Frame(at, conn, json.dumps(about | {"asset_id": token, "changes": own}))
        return
    between = min(before[0], now[0]), max(before[1], now[1])
    steps = [(before, between), (between, now)] if market.number % 10 == TWICE else [(before, now)]
    told = [
        about | {"price_changes": [each for place in (0, 1) for each in changes(market, place, *step)]}
        for step in steps
    ]
    yield Frame(at, conn, json.dumps(told if len(told) > 1 else told[0]))
    if at.minute == 0:
        yield Frame(at, conn, json.dumps(traded(market, now[0], at)))


def changes(market: Market, place: int, before: Touch, now: Touch) -> list[dict[str, str]]:
    """What the move did to the book of one token; that of outcome 1 is the mirror of the other."""
    sided = (("BUY", before[0], 0), ("SELL", before[1], 0), ("BUY", now[0], 3000), ("SELL", now[1], 3000))
    bid, ask = now if place == 0 else (100 - now[1], 100 - now[0])
    return [
        {
            "asset_id": market.tokens[place], "price": f"{(cents if place == 0 else 100 - cents) / 100:.2f}", "size": str(size),
            "side": side if place == 0 else mirrored(side), "hash": "x", "best_bid": f"{bid / 100:.2f}", "best_ask": f"{ask / 100:.2f}",
        }
        for side, cents, size in sided
    ]  # fmt: skip


def mirrored(side: str) -> str:
    return "SELL" if side == "BUY" else "BUY"


def traded(market: Market, cents: int, at: datetime) -> dict[str, str]:
    return {
        "event_type": "last_trade_price", "market": market.condition, "asset_id": market.tokens[0], "price": f"{cents / 100:.2f}",
        "side": "SELL", "size": "12.5", "fee_rate_bps": "0", "timestamp": millis(at),
    }  # fmt: skip


def ended(market: Market, at: datetime, conn: str) -> Iterator[Frame]:
    """The winner, where there is one."""
    if market.outcome in (SPLIT, CANCELLED):
        return
    token = market.tokens[WINNERS[market.outcome]]
    said = {
        "event_type": "market_resolved",
        "market": market.condition,
        "winning_asset_id": token,
        "timestamp": millis(at),
    }
    yield Frame(at, conn, json.dumps(said))


def millis(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))
