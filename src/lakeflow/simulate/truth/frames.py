"""Rows of an account as the silver tables that they are, flags left out."""

import numpy as np
import polars as pl

from lakeflow.simulate.plain import NO_PRICE, Longs
from lakeflow.simulate.truth.desk import CLASSES

TIME = pl.Datetime("ns", "UTC")
EVENT = ("row", "ts_recv", "ts_event")
QUOTES = tuple(f"{side}_{what}" for side in ("bid", "ask") for what in ("price", "size", "count"))
TENS = tuple(f"{quote}_{n}" for quote in QUOTES for n in range(1, 11))
SUMS = ("bid_lots_20", "ask_lots_20", "bid_lots_10t", "ask_lots_10t")
CAUSES = tuple(f"from_{cause}" for cause in ("trade", "cancel", "add", "modify", "reset"))
COLUMNS = {
    "bbo": (*EVENT, *QUOTES, "ts_second", "suspect"),
    "depth": ("ts_second", "row", "ts_recv", *TENS, *SUMS, "suspect"),
    "trades": (
        *EVENT, "price", "size", "side", "sign", "sign_method", "filled", "fills", "order_id", "sequence",
        "publisher_id", "ts_second", "suspect",
    ),
    "flow": (
        "ts_second", "side", "band", "depth_start", "depth_end", "add", "cancel", "fill", "shift", "modified", "adds",
        "cancels", "fills", "modifies",
    ),
    "ofi": (
        "ts_second", "events", "max_wait_ns", "ts_snapshot", *(f"{what}_{n}" for what in ("ofi", "size_sum") for n in range(1, 11)),
    ),
    "anomalies": ("ts_minute", "class", "count", "first_row"),
    "mbp": (*EVENT, *TENS, "suspect"),
    "moves": (*EVENT, "half_ticks", *CAUSES, "ts_second"),
}  # fmt: skip
CHOICES = {
    ("trades", "side"): ["A", "B", "N"],
    ("trades", "sign_method"): ["side", "quote", "tick", "none"],
    ("anomalies", "class"): CLASSES,
    ("flow", "side"): ["B", "A"],
    ("flow", "band"): ["touch", "near", "deep"],
}
KINDS: dict[str, pl.DataType | type[pl.DataType]] = {
    "suspect": pl.Boolean,
    "sign": pl.Int8,
    "sequence": pl.UInt32,
    "publisher_id": pl.UInt16,
}


def frame(table: str, rows: Longs) -> pl.DataFrame:
    """A table of rows that a kernel wrote."""
    return pl.DataFrame([_column(table, name, rows[:, n].copy()) for n, name in enumerate(COLUMNS[table])])


def _column(table: str, name: str, numbers: Longs) -> pl.Series:
    if (table, name) in CHOICES:
        return pl.Series(name, numbers.astype(np.uint8)).cat.to(pl.Enum(CHOICES[table, name]))
    if name == "order_id":
        return pl.Series(name, numbers.view(np.uint64))
    if "price" in name:
        whole = pl.Series(name, numbers)
        return whole.set(whole == NO_PRICE, None)
    if name.startswith("ts_"):
        whole = pl.Series(name, numbers)
        return whole.set(whole == -1, None).cast(TIME)
    return pl.Series(name, numbers).cast(KINDS.get(name, pl.Int64))
