"""What flowed through each market on a day: how far its odds went, how much was traded, and how long it has to go."""

from datetime import date, timedelta

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.snapshots import bucket
from lakeflow.forecast.tables.volumes import Told, volumes

SHAPE = {
    "condition_id": pl.String(), "p": pl.Int64(), "logit_return": pl.Float64(), "logit_volatility": pl.Float64(), "observed_hours": pl.Int64(),
    "volume": pl.Int64(), "volume_velocity": pl.Float64(), "trades": pl.Int64(), "open_interest": pl.Int64(), "open_interest_change": pl.Int64(),
    "tte_s": pl.Int64(), "liquidity_bucket": pl.String(), "category": pl.String(),
}  # fmt: skip


def features(
    markets: pl.DataFrame, marks: pl.DataFrame, told: Told, open_interest: pl.DataFrame, dt: date
) -> pl.DataFrame:
    """A row for each market that had a price on the day; `marks`, `told` and `open_interest` are of it and the day before."""
    begins, ends = cutoffs.bounds(dt)
    hours = steps(marks).filter(pl.col("ts_mark") > begins)
    moved = hours.group_by("condition_id").agg(
        p=pl.col("p").last(), near=pl.col("near_2c").last(), logit_return=pl.when(pl.col("step").count() > 0).then(pl.col("step").sum()),
        logit_volatility=pl.col("step").std(), observed_hours=pl.len().cast(pl.Int64),
    )  # fmt: skip
    last = markets.filter(pl.col("ts_valid_to").is_null()).select(
        "condition_id", "category", "ts_scheduled_end"
    )
    rows = moved.join(last, on="condition_id", how="left").join(
        flowed(moved["condition_id"], told, dt), on="condition_id", how="left"
    )
    return (
        rows.join(interest(open_interest, dt), on="condition_id", how="left")
        .with_columns(
            tte_s=(pl.col("ts_scheduled_end") - pl.lit(ends)).dt.total_seconds(),
            liquidity_bucket=bucket(pl.col("near")),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in SHAPE.items())
        .sort("condition_id")
    )


def steps(marks: pl.DataFrame) -> pl.DataFrame:
    """Hourly changes of log-odds, between hours that follow one another and nowhere else."""
    p = (pl.col("p") / WHOLE).clip(1e-6, 1 - 1e-6)
    ordered = marks.sort("condition_id", "ts_mark").with_columns(logit=(p / (1 - p)).log())
    follows = pl.col("ts_mark").diff().over("condition_id") == pl.duration(hours=1, time_unit="ns")
    return ordered.with_columns(step=pl.when(follows).then(pl.col("logit").diff().over("condition_id")))


def flowed(markets: pl.Series, said: Told, dt: date) -> pl.DataFrame:
    """Dollars and trades of the day, and the dollars as a multiple of the day before's: where that had any, and the same source told both."""
    today, before = (between(markets, dt, said, days) for days in (0, -1))
    past = before.select("condition_id", past="volume", past_by="volume_by")
    same = (pl.col("past") > 0) & (pl.col("past_by") == pl.col("volume_by"))
    return today.join(past, on="condition_id", how="left").with_columns(
        volume_velocity=pl.when(same).then(pl.col("volume") / pl.col("past"))
    )


def between(markets: pl.Series, dt: date, said: Told, days: int) -> pl.DataFrame:
    """What was traded of each market on a day so many days from one."""
    begins, ends = (pl.lit(instant, cutoffs.TIME) for instant in cutoffs.bounds(dt + timedelta(days=days)))
    instant = pl.duration(nanoseconds=1, time_unit="ns")  # a span begins after its first instant
    spans = markets.to_frame("condition_id").with_columns(since=begins - instant, until=ends - instant)
    return volumes(spans, said)


def interest(open_interest: pl.DataFrame, dt: date) -> pl.DataFrame:
    """The last open interest of the day, and its change since the last of the day before."""
    begins, _ = cutoffs.bounds(dt)
    today, ordered = pl.col("ts_observed") >= begins, open_interest.sort("condition_id", "ts_observed")
    return (
        ordered.group_by("condition_id", maintain_order=True)
        .agg(
            open_interest=pl.col("open_interest").filter(today).last(),
            past=pl.col("open_interest").filter(~today).last(),
        )
        .with_columns(open_interest_change=pl.col("open_interest") - pl.col("past"))
    )
