"""One simulated day of a parent as the four files a vendor would deliver: orders, definitions, statistics, status."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lakeflow.simulate.contracts import Instrument, listed, nanoseconds, rolling
from lakeflow.simulate.hazards import chosen
from lakeflow.simulate.orders import Orders
from lakeflow.simulate.reference import definitions, statistics
from lakeflow.simulate.status import statuses
from lakeflow.simulate.trade_dates import following, trade_date
from lakeflow.vendors.databento.encode import dbn_file
from lakeflow.vendors.databento.header import Header, Interval
from lakeflow.vendors.databento.schemas import LAYOUTS

DATASET = "GLBX.MDP3"
LONG = 200_000  # events from which on a day is made by kernels, whose compiling takes longer than a short day


def write_day(  # noqa: PLR0913  what a day is
    folder: Path,
    parent: str,
    day: date,
    events: int,
    seed: int,
    version: int = 3,
    *,
    hazards: Iterable[str] | str = (),
    compressed: bool = True,
) -> list[Path]:
    """Write the files of a UTC date into a folder, the same bytes for the same arguments; nothing trades on a closed day.

    `events` is how many things happen over all contracts on a weekday, of which a Sunday has those of its evening; a trade
    is several records, and snapshots come on top. The books at the end of a date are the snapshot of the next one that is
    made with the same arguments; at the close in Chicago they are made up anew.
    `hazards` are names of lakeflow.simulate.hazards, or `all`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = chosen(hazards)
    today, later = (instruments_on(parent, on, wanted) for on in (trade_date(day), following(day)))
    instruments = (*today, *(each for each in later if each.symbol not in {known.symbol for known in today}))
    layouts = {schema: layouts[version] for schema, layouts in LAYOUTS.items()}
    content: dict[str, Iterable[npt.NDArray[np.void]]] = {
        "mbo": orders((today, later), day, events, seed, wanted),
        "definition": [definitions(instruments, day, layouts["definition"])],
        "statistics": [statistics(instruments, day, seed, layouts["statistics"])],
        "status": [statuses(instruments, day, layouts["status"], wanted)],
    }
    return [
        write(folder, header(parent, instruments, day, schema, version), chunks, compressed=compressed)
        for schema, chunks in content.items()
    ]


def instruments_on(parent: str, on: date, hazards: frozenset[str]) -> tuple[Instrument, ...]:
    """What trades on a trade date."""
    instruments = listed(parent, on)
    return rolling(instruments, on) if "roll" in hazards else instruments


def orders(
    traded: tuple[tuple[Instrument, ...], tuple[Instrument, ...]],
    day: date,
    events: int,
    seed: int,
    hazards: frozenset[str],
) -> Iterator[npt.NDArray[np.void]]:
    """The order records of what trades before and after the close: a long or hard day's are made by kernels, which takes a few seconds to begin."""
    today, later = traded
    if events < LONG and not hazards - {"roll"}:
        return Orders(today, day, seed, later).records(events)
    from lakeflow.simulate.future_day import future_day  # it compiles

    return future_day(today, day, seed, hazards, later).records(events)


def header(
    parent: str, instruments: tuple[Instrument, ...], day: date, schema: str, version: int = 3
) -> Header:
    """The header of one day of a parent: what was asked, and every symbol's id on that day."""
    tomorrow = day + timedelta(days=1)
    return Header(
        version=version,
        dataset=DATASET,
        schema=schema,
        start=nanoseconds(day),
        end=nanoseconds(tomorrow),
        limit=None,
        stype_in="parent",
        stype_out="instrument_id",
        symbols=(f"{parent}.FUT",),
        mappings={each.symbol: (Interval(day, tomorrow, str(each.instrument_id)),) for each in instruments},
    )


def write(
    folder: Path, about: Header, chunks: Iterable[npt.NDArray[np.void]], *, compressed: bool = True
) -> Path:
    """Stream records into a file named as the vendor names it."""
    day = about.mappings[next(iter(about.mappings))][0].start
    name = f"{about.dataset.lower().replace('.', '-')}-{day:%Y%m%d}.{about.schema}"
    path = folder / (name + (".dbn.zst" if compressed else ".dbn"))
    with dbn_file(path, about) as file:
        for rows in chunks:
            file.write(rows.tobytes())
    return path
