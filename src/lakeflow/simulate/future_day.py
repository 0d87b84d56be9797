"""A fast day of a futures parent: the front contract, the next, and the spread between them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from lakeflow.simulate.contracts import Instrument, listed, tonight
from lakeflow.simulate.day import header, write
from lakeflow.simulate.fast_day import FutureDay, Seated
from lakeflow.simulate.pit import Seat
from lakeflow.simulate.plain import Rows
from lakeflow.simulate.session import first_id
from lakeflow.simulate.trade_dates import following, trade_date

CME = 1  # the publisher
RESTING = 4_000  # orders of the busiest contract
LEAST = 300
RECORDS_AN_EVENT = 1.08  # a little under what there are: a day cut to a number of records is nearly whole
SEED = 7
BENCH_DAY = date(2026, 1, 6)


def future_day(
    instruments: tuple[Instrument, ...],
    day: date,
    seed: int,
    hazards: frozenset[str] = frozenset(),
    after_close: tuple[Instrument, ...] | None = None,
) -> FutureDay:
    """The books of a parent's instruments, until the close of a date and after it."""
    later = tonight(instruments, day) if after_close is None else after_close
    seated = Seated(seats(instruments, trade_date(day)), seats(later, following(day)))
    return FutureDay(seated, day, seed, hazards)


def seats(instruments: tuple[Instrument, ...], on: date) -> tuple[Seat, ...]:
    """The books of a trade date; the busier one is, the more orders rest in it."""
    busiest = max(each.share for each in instruments)
    return tuple(
        Seat(
            each.instrument_id,
            CME,
            each.tick,
            each.opening,
            each.share,
            first_id=first_id(n, on),
            target=max(LEAST, int(RESTING * each.share / busiest)),
        )
        for n, each in enumerate(instruments)
    )


def records(
    count: int, day: date = BENCH_DAY, parent: str = "ES", hazards: frozenset[str] = frozenset()
) -> Iterator[Rows]:
    """So many records of the parent's front contract over a whole day, in chunks: what a bench measures with."""
    front = listed(parent, day)[0]._replace(share=1.0)
    left = count
    for rows in future_day((front,), day, SEED, hazards).records(
        int(max(count - 2 * RESTING, count // 4) / RECORDS_AN_EVENT)
    ):
        yield rows[:left]
        left -= len(rows)
        if left <= 0:
            return


def write_records(
    folder: Path,
    count: int,
    day: date = BENCH_DAY,
    parent: str = "ES",
    hazards: frozenset[str] = frozenset(),
) -> Path:
    """The same as a vendor's file, streamed: memory does not grow with the count."""
    folder.mkdir(parents=True, exist_ok=True)
    front = listed(parent, day)[:1]
    return write(folder, header(parent, front, day, "mbo"), records(count, day, parent, hazards))
