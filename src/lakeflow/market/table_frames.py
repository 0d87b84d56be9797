"""The tables of a replay as frames, typed as their contracts say."""

import numpy as np
import numpy.typing as npt
import polars as pl

from lakeflow.market.anomalies import CLASSES
from lakeflow.market.circumstances import Circumstances, flags_at
from lakeflow.market.packing import NO_TIME
from lakeflow.market.records import UNDEF_PRICE
from lakeflow.market.sheets import COLUMNS, EVENT, KNOWN, QUOTES

# A row of a venue as a kernel writes it: the last word holds publisher, flags and whether it is suspect.
VENUE = ("ts_recv", "ts_event", "row", "venue", *QUOTES)
TIME = pl.Datetime("ns", "UTC")
KINDS: dict[str, pl.DataType | type[pl.DataType]] = {
    "ts_recv": TIME, "ts_event": TIME, "ts_second": TIME, "ts_minute": TIME, "suspect": pl.Boolean, "flags": pl.UInt32,
    "sign": pl.Int8, "sequence": pl.UInt32, "publisher_id": pl.UInt16,
}  # fmt: skip
ENUMS = {
    ("trades", "side"): ["A", "B", "N"],
    ("trades", "sign_method"): ["side", "quote", "tick", "none"],
    ("flow", "side"): ["B", "A"],
    ("flow", "band"): ["touch", "near", "deep"],
    ("anomalies", "class"): list(CLASSES),
}

BEST = ("price", "bid_price", "ask_price", "bid_price_1", "ask_price_1")


def frame_of(table: str, values: npt.NDArray[np.int64], around: Circumstances) -> pl.DataFrame:
    """Rows of a table, a line of `values` for each column."""
    if table == "venue_bbo":
        return venue_frame(values)
    names = COLUMNS[table]
    if "flags" in names:
        best = [values[names.index(name)] for name in BEST if name in names]
        values[-1] |= flags_at(around, values[names.index("ts_recv")], best)
    columns = zip(names, values, strict=True)
    return pl.DataFrame([column(table, name, numbers) for name, numbers in columns])


def venue_frame(values: npt.NDArray[np.int64]) -> pl.DataFrame:
    told = dict(zip(VENUE, values, strict=True))
    told["publisher_id"] = told["venue"] & 0xFFFF
    told["suspect"] = told["venue"] >> 56 & 1
    names = (EVENT[0], "publisher_id", *EVENT[1:], *QUOTES, "suspect")
    return pl.DataFrame([column("venue_bbo", name, told[name]) for name in names])


def column(table: str, name: str, numbers: npt.NDArray[np.int64]) -> pl.Series:
    """A column in its own type; what stands for nothing is null."""
    if (table, name) in ENUMS:
        return pl.Series(name, numbers.astype(np.uint8)).cat.to(pl.Enum(ENUMS[table, name]))
    if name == "order_id":
        return pl.Series(name, numbers.view(np.uint64))
    whole = pl.Series(name, numbers)
    if "price" in name:
        return missing(whole, numbers, int(UNDEF_PRICE))
    if name == "ts_event" or name in KNOWN:
        return missing(whole, numbers, NO_TIME).cast(TIME)
    return whole.cast(KINDS[name]) if name in KINDS else whole


def missing(whole: pl.Series, numbers: npt.NDArray[np.int64], value: int) -> pl.Series:
    """The numbers, null where they are one that stands for nothing; seldom any is."""
    if not (numbers == value).any():
        return whole
    return whole.set(whole == value, None)
