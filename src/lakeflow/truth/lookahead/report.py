"""The report of how well the next seconds can be told: sessions clipped to a time of day, walked, and told with what leaks."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth.lookahead.features import day, features, inputs
from lakeflow.truth.lookahead.folds import folds
from lakeflow.truth.lookahead.leaks import too_good
from lakeflow.truth.lookahead.models import Day
from lakeflow.truth.lookahead.walk import Plan, calibration

WARM_UP, LAST = timedelta(minutes=15), timedelta(minutes=2)  # what features look back on, and labels ahead to
LEAST = 100  # seconds of a session with a label, below which it trains and tests nothing
SCORES = (
    "hit_rate", "no_move", "no_call", "mae", "rmse", "r2", "rank_ic", "brier", "log_loss", "auc_up", "mcc", "ece", "max_ce",
    "reliability", "resolution", "uncertainty",
)  # fmt: skip
AGAINST = tuple(
    f"{what}_{model}{end}"
    for model in ("M0", "M1")
    for what, end in (("gain", ""), ("dm", ""), ("p", ""), ("gain", "_lo"), ("gain", "_hi"))
)
COLUMNS = {
    "model": pl.String, "horizon_s": pl.Int64, "session": pl.String, "n": pl.Int64,
    **dict.fromkeys((*SCORES, *AGAINST), pl.Float64), "leaks": pl.String, "train_sessions": pl.String,
}  # fmt: skip


class Window(NamedTuple):
    """A time of day on the wall clock of a zone, the end not included."""

    zone: str
    start: time
    end: time


def sessions(
    grids: pl.LazyFrame, regimes: pl.LazyFrame, window: Window, horizons: tuple[int, ...]
) -> Iterator[Day]:
    """The sessions of `grids`, by `dt`, oldest first. Only seconds of the window are kept, and those around them looked at."""
    clock = pl.col("ts_second").dt.convert_time_zone(window.zone).dt.time()
    near = clock.is_between(around(window.start, -WARM_UP), around(window.end, LAST))
    coded = regimes.select("dt", "ts_second", "regime_rt").filter(near)
    held = grids.select("dt", *inputs()).filter(near).join(coded, on=["dt", "ts_second"], how="left")
    rows = held.collect().sort("dt", "ts_second")
    for grid in rows.partition_by("dt", maintain_order=True):
        inside = grid.select(clock.is_between(window.start, window.end, closed="left")).to_series().to_numpy()
        if inside.any():
            yield day(grid, grid["dt"][0], horizons, inside)


def is_told(each: Day) -> bool:
    """Whether every horizon has seconds enough of which it is known what came."""
    return bool((~np.isnan(each.labels)).sum(axis=0).min() >= LEAST)


def around(at: time, by: timedelta) -> time:
    return (datetime.combine(date(2000, 1, 2), at) + by).time()


def report(given: Sequence[Day], plan: Plan) -> pl.DataFrame:
    """No rows while there are too few sessions to train, calibrate and test on; one that hardly traded is none."""
    days = [each for each in given if is_told(each)]
    walked = list(folds(len(days), plan.walk))
    if not walked:
        return pl.DataFrame(schema={name.lower(): kind for name, kind in COLUMNS.items()})
    names = [each.meta.output_name() for each in features()]
    whole = np.concatenate([each.features for each in days])
    told = [
        too_good(whole, truth, names)
        for truth in (np.concatenate([each.labels[:, column] for each in days]) for column in (0, -1))
    ]
    first, last = walked[0].train[0], walked[-1].train[-1]
    table = calibration(days, plan).with_columns(
        leaks=pl.lit(" ".join(sorted(set().union(*told)))),
        train_sessions=pl.lit(f"{days[first].name}..{days[last].name}"),
    )
    missing = [pl.lit(None, kind).alias(name) for name, kind in COLUMNS.items() if name not in table.columns]
    shaped = table.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())
    return (
        shaped.rename(str.lower)
        .with_columns(pl.selectors.float().fill_nan(None))
        .sort("model", "horizon_s", "session")
    )
