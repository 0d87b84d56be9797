"""Bronze orders replayed into the rows of the silver tables, as they become known."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from lakeflow.market.instrument import Phases, largest_order, phases, tick_of
from lakeflow.market.measures import Measures, Tables
from lakeflow.market.packing import NO_TIME, Orders, pack
from lakeflow.market.records import UNDEF_PRICE
from lakeflow.market.table_frames import frame_of

SLICE = 65_536  # records that are measured at once
ENOUGH = 65_536  # rows of a table that are worth handing over

Made = dict[str, pl.DataFrame]


def replayed(
    orders: Iterator[pl.DataFrame],
    definition: pl.DataFrame,
    status: pl.DataFrame,
    *,
    venues: bool,
    leveled: bool,
) -> Iterator[Made]:
    """Rows as they become known, in the order of the records, in pieces worth handing over; orders may come cut anywhere."""
    yield from gathered(measured(orders, definition, status, venues=venues, leveled=leveled))


def measured(
    orders: Iterator[pl.DataFrame],
    definition: pl.DataFrame,
    status: pl.DataFrame,
    *,
    venues: bool,
    leveled: bool,
) -> Iterator[Made]:
    measures: Measures | None = None
    halts = None
    for frame in orders:
        if not frame.height:
            continue
        if measures is None or halts is None:
            instrument = frame["instrument_id"].unique().to_list()
            tick, largest = tick_of(definition, instrument), largest_order(definition, instrument)
            measures = Measures(tick, largest, venues=venues, leveled=leveled)
            halts = phases(status, instrument)
        for part in frame.iter_slices(SLICE):
            yield framed(fed(measures, part), halts)
    if measures is not None and halts is not None:
        yield framed(measures.finish(), halts)


def fed(measures: Measures, orders: pl.DataFrame) -> Tables:
    """What some orders make known."""
    columns = Orders(
        row=plain(orders, "row", np.int64),
        ts_recv=plain(orders, "ts_recv", np.int64),
        ts_event=plain(orders, "ts_event", np.int64, NO_TIME),
        order_id=plain(orders, "order_id", np.uint64),
        price=plain(orders, "price", np.int64, int(UNDEF_PRICE)),
        size=plain(orders, "size", np.uint32),
        sequence=plain(orders, "sequence", np.uint32),
        publisher_id=plain(orders, "publisher_id", np.uint16),
        flags=plain(orders, "flags", np.uint8),
        action=plain(orders, "action", np.uint8),
        side=plain(orders, "side", np.uint8),
    )
    return measures.apply(pack(columns, letters(orders, "action"), letters(orders, "side")), columns.row)


def plain(orders: pl.DataFrame, name: str, kind: type, missing: int = 0) -> npt.NDArray[Any]:
    """A column as numbers, an undefined one as what stands for it."""
    return np.ascontiguousarray(orders[name].to_physical().fill_null(missing).to_numpy(), kind)


def letters(orders: pl.DataFrame, name: str) -> npt.NDArray[np.uint8]:
    """The letter that each code of a column stands for."""
    kind = orders.schema[name]
    assert isinstance(kind, pl.Enum)
    return np.array([ord(letter) for letter in kind.categories], np.uint8)


def framed(tables: Tables, halts: Phases) -> Made:
    """The rows as frames, with the phase of trading among their flags."""
    return {name: frame_of(name, values, halts) for name, values in tables.items() if values.shape[1]}


def gathered(made: Iterator[Made]) -> Iterator[Made]:
    """Frames put together until a table has enough rows to be worth handing over."""
    held: dict[str, list[pl.DataFrame]] = {}
    for frames in made:
        for name, frame in frames.items():
            held.setdefault(name, []).append(frame)
            if sum(each.height for each in held[name]) >= ENOUGH:
                yield {name: pl.concat(held.pop(name))}
    yield {name: pl.concat(frames) for name, frames in held.items()}
