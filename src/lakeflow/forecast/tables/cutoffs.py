"""The instants at which markets are asked for their price: before their scheduled end, after their opening, and by the calendar."""

from datetime import UTC, date, datetime, time, timedelta

import polars as pl

SCHED_END, OPEN_PLUS, CALENDAR, CLOSE_EXPOST = "SCHED_END", "OPEN_PLUS", "CALENDAR", "CLOSE_EXPOST"
HOUR, DAY = 3_600, 86_400
HORIZONS = (HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY)
RESOLVED_BEFORE, OPENED_AFTER, RESCHEDULED = "RESOLVED_BEFORE", "OPENED_AFTER", "RESCHEDULED"
TIME = pl.Datetime("ns", "UTC")


def bounds(dt: date) -> tuple[datetime, datetime]:
    """The first instant of a UTC date, and of the next."""
    begins = datetime.combine(dt, time(), UTC)
    return begins, begins + timedelta(days=1)


def cutoffs(markets: pl.DataFrame, dt: date) -> pl.DataFrame:
    """Every cutoff of a day: anchored on what the version of the market said that held at the cutoff itself."""
    begins, ends = bounds(dt)
    horizons = pl.DataFrame({"horizon_s": HORIZONS})
    span = pl.duration(seconds="horizon_s", time_unit="ns")
    grid = markets.join(horizons, how="cross")
    anchored = [
        grid.with_columns(anchor=pl.lit(SCHED_END), ts_cutoff=pl.col("ts_scheduled_end") - span),
        grid.with_columns(anchor=pl.lit(OPEN_PLUS), ts_cutoff=pl.col("ts_created") + span),
        markets.with_columns(
            horizon_s=pl.lit(0, pl.Int64),
            anchor=pl.lit(CALENDAR),
            ts_cutoff=pl.lit(begins + timedelta(hours=12)),
        ).select([*grid.columns, "anchor", "ts_cutoff"]),
    ]
    every = pl.concat([each.with_columns(pl.col("ts_cutoff").cast(TIME)) for each in anchored])
    return every.filter(pl.col("ts_cutoff").is_between(begins, ends, closed="left"))


def reached(asked: pl.DataFrame, as_of: str) -> pl.DataFrame:
    """The cutoffs that had come by the instant that a lake is as of; all of them in a current one."""
    return asked.filter(pl.col("ts_cutoff") <= datetime.fromisoformat(as_of)) if as_of else asked


def held(asked: pl.DataFrame) -> pl.DataFrame:
    """The cutoffs whose version had been seen by then and was not yet replaced."""
    replaced = pl.col("ts_valid_to").is_not_null() & (pl.col("ts_valid_to") <= pl.col("ts_cutoff"))
    return asked.filter((pl.col("ts_valid_from") <= pl.col("ts_cutoff")) & ~replaced)


def opened_after(markets: pl.DataFrame, dt: date) -> pl.DataFrame:
    """Horizons of markets that were first seen on a day, when these horizons had already begun."""
    begins, ends = bounds(dt)
    first = markets.sort("condition_id", "ts_valid_from").unique(
        "condition_id", keep="first", maintain_order=True
    )
    cutoff = pl.col("ts_scheduled_end") - pl.duration(seconds="horizon_s", time_unit="ns")
    return (
        first.filter(pl.col("ts_valid_from").is_between(begins, ends, closed="left"))
        .join(pl.DataFrame({"horizon_s": HORIZONS}), how="cross")
        .filter(cutoff < pl.col("ts_valid_from"))
        .select(
            "condition_id", "category", "horizon_s", anchor=pl.lit(SCHED_END), reason=pl.lit(OPENED_AFTER)
        )
    )


def ended_by(asked: pl.DataFrame, evidence: pl.DataFrame) -> pl.Expr:
    """Whether a market was known to be closed, proposed or resolved at its cutoff, by its version or by any source."""
    over = evidence.filter(pl.col("payout0").is_not_null() | pl.col("ts_proposed").is_not_null())
    since = pl.min_horizontal(
        pl.when(pl.col("payout0").is_not_null()).then(pl.coalesce("ts_told", "ts_known")), "ts_proposed"
    )
    known = over.group_by("condition_id").agg(ts_over=since.min())
    when = asked.select("condition_id").join(known, on="condition_id", how="left", maintain_order="left")[
        "ts_over"
    ]
    by_source = (pl.lit(when) <= pl.col("ts_cutoff")).fill_null(value=False)
    by_version = pl.col("closed").fill_null(value=False) | pl.col("resolution_status").fill_null("").is_in(
        ["proposed", "resolved", "settled"]
    )
    return by_version | by_source
