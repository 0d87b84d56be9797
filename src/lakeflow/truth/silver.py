"""The silver tables of a session as the grid takes them: the rows that lie in it, the columns that count."""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from lakeflow.market.circumstances import circumstances
from lakeflow.market.instrument import tick_of, usual_tick
from lakeflow.truth.grid import Silver
from lakeflow.truth.session import DAY_NS, TIME, Session
from lakeflow.truth.spans import Delivered, Stretch, spans

LEVELS = range(1, 11)
COLUMNS: dict[str, tuple[str, ...]] = {
    "bbo": (
        "ts_second", "ts_recv", "bid_price", "bid_size", "bid_count", "ask_price", "ask_size", "ask_count", "suspect", "flags",
    ),
    "depth": (
        "ts_second", *(f"{side}_size_{n}" for side in ("bid", "ask") for n in LEVELS),
        *(f"{side}_lots_{reach}" for side in ("bid", "ask") for reach in ("20", "10t")),
    ),
    "trades": ("ts_second", "ts_recv", "price", "size", "sign", "sign_method"),
    "flow": (
        "ts_second", "side", "band", "depth_end", "add", "cancel", "fill", "shift", "modified",
        "adds", "cancels", "fills", "modifies",
    ),
    "ofi": (
        "ts_second", "events", "max_wait_ns", "ts_snapshot", "ts_px_jump", "ts_px_move",
        *(f"{what}_{n}" for what in ("ofi", "size_sum") for n in LEVELS),
    ),
    "moves": ("ts_second", "ts_recv", "from_trade", "from_cancel", "from_add", "from_modify", "from_reset"),
    "anomalies": ("ts_minute", "count"),
}  # fmt: skip


class About(NamedTuple):
    """What bronze says beside the orders, of the same UTC days."""

    definition: pl.DataFrame
    status: pl.DataFrame
    coverage: pl.DataFrame


LEAD = 120  # seconds before the open that are kept: the minute before it counts, and so does a wait that ends in it
LEADS = dict.fromkeys(("bbo", "depth", "flow"), 3_600)  # what stands at the open may have done so for a while


def instrument_of(definition: pl.DataFrame, symbol: str) -> int:
    """The venue's number for a symbol, by the last definition there is: numbers hold for a day."""
    own = definition.filter(pl.col("raw_symbol") == symbol).sort("ts_recv", "row")
    if own.is_empty():
        raise ValueError(
            f"expected a definition of {symbol}, found none: add the day's definition file to the delivery"
        )
    return int(own["instrument_id"][-1])


def numbers_of(definition: pl.DataFrame, symbol: str) -> list[int]:
    """Every number that a symbol has had on the days of the definitions."""
    return definition.filter(pl.col("raw_symbol") == symbol)["instrument_id"].unique().sort().to_list()


def tick_size(definition: pl.DataFrame, symbol: str, ticks: Mapping[str, float]) -> int:
    """The price increment in billionths; `ticks` are the usual ones, for a vendor that tells none."""
    mine = definition.filter(pl.col("raw_symbol") == symbol)
    return tick_of(mine, numbers_of(definition, symbol), usual_tick(symbol, ticks))


def gathered(
    tables: dict[str, pl.LazyFrame],
    about: About,
    session: Session,
    symbol: str,
) -> Silver:
    """`tables` by their names, of the UTC days that the session lies on, older rows first."""
    held = {name: clipped(tables[name], name, session) for name in COLUMNS}
    around = circumstances(about.definition, about.status, numbers_of(about.definition, symbol))
    delivered = Delivered(days_of(tables["ofi"]), stretches_of(about.coverage, symbol))
    return Silver(**held, spans=spans(around, delivered, session))


def stretches_of(coverage: pl.DataFrame, symbol: str) -> list[Stretch]:
    """From when to when each file holds its day of the symbol."""
    mine = coverage.filter(pl.col("raw_symbol") == symbol)
    times = mine.select(pl.col("ts_start", "ts_end").cast(TIME).to_physical(), "vendor_dataset")
    return [Stretch(*row) for row in times.iter_rows()]


def days_of(ofi: pl.LazyFrame) -> set[int]:
    """The UTC days, since 1970, that have an event."""
    days = ofi.select(pl.col("ts_second").dt.epoch("ns") // DAY_NS).unique().collect()
    return set(days.to_series().to_list())


def clipped(table: pl.LazyFrame, name: str, session: Session) -> pl.DataFrame:
    """Rows from a little before the open up to the close; those of before `ts_second` count when they were received."""
    first, *others = COLUMNS[name]
    lead = pl.lit(session.open_ns - LEADS.get(name, LEAD) * 10**9).cast(TIME)
    close = pl.lit(session.close_ns).cast(TIME)
    inside = pl.col(first).is_between(lead, close, closed="left")
    rows = table.select(COLUMNS[name])
    if "ts_recv" not in others:
        return rows.filter(inside).collect()
    # Each column by itself, so that pieces of a file that lie outside are not read: of a coalesced one nobody knows the bounds.
    untold = pl.col(first).is_null() & pl.col("ts_recv").is_between(lead, close, closed="left")
    return rows.filter(inside | untold).with_columns(pl.coalesce(first, "ts_recv")).collect()
