"""The segments that forecasts are judged in: all, each category, liquidity bucket, both together, and time to the end; and the sample of one."""

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
KINDS = (("category",), ("liquidity",), ("category", "liquidity"), ("tte",))


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
    def is_crossed(self) -> bool:
        """Whether it is a category and a liquidity bucket at once."""
        return " " in self.name

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
    every = scored.filter(pl.col("anchor") != cutoffs.GROUP_END)  # asked of some groups, for their scores
    headline = every if with_up_down else every.filter(pl.col("category").ne_missing(UP_DOWN))
    later = headline.filter(pl.col("anchor") != cutoffs.SCHED_END)
    yield from anchored(ALL, headline)
    for sides in KINDS:
        within = every if "category" in sides else later if "tte" in sides else headline
        columns = [SIDES[side] for side in sides]
        for values, rows in sorted(within.drop_nulls(columns).group_by(columns), key=lambda group: group[0]):
            yield from anchored(
                " ".join(f"{side}={value}" for side, value in zip(sides, values, strict=True)), rows
            )


def anchored(name: str, rows: pl.DataFrame) -> Iterator[Segment]:
    """The segments of one name: each anchor, horizon and forecaster apart."""
    of = rows.group_by("anchor", "horizon_s", "forecaster")
    for (anchor, horizon, forecaster), found in sorted(of, key=lambda group: group[0]):
        ordered = found.sort("condition_id", "ts_cutoff")
        yield Segment(name, str(anchor), int(horizon), str(forecaster), ordered)


def kind() -> pl.Expr:
    """What the segments of a column `segment` are segments by: `category`, `category liquidity` and so on."""
    return pl.col("segment").str.replace_all(r"=\S*", "")
