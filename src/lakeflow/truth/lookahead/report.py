"""The report of how well the next seconds can be told: sessions clipped to a time of day, walked, and told with what leaks."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth.lookahead.artifact import kept_of_fold, leaks
from lakeflow.truth.lookahead.beside import at_once, one_thread_each
from lakeflow.truth.lookahead.days import Day, day, inputs
from lakeflow.truth.lookahead.models import MODELS, Learn
from lakeflow.truth.lookahead.plan import Plan
from lakeflow.truth.lookahead.rows import Row, scored
from lakeflow.truth.lookahead.sample import Sample, pooled
from lakeflow.truth.lookahead.walk import Learnt, Told, walk

WARM_UP, LAST = timedelta(minutes=15), timedelta(minutes=2)  # what features look back on, and labels ahead to
LEAST = 100  # seconds of a session with a label, below which it trains and tests nothing
COLUMNS = {
    "model": pl.String, "horizon_s": pl.Int64, "session": pl.String, "metric": pl.String, "item": pl.String, "n": pl.Int64,
    "value": pl.Float64, "lo": pl.Float64, "hi": pl.Float64, "method": pl.String, "nominal": pl.Float64, "text": pl.String,
}  # fmt: skip
KEY = ("model", "horizon_s", "session", "metric", "item")


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


def report(given: Sequence[Day], plan: Plan, models: Mapping[str, Learn] = MODELS) -> pl.DataFrame:
    """No rows while there are too few sessions to train, calibrate and test on; one that hardly traded is none."""
    days = [each for each in given if is_told(each)]
    with one_thread_each():
        walked = list(walk(days, plan, models))
        rows = [*artifact(walked, days, plan), *results(walked, plan)] if walked else []
    return pl.DataFrame(rows, schema=COLUMNS, orient="row").sort(KEY)


def artifact(walked: Sequence[Learnt], days: Sequence[Day], plan: Plan) -> Iterator[Row]:
    for fold in walked:
        yield from kept_of_fold(fold)
    yield from leaks(days, plan.horizons)


def results(walked: Sequence[Learnt], plan: Plan) -> Iterator[Row]:
    """A session that several folds test has all their seconds together."""
    told = [each for fold in walked for each in fold.told]

    def asked(horizon: int) -> list[Row]:
        here = [each for each in told if each.horizon == horizon]
        names = dict.fromkeys(each.model for each in here)
        by_model = {name: by_session([each for each in here if each.model == name]) for name in names}
        return [row for name in names for row in scored(name, horizon, by_model, plan)]

    for rows in at_once(asked, plan.horizons):
        yield from rows


def by_session(told: Sequence[Told]) -> dict[str, Sample]:
    names = sorted({each.session for each in told})
    return {name: together([each.sample for each in told if each.session == name]) for name in names}


def together(parts: Sequence[Sample]) -> Sample:
    whole = pooled(parts)
    return whole._replace(place=np.zeros_like(whole.place), sessions=1)
