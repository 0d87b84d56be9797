"""Snapshots whose volatility is not that of the hourly prices before them, worked out by no code of the volatilities that are held against it."""

import numpy as np
import polars as pl

from lakeflow.forecast.tables.evidence import WHOLE

KEY = ["condition_id", "anchor", "horizon_s", "ts_cutoff"]
EDGE, SLACK = 1e-6, 1e-9
HOUR, DAY = pl.duration(hours=1, time_unit="ns"), pl.duration(days=1, time_unit="ns")


def ill_swung(shot: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    """Snapshots that say another deviation than the changes over whole hours that ended in the day before the cutoff have; of fewer than two there is none."""
    ends = changes(marks)
    at, until = pl.col("ts_change"), pl.col("ts_cutoff")
    of_day = shot.select(KEY).join(ends, on="condition_id").filter(at > until - DAY, at <= until)
    counts = of_day.group_by(KEY).agg(n=pl.len().cast(pl.Float64), middle=pl.col("change").mean())
    apart = of_day.join(counts, on=KEY).with_columns(off=(pl.col("change") - pl.col("middle")) ** 2)
    found = apart.group_by(KEY).agg(off=pl.col("off").sum(), n=pl.col("n").first())
    rows = shot.join(found, on=KEY, how="left", maintain_order="left")
    again = rows.select(pl.when(pl.col("n") > 1).then((pl.col("off") / (pl.col("n") - 1)).sqrt())).to_series()
    said = shot["logit_volatility_24h"]
    same = ((again - said).abs() <= SLACK * (1 + again.abs())).fill_null(value=False)
    return shot.filter(~(same | (again.is_null() & said.is_null())))


def changes(marks: pl.DataFrame) -> pl.DataFrame:
    """The change of log-odds over each hour at both ends of which there was a price, by the instant at which it ended."""
    p = np.clip(marks["p"].to_numpy() / WHOLE, EDGE, 1 - EDGE)
    odds = marks.select("condition_id", ts_change="ts_mark", odds=pl.Series(np.log(p) - np.log1p(-p)))
    before = odds.select("condition_id", pl.col("ts_change") + HOUR, earlier="odds")
    both = odds.join(before, on=["condition_id", "ts_change"])
    return both.select("condition_id", "ts_change", change=pl.col("odds") - pl.col("earlier"))
