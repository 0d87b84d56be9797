"""What may be known at the end of a second and say something of the next ones, made of the strict grid: rows up to it alone."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Bools
from lakeflow.truth.bands import SIDES
from lakeflow.truth.lookahead.labels import Quoted, labels
from lakeflow.truth.lookahead.models import Day
from lakeflow.truth.market import floats

MEANS_S = (2, 8, 32, 128)
SUMS_S = (5, 30)
CAUSES = ("trade", "cancel", "add")
LEVELS = (1, 2, 3, 5, 10)
NEAR = ("touch", "near")
UNSEEN = -1


def features() -> list[pl.Expr]:
    """By name, a row a second of the grid with `regime_rt`. What is not known is null."""
    named = [each.alias(name) for name, each in (regime() | of_day()).items()]
    return [*book(), *flows(), *motion(), *named]


def inputs() -> list[str]:
    """The columns of the grid that features, forces and labels are made of; sorted."""
    roots = {name for each in (*features(), force()) for name in each.meta.root_names()}
    own = {"mid", "mid_age_s", "flow_valid", "tick", "ts_second"}
    return sorted((roots | own) - {"regime_rt"})


def book() -> Iterator[pl.Expr]:
    yield from (pl.col(name) for name in ("qi_1", "qi_5", "qi_10", "spread_ticks", "slope_b", "slope_a"))
    yield ((pl.col("microprice") - pl.col("mid")) / pl.col("tick")).alias("gap")
    yield from (
        (pl.col(f"depth_b_{n}") / (pl.col(f"depth_a_{n}") + 1)).log1p().alias(f"ratio_{n}")
        for n in (1, 5, 10)
    )


def flows() -> Iterator[pl.Expr]:
    """Imbalance now and summed, flows of the bid less those of the ask as means that fade, causes and trades summed."""
    for level in LEVELS:
        yield pl.col(f"ofi_{level}").cast(pl.Float64)
    for name in ("ofi_int", "signed_vol", *(f"dmid_{cause}" for cause in CAUSES)):
        yield from (
            pl.col(name).cast(pl.Float64).rolling_sum(span).alias(f"{name}_{span}") for span in SUMS_S
        )
    for what in ("add", "can", "fil"):
        bid, ask = (pl.sum_horizontal(f"{what}_int_{side}_{band}" for band in NEAR) for side in SIDES)
        yield from ((bid - ask).ewm_mean(half_life=span).alias(f"{what}_{span}") for span in MEANS_S)


def motion() -> Iterator[pl.Expr]:
    yield from (pl.col(name) for name in ("ret_1s", "ret_5s", "ret_30s", "accel_10s", "vel_10s", "dvel"))
    yield (pl.col("rv_10s") / (pl.col("rv_120s") + 1e-9)).alias("rv_ratio")


def regime() -> dict[str, pl.Expr]:
    return {f"regime_{code}": pl.col("regime_rt") == code for code in (1, 2, 3, 4, 5)}


def of_day() -> dict[str, pl.Expr]:
    angle = pl.col("ts_second").dt.epoch("s") % 86_400 * (2 * np.pi / 86_400)
    return {"sin": angle.sin(), "cos": angle.cos()}


def force() -> pl.Expr:
    """What pushes the mid, over one plus what stands in its way: the imbalance, and the best size it meets over what is usual."""
    push = pl.col("ofi_int")
    meets = pl.when(push > 0).then("ask_sz").otherwise("bid_sz").fill_null(0)
    usual = (pl.col("bid_sz") + pl.col("ask_sz")).rolling_mean(600, min_samples=60) / 2
    return push / (1 + meets / usual)


def day(grid: pl.DataFrame, name: date, horizons: tuple[int, ...], inside: Bools) -> Day:
    """Only the seconds `inside` are trained on and tested; features and labels may look at those around them."""
    tick = float(grid["tick"][0])
    mid = floats(grid, "mid")
    broken = ~grid["flow_valid"].to_numpy()
    quoted = Quoted(mid, grid["mid_age_s"].fill_null(UNSEEN).to_numpy(), broken)
    ahead = np.column_stack([labels(quoted, horizon, tick) for horizon in horizons])
    told = grid.select(
        change=pl.col("mid").diff() / tick, gap=(pl.col("microprice") - pl.col("mid")) / tick, force=force()
    )
    change, gap, push = (told[each].cast(pl.Float64).fill_null(0).to_numpy() for each in told.columns)
    table = grid.select(features()).cast(pl.Float64).fill_null(np.nan).to_numpy()
    return Day(str(name), table[inside], change[inside], gap[inside], push[inside], ahead[inside])
