"""Bronze orders replayed into the rows of the silver tables, as they become known."""

from collections.abc import Iterator
from itertools import chain

import polars as pl

from lakeflow.market.circumstances import circumstances
from lakeflow.market.instrument import largest_order, named_alike, tick_of
from lakeflow.market.measures import Measures, Tables
from lakeflow.market.order_frames import packed
from lakeflow.market.table_frames import frame_of

Made = dict[str, pl.DataFrame]


def replayed(
    orders: Iterator[pl.DataFrame],
    definition: pl.DataFrame,
    status: pl.DataFrame,
    *,
    venues: bool,
    leveled: bool,
    tick: int | None = None,
) -> Iterator[Made]:
    """Rows as they become known, in the order of the records, in pieces worth handing over; orders may come cut anywhere.

    `tick` is for where no definition tells one.
    """
    first = next((frame for frame in orders if frame.height), None)
    if first is None:
        return
    instruments = named_alike(definition, first["instrument_id"].unique().to_list())
    around = circumstances(definition, status, instruments)
    measures = Measures(
        tick_of(definition, instruments, tick),
        largest_order(definition, instruments),
        venues=venues,
        leveled=leveled,
    )
    for tables in measured(measures, first, orders):
        yield {name: frame_of(name, values, around) for name, values in tables.items() if values.shape[1]}


def measured(measures: Measures, first: pl.DataFrame, others: Iterator[pl.DataFrame]) -> Iterator[Tables]:
    """Tables that have enough rows as they come to have them, then the rest of all."""
    for words, rows in (part for frame in chain([first], others) for part in packed(frame)):
        measures.expect(len(rows))
        measures.take(words, rows)
        if enough := measures.give_enough():
            yield enough
    yield measures.finish()
