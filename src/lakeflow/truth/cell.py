"""A cell of a truth table: its events, and by session the totals of every metric and of its baseline."""

from functools import cached_property
from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Floats
from lakeflow.truth.clusters import Draws, Totals, means, weights


class Measures(NamedTuple):
    """Columns of the events: `shares` are true or false, `means` and `medians` are of numbers, null counts for nothing in any.

    A share or mean has a baseline if the exposure has `base_sum_<metric>` and `base_n_<metric>`: of all seconds of a cell and day.
    A share says how many ties are left out of it if the events have `tie_<metric>`. Under `min_n` events or `min_days` is little.
    """

    shares: tuple[str, ...]
    means: tuple[str, ...]
    medians: tuple[str, ...] = ()
    times: int = 2000
    level: float = 0.95
    min_n: int = 30
    min_days: int = 8


class Cell:
    """What is asked of a cell again and again, found out once. The same cell draws the same days anywhere."""

    def __init__(self, inside: pl.DataFrame, exposed: pl.DataFrame, draws: Draws) -> None:
        self.inside = inside
        self.days = exposed["session_date"].unique().sort()
        self.seconds = int(exposed["seconds"].sum())
        self.exposed_days = exposed.filter(pl.col("seconds") > 0)["session_date"].n_unique()
        self.draws = draws
        self.own: dict[str, Totals] = {}
        self.base: dict[str, Totals] = {}

    @cached_property
    def drawn(self) -> Floats:
        """How often each session is drawn, a row a draw; only made where an interval is asked for."""
        return weights(len(self.days), self.draws)

    @cached_property
    def means(self) -> dict[str, Floats]:
        """Of every metric, its mean in every draw."""
        return means_of(self.own, self.drawn)

    @cached_property
    def base_means(self) -> dict[str, Floats]:
        return means_of(self.base, self.drawn)


def means_of(totals: dict[str, Totals], drawn: Floats) -> dict[str, Floats]:
    """All metrics at once: one product of matrices takes no longer than a few of a matrix and a column."""
    if not totals:
        return {}
    stacked = Totals(
        np.column_stack([each.sums for each in totals.values()]),
        np.column_stack([each.counts for each in totals.values()]),
    )
    return dict(zip(totals, means(stacked, drawn).T, strict=True))


def cell_of(key: str, inside: pl.DataFrame, exposed: pl.DataFrame, measures: Measures) -> Cell:
    cell = Cell(inside, exposed, Draws(key, measures.times, measures.level, measures.min_days))
    metrics = (*measures.shares, *measures.means)
    sums = [(pl.col(name).cast(pl.Float64).sum(), pl.col(name).count()) for name in metrics]
    cell.own = totals(cell.days, inside, dict(zip(metrics, sums, strict=True)))
    based = [name for name in metrics if f"base_sum_{name}" in exposed.columns]
    bases = {name: (pl.col(f"base_sum_{name}").sum(), pl.col(f"base_n_{name}").sum()) for name in based}
    cell.base = totals(cell.days, exposed, bases)
    return cell


def totals(
    days: pl.Series, rows: pl.DataFrame, wanted: dict[str, tuple[pl.Expr, pl.Expr]]
) -> dict[str, Totals]:
    """The sum and the count of each metric on every session, 0 on those without a row."""
    columns = {
        f"{what}_{name}": e for name, two in wanted.items() for what, e in zip(("s", "n"), two, strict=True)
    }
    by_day = rows.group_by("session_date").agg(**columns)
    laid_out = days.to_frame().join(by_day, on="session_date", how="left", maintain_order="left").fill_null(0)
    return {
        name: Totals(
            laid_out[f"s_{name}"].cast(pl.Float64).to_numpy(),
            laid_out[f"n_{name}"].to_numpy().astype(np.int64),
        )
        for name in wanted
    }
