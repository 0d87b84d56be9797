"""What is listed on a date: two quarterly contracts of a parent and the calendar spread between them."""

import math
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zlib import crc32

from lakeflow.market.symbols import MONTHS, third_friday
from lakeflow.simulate.trade_dates import following, trade_date
from lakeflow.vendors.databento.codes import PRICE_SCALE

QUARTER_MONTHS = (3, 6, 9, 12)
ROLL = (11, 6)  # days before an expiry at which the roll begins, and at which it is over
CARRY = 0.009 / 91  # what a contract trades above for every day that it expires later


class Parent(NamedTuple):
    """A root: index points a price starts from, ticks in points, currency a point is worth."""

    root: str
    level: float
    tick: float
    spread_tick: float
    multiplier: int


PARENTS = {
    parent.root: parent
    for parent in (
        Parent("ES", 6_900.0, 0.25, 0.05, 50),
        Parent("NQ", 25_400.0, 0.25, 0.05, 20),
        Parent("RTY", 2_540.0, 0.1, 0.05, 50),
        Parent("YM", 48_200.0, 1.0, 1.0, 5),
    )
}


class Instrument(NamedTuple):
    """One listed instrument. Prices are exact integers of 1e-9; `share` is its part of the parent's events."""

    symbol: str
    instrument_id: int
    parent: Parent
    instrument_class: str
    tick: int
    opening: int
    share: float
    month: date
    expiration: int
    legs: tuple[str, ...] = ()


def listed(root: str, day: date) -> tuple[Instrument, ...]:
    """The front contract, the next, and the spread between them, as they open on a trade date; on a weekend the next one."""
    if root not in PARENTS:
        raise ValueError(f"no simulated parent {root}; there are {', '.join(sorted(PARENTS))}")
    parent, on = PARENTS[root], trade_date(day)
    near, far = (
        _outright(parent, expiry, _level(parent, on, expiry), share)
        for expiry, share in zip(_quarters(on), (0.80, 0.15), strict=True)
    )
    return near, far, _spread(parent, near, far)


def tonight(instruments: tuple[Instrument, ...], day: date) -> tuple[Instrument, ...]:
    """The same after the close of a date, where they open for the next trade date; what has expired by then is gone."""
    openings = {each.symbol: each.opening for each in listed(instruments[0].parent.root, following(day))}
    return tuple(
        each._replace(opening=openings[each.symbol]) for each in instruments if each.symbol in openings
    )


def rolling(instruments: tuple[Instrument, ...], day: date) -> tuple[Instrument, ...]:
    """The same with their shares as a roll moves them: over the days before the expiry the front's goes to the next."""
    near, far, spread = instruments
    moved = min(1.0, max(0.0, (ROLL[0] - (near.month - day).days) / (ROLL[0] - ROLL[1])))
    crossing = near.share - far.share
    shares = near.share - moved * crossing, far.share + moved * crossing
    return near._replace(share=shares[0]), far._replace(share=shares[1]), spread


def _level(parent: Parent, on: date, expiry: date) -> float:
    """Where a contract opens for a trade date: it follows from these alone, whatever else is listed."""
    index = parent.level * (1 + 0.004 * math.sin(on.toordinal() * 0.7))
    return index * (1 + CARRY * (expiry - on).days)


def _quarters(day: date) -> tuple[date, date]:
    """The next two quarterly expiries after a date."""
    months = [(day.year + n // 4, QUARTER_MONTHS[n % 4]) for n in range(8)]
    expiries = [third_friday(year, month) for year, month in months]
    later = [expiry for expiry in expiries if expiry > day]
    return later[0], later[1]


def _outright(parent: Parent, expiry: date, level: float, share: float) -> Instrument:
    symbol = f"{parent.root}{MONTHS[expiry.month - 1]}{expiry.year % 10}"
    return Instrument(
        symbol=symbol,
        instrument_id=_identity(symbol, expiry),
        parent=parent,
        instrument_class="F",
        tick=fixed(parent.tick),
        opening=_on_tick(level, parent.tick),
        share=share,
        month=expiry,
        expiration=nanoseconds(expiry, time(13, 30)),
    )


def _spread(parent: Parent, near: Instrument, far: Instrument) -> Instrument:
    symbol = f"{near.symbol}-{far.symbol}"
    return Instrument(
        symbol=symbol,
        instrument_id=_identity(symbol, near.month),
        parent=parent,
        instrument_class="S",
        tick=fixed(parent.spread_tick),
        opening=_on_tick((near.opening - far.opening) / PRICE_SCALE, parent.spread_tick),
        share=0.05,
        month=near.month,
        expiration=near.expiration,
        legs=(near.symbol, far.symbol),
    )


def _identity(symbol: str, expiry: date) -> int:
    """An instrument id as small as CME's, the same on every day that the contract is listed."""
    return 1 + crc32(f"{symbol} {expiry}".encode()) % 50_000_000


def fixed(points: float) -> int:
    """Points as the exact integer of 1e-9 that the vendor stores."""
    return round(points * PRICE_SCALE)


def _on_tick(points: float, tick: float) -> int:
    return round(points / tick) * fixed(tick)


def nanoseconds(day: date, at: time = time()) -> int:
    """A UTC moment as nanoseconds since 1970."""
    moment = datetime.combine(day, at, UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (moment // timedelta(microseconds=1)) * 1_000
