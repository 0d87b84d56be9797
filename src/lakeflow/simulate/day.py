"""One simulated day of a parent as the four files a vendor would deliver: orders, definitions, statistics, status."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lakeflow.simulate.contracts import Instrument, listed, nanoseconds
from lakeflow.simulate.orders import Orders
from lakeflow.simulate.reference import definitions, statistics, statuses
from lakeflow.vendors.databento.encode import dbn_file
from lakeflow.vendors.databento.header import Header, Interval
from lakeflow.vendors.databento.schemas import LAYOUTS

DATASET = "GLBX.MDP3"


def write_day(folder: Path, parent: str, day: date, events: int, seed: int, version: int = 3) -> list[Path]:
    """Write the files of a UTC date into a folder, the same bytes for the same arguments; nothing trades on a closed day.

    `events` is how many things happen over all contracts; a trade is several records, and snapshots come on top.
    """
    folder.mkdir(parents=True, exist_ok=True)
    instruments = listed(parent, day)
    layouts = {schema: layouts[version] for schema, layouts in LAYOUTS.items()}
    content: dict[str, Iterable[npt.NDArray[np.void]]] = {
        "mbo": Orders(instruments, day, seed).records(events),
        "definition": [definitions(instruments, day, layouts["definition"])],
        "statistics": [statistics(instruments, day, seed, layouts["statistics"])],
        "status": [statuses(instruments, day, layouts["status"])],
    }
    return [
        _write(folder, header(parent, instruments, day, schema, version), chunks)
        for schema, chunks in content.items()
    ]


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


def _write(folder: Path, about: Header, chunks: Iterable[npt.NDArray[np.void]]) -> Path:
    day = about.mappings[next(iter(about.mappings))][0].start
    path = folder / f"{DATASET.lower().replace('.', '-')}-{day:%Y%m%d}.{about.schema}.dbn.zst"
    with dbn_file(path, about) as file:
        for rows in chunks:
            file.write(rows.tobytes())
    return path
