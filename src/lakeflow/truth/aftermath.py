"""What came after the events of a session, and after all of its seconds: what events are held against."""

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Ints
from lakeflow.truth.cells import UNKNOWN
from lakeflow.truth.forward import HORIZONS, Path, outcomes
from lakeflow.truth.market import floats
from lakeflow.truth.returns import change
from lakeflow.truth.thresholds import FUTURES

UNSEEN = -1
NAMED = ["event_id", "underlying", "kind", "t_detect", "way", "dte_bucket", "tod_bucket", "vol_regime"]
CELL = ["underlying", "dte_bucket", "tod_bucket", "regime"]
MOMENTUM_S = 10
# A pull makes room on its side, a replenish takes it: the price is taken to go there, or away.
OF_SIDE = {("pull", "b"): -1, ("pull", "a"): 1, ("replenish", "b"): 1, ("replenish", "a"): -1}
DIRECTED = ("burst", "fear")
BASED = (
    "way_ret",
    "fwd_mfe",
    "fwd_mae",
    "fwd_rv_ratio",
    "cont",
)  # what all seconds of a cell are followed by


def path_of(grid: pl.DataFrame) -> Path:
    age = grid["mid_age_s"].fill_null(UNSEEN).to_numpy()
    return Path(floats(grid, "mid"), age, grid["halted"].to_numpy(), floats(grid, "rv_300s"))


def way() -> pl.Expr:
    """Which way an event leads one to think the price goes; 0 where it says nothing of that."""
    of_side = pl.concat_str("kind", "side").replace_strict(
        {kind + side: sign for (kind, side), sign in OF_SIDE.items()}, default=0, return_dtype=pl.Int8
    )
    return pl.when(pl.col("kind").is_in(DIRECTED)).then(pl.col("dir")).otherwise(of_side).fill_null(0)


def followed(events: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """From t_detect on, for every event; the rows in the order of the time at which they were known."""
    text = events.with_columns(pl.col("kind", "side").cast(pl.String))
    known = text.with_columns(way=way()).sort("t_detect", "event_id")
    at = known["t_detect"].to_numpy()
    after = outcomes(path_of(grid), at, known["way"].to_numpy().astype(np.int64))
    own = known.select(
        *NAMED,
        in_exposure=pl.Series(grid["book_valid"].to_numpy()[at], dtype=pl.Boolean),
        dur_s="dur_s",
        extent_ticks=(pl.col("extent") / grid["tick"][0]),
    )
    return own.hstack(after)


def exposure(grid: pl.DataFrame, regimes: pl.DataFrame, underlying: str) -> pl.DataFrame:
    """Seconds with a valid book by cell; the way of a second is that of the ten before it."""
    at: Ints = np.flatnonzero(grid["book_valid"].to_numpy())
    ways = np.nan_to_num(np.sign(change(floats(grid, "mid"), MOMENTUM_S))).astype(np.int64)[at]
    after = outcomes(path_of(grid), at, ways)
    cells = regimes[at].select(
        underlying=pl.lit(underlying),
        dte_bucket=pl.lit(FUTURES),
        tod_bucket="tod_bucket",
        regime=pl.col("vol_regime").cast(pl.String).fill_null(UNKNOWN),
    )
    sided = after.with_columns(signed(pl.lit(pl.Series("way", ways))))
    totals = (
        column
        for h in HORIZONS
        for name in (f"{what}_{h}" for what in BASED)
        for column in (
            pl.col(name).cast(pl.Float64).sum().alias(f"base_sum_{name}"),
            pl.col(name).count().cast(pl.Int64).alias(f"base_n_{name}"),
        )
    )
    return (
        cells.hstack(sided).group_by(CELL).agg(pl.len().cast(pl.Int64).alias("seconds"), *totals).sort(CELL)
    )


def signed(way: pl.Expr) -> list[pl.Expr]:
    """Returns with the way of an event, null where it has none."""
    return [
        pl.when(way != 0).then(pl.col(f"fwd_ret_{h}") * way.cast(pl.Float64)).alias(f"way_ret_{h}")
        for h in HORIZONS
    ]


def tied(way: pl.Expr) -> list[pl.Expr]:
    """Which events came out even: known, led one way, and are neither a hit nor a miss."""
    return [
        ((way != 0) & (pl.col(f"fwd_ret_{h}") == 0)).fill_null(value=False).alias(f"tie_cont_{h}")
        for h in HORIZONS
    ]
