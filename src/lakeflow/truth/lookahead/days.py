"""A session as models see it: what was known at the end of each second, and what came after."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Bools, Floats, Ints, Singles
from lakeflow.truth.lookahead import features, fields, integrated
from lakeflow.truth.lookahead.labels import Quoted, labels
from lakeflow.truth.market import floats

UNSEEN = -1
ENOUGH = 2000  # seconds of a session
OWN = ("mid", "mid_age_s", "halted", "auction", "gap", "tick", "ts_second", "microprice", "spread_ticks")


class Day(NamedTuple):
    """A row a second. `labels` has a column for each horizon; all else is of that second or before, NaN if not known."""

    name: str
    seconds: Ints  # since 1970, at the start of each
    features: Singles
    levels: Singles  # imbalance by span and level, over the mean size of a level
    change: Floats  # ticks in the last second
    gap: Floats  # microprice less mid, in ticks
    force: Floats  # what pushes the mid, over one plus what dampens it
    half_spread: Floats  # ticks from the mid to what a signal pays
    labels: Floats


def names() -> list[str]:
    """Of the features; those of the integrated imbalance are filled in fold by fold."""
    return [*(each.meta.output_name() for each in features.features()), *integrated.NAMES]


def inputs() -> list[str]:
    """The columns of the grid that a day is made of; sorted."""
    return sorted({*features.inputs(), *fields.inputs(), *integrated.inputs(), *OWN})


def day(grid: pl.DataFrame, name: date, horizons: tuple[int, ...], inside: Bools) -> Day:
    """Only the seconds `inside` are trained on and tested; features and labels may look at those around them."""
    tick = float(grid["tick"][0])
    broken = (grid["halted"] | grid["auction"] | grid["gap"]).to_numpy()
    quoted = Quoted(floats(grid, "mid"), grid["mid_age_s"].fill_null(UNSEEN).to_numpy(), broken)
    ahead = np.column_stack([labels(quoted, horizon, tick) for horizon in horizons])
    told = grid.select(
        change=pl.col("mid").diff() / tick,
        gap=features.gap(),
        force=fields.force(),
        half_spread=pl.col("spread_ticks") / 2,
    )
    change, gap, force, half = (_clipped(told[each], inside) for each in told.columns)
    seconds = grid["ts_second"].dt.epoch("s").to_numpy()[inside]
    known = np.column_stack([singles(grid, features.features()), np.zeros((len(grid), 3), np.float32)])
    levels = singles(grid, integrated.scaled())
    return Day(
        str(name), seconds, known[inside], levels[inside], change, gap, force, half, ahead[inside]
    )  # fmt: skip


def singles(grid: pl.DataFrame, columns: list[pl.Expr]) -> Singles:
    """Half the memory; models that need more make it for a session at a time."""
    return np.asarray(grid.select(columns).cast(pl.Float32).fill_null(np.nan).to_numpy(), np.float32)


def _clipped(column: pl.Series, inside: Bools) -> Floats:
    known = column.cast(pl.Float64).fill_null(np.nan).to_numpy()
    return np.asarray(np.where(np.isfinite(known), known, np.nan)[inside])


def thinned(day: Day, step: int = 10) -> Day:
    """Every tenth second of a long session, for what does not gain from more; all of a short one."""
    columns: list[Any] = [part[:: step if len(day.seconds) >= ENOUGH else 1] for part in day[1:]]
    return Day(day.name, *columns)


def joined(days: Sequence[Day]) -> Day:
    """One after another, for what sees a second by itself."""
    columns: list[Any] = [np.concatenate(column) for column in list(zip(*days, strict=True))[1:]]
    return Day("+".join(day.name for day in days), *columns)
