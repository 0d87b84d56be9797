"""One simulated day of a share as the files a vendor would deliver: from Nasdaq alone, or from several venues at once."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from lakeflow.simulate.clock import MINUTE
from lakeflow.simulate.contracts import fixed, nanoseconds
from lakeflow.simulate.day import write
from lakeflow.simulate.fast_day import ShareDay
from lakeflow.simulate.hazards import chosen
from lakeflow.simulate.pit import Seat, seed_of
from lakeflow.simulate.schedule import MINUTES, with_hazards
from lakeflow.simulate.status import CLOSED, HALTED, TRADING, phases
from lakeflow.simulate.wire import Records, filled
from lakeflow.vendors.databento.codes import UNDEF_PRICE
from lakeflow.vendors.databento.header import Header, Interval
from lakeflow.vendors.databento.layouts import Layout
from lakeflow.vendors.databento.schemas import LAYOUTS

NEW_YORK = ZoneInfo("America/New_York")
OPEN, CLOSE = time(4), time(20)
REGULAR = (time(9, 30), time(16))
NASDAQ = (2,)
SEVERAL = (39, 40, 41, 42)  # the publishers of DBEQ.BASIC: Chicago, National, IEX, MIAX
CENT = 10_000_000
HIGHEST = 199_999 * 10**9  # where Nasdaq's stub offers stand
CLOSING_PRICE = 11
UNTOLD = (
    "min_price_increment",
    "strike_price",
    "leg_price",
    "leg_delta",
    "unit_of_measure_qty",
)  # as in the vendor's files


def write_equity_day(  # noqa: PLR0913  what a day is
    folder: Path,
    symbol: str,
    day: date,
    events: int,
    seed: int,
    version: int = 3,
    *,
    publishers: tuple[int, ...] = NASDAQ,
    hazards: Iterable[str] | str = (),
) -> list[Path]:
    """Write a share's orders, definition, statistics and status of a UTC date into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = chosen(hazards)
    layouts = {schema: each[version] for schema, each in LAYOUTS.items()}
    content: dict[str, Iterable[npt.NDArray[np.void]]] = {
        "mbo": equity_day(symbol, day, seed, publishers, wanted).records(events),
        "definition": [_definitions(symbol, day, publishers, layouts["definition"])],
        "statistics": [_statistics(symbol, day, publishers, layouts["statistics"])],
        "status": [_statuses(symbol, day, publishers, layouts["status"], wanted)],
    }
    return [
        write(folder, equity_header(symbol, day, each, version, publishers), content[each])
        for each in content
    ]


def equity_day(
    symbol: str,
    day: date,
    seed: int,
    publishers: tuple[int, ...] = NASDAQ,
    hazards: frozenset[str] = frozenset(),
) -> ShareDay:
    """A book a publisher; each numbers its orders from the same number on, as venues that know nothing of one another."""
    opening = CENT * (2_000 + seed_of(symbol) % 30_000)
    heavy = [1.0 / (1 + n) for n in range(len(publishers))]
    seats = tuple(
        Seat(
            instrument_of(symbol),
            publisher,
            CENT,
            opening,
            weight / sum(heavy),
            first_id=1_000,
            target=2_000,
            far=HIGHEST,
        )
        for publisher, weight in zip(publishers, heavy, strict=True)
    )
    return ShareDay(seats, day, seed, hours=with_hazards(busy(day), hazards), hazards=hazards)


def busy(day: date) -> list[float]:
    """How busy each minute of a UTC date is at New York's venues. In winter the evening ends after midnight UTC: that hour is left out."""
    start = datetime.combine(day, time(), UTC)
    return [_busy((start + timedelta(minutes=n)).astimezone(NEW_YORK), day) for n in range(MINUTES)]


def _busy(local: datetime, day: date) -> float:
    if local.date() != day or local.weekday() >= 5 or not OPEN <= local.time() < CLOSE:
        return 0.0
    return 8.0 if REGULAR[0] <= local.time() < REGULAR[1] else 0.5


def instrument_of(symbol: str) -> int:
    """The number of a share."""
    return 1 + crc32(symbol.encode()) % 20_000


def equity_header(symbol: str, day: date, schema: str, version: int, publishers: tuple[int, ...]) -> Header:
    """The header of one day of a share, asked for by its raw symbol."""
    tomorrow = day + timedelta(days=1)
    return Header(
        version=version,
        dataset="XNAS.ITCH" if publishers == NASDAQ else "DBEQ.BASIC",
        schema=schema,
        start=nanoseconds(day),
        end=nanoseconds(tomorrow),
        limit=None,
        stype_in="raw_symbol",
        stype_out="instrument_id",
        symbols=(symbol,),
        mappings={symbol: (Interval(day, tomorrow, str(instrument_of(symbol))),)},
    )


def _definitions(symbol: str, day: date, publishers: tuple[int, ...], layout: Layout) -> Records:
    known = {
        "raw_symbol": symbol,
        "instrument_class": "K",
        "security_type": "CS",
        "currency": "USD",
        "display_factor": fixed(1.0),
        "min_lot_size_round_lot": 100,
        "security_update_action": "A",
        "user_defined_instrument": "N",
        "leg_side": "N",
        **dict.fromkeys(UNTOLD, UNDEF_PRICE),
    }
    return filled(layout, (_head(symbol, nanoseconds(day), each) | known for each in publishers))


def _statistics(symbol: str, day: date, publishers: tuple[int, ...], layout: Layout) -> Records:
    """The closing price, after the close."""
    close = nanoseconds(day, time(21, 0, 5))
    price = CENT * (2_000 + seed_of(symbol, day.isoformat()) % 30_000)
    told = {"ts_ref": nanoseconds(day), "price": price, "stat_type": CLOSING_PRICE, "update_action": 1}
    return filled(layout, (_head(symbol, close, each) | told for each in publishers[:1] if any(busy(day))))


def _statuses(
    symbol: str, day: date, publishers: tuple[int, ...], layout: Layout, hazards: frozenset[str]
) -> Records:
    minutes, start = busy(day), nanoseconds(day)
    opens = [
        (start + n * MINUTE, minutes[n] > 0)
        for n in range(MINUTES)
        if n == 0 or (minutes[n] > 0) != (minutes[n - 1] > 0)
    ]
    rows = (
        _head(symbol, change.moment, each)
        | {
            "action": change.action,
            "reason": 3 if change.action == HALTED else 1,
            "is_trading": "Y" if change.action == TRADING else "N",
            "is_quoting": "N" if change.action == CLOSED else "Y",
            "is_short_sell_restricted": "~",
        }
        for change in phases(day, opens, hazards)
        for each in publishers
    )
    return filled(layout, rows)


def _head(symbol: str, moment: int, publisher: int) -> dict[str, Any]:
    return {
        "publisher_id": publisher,
        "instrument_id": instrument_of(symbol),
        "ts_event": moment,
        "ts_recv": moment,
    }
