"""The segments that forecasts are judged in: all, each category, liquidity bucket and time to the end; and the sample of one."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl

from lakeflow.forecast.sample import Sample, sample
from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.categories import UP_DOWN
from lakeflow.forecast.tables.evidence import WHOLE

ALL = "all"
EQUAL, VOLUME = "EQUAL", "VOLUME"
OF: dict[str, Any] = {
    "segment": pl.String(),
    "anchor": pl.String(),
    "horizon_s": pl.Int64(),
    "forecaster": pl.String(),
}
SIDES = {"category": "category", "liquidity": "liquidity_bucket", "tte": "tte_bucket"}


class Segment(NamedTuple):
    """Forecasts of one forecaster at one horizon of one anchor, and which of them."""

    name: str
    anchor: str
    horizon_s: int
    forecaster: str
    rows: pl.DataFrame

    @property
    def key(self) -> tuple[str, str, int, str]:
        return self.name, self.anchor, self.horizon_s, self.forecaster

    @property
    def sample(self) -> Sample:
        """The rows as a sample, rows of one cluster being no more than one witness."""
        return sample(self.rows["p"] / WHOLE, self.rows["y"], None, self.rows["cluster_id"])

    @property
    def is_weighed(self) -> bool:
        """Whether dollars are asked about too: of the market's own price under the honest anchor."""
        return self.anchor == cutoffs.SCHED_END and self.forecaster == "MARKET" and self.weighed.height > 0

    @property
    def weighed(self) -> pl.DataFrame:
        """The rows that a dollar was traded before."""
        return self.rows.filter(pl.col("weight_volume") > 0)

    @property
    def by_volume(self) -> Sample:
        """The same rows, each as often as dollars were traded before it."""
        rows = self.weighed
        return sample(rows["p"] / WHOLE, rows["y"], rows["weight_volume"], rows["cluster_id"])


def segments(scored: pl.DataFrame, *, with_up_down: bool = False) -> Iterator[Segment]:
    """Every segment that has a row, in a fixed order. Minutes-long markets are a category of their own, and in a headline if asked for.

    Before the scheduled end the horizon is the time to the end, so that anchor has no buckets of it beside.
    """
    order = ["anchor", "horizon_s", "forecaster"]
    every = scored.filter(
        pl.col("anchor") != cutoffs.GROUP_END
    )  # asked of some groups alone, for their scores
    headline = every if with_up_down else every.filter(pl.col("category") != UP_DOWN)
    named = [(ALL, headline)]
    for side, column in SIDES.items():
        within = {"category": every, "tte": headline.filter(pl.col("anchor") != cutoffs.SCHED_END)}.get(
            side, headline
        )
        for value in within[column].drop_nulls().unique().sort():
            named.append((f"{side}={value}", within.filter(pl.col(column) == value)))  # noqa: PERF401  two loops read better
    for name, rows in named:
        for (anchor, horizon, forecaster), found in sorted(rows.group_by(order), key=lambda group: group[0]):
            yield Segment(
                name, str(anchor), int(horizon), str(forecaster), found.sort("condition_id", "ts_cutoff")
            )
