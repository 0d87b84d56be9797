"""The instants at which markets are asked for their price: before their scheduled end, after their opening, and by the calendar."""

from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from lakeflow.forecast.tables.evidence import FINISHED, TOLD_OF
from lakeflow.forecast.tables.versions import GAME_START

SCHED_END, OPEN_PLUS, CALENDAR, CLOSE_EXPOST = "SCHED_END", "OPEN_PLUS", "CALENDAR", "CLOSE_EXPOST"
HOUR, DAY = 3_600, 86_400
HORIZONS = (HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY)
RESOLVED_BEFORE, OPENED_AFTER, RESCHEDULED = "RESOLVED_BEFORE", "OPENED_AFTER", "RESCHEDULED"
IN_PLAY = "IN_PLAY"
GROUP_END = "GROUP_END"  # of groups whose members end at different times, and of their scores alone
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
    """Horizons that had already begun when a market was first seen on a day, or when its end was seen to have been moved nearer."""
    begins, ends = bounds(dt)
    end, since = pl.col("ts_scheduled_end"), pl.col("ts_valid_from")
    span = pl.duration(seconds="horizon_s", time_unit="ns")
    is_first = since.shift(1).over("condition_id").is_null()
    versions = markets.sort("condition_id", "ts_valid_from").with_columns(
        earlier=end.shift(1).over("condition_id"),
        reason=pl.when(is_first).then(pl.lit(OPENED_AFTER)).otherwise(pl.lit(RESCHEDULED)),
    )
    # A cutoff of the version before that had come was taken then, or counted then.
    was_ahead = pl.col("earlier").is_null() | (pl.col("earlier") - span >= since)
    return (
        versions.filter(since.is_between(begins, ends, closed="left"), end.ne_missing(pl.col("earlier")))
        .join(pl.DataFrame({"horizon_s": HORIZONS}), how="cross")
        .filter((end - span < since) & was_ahead)
        .select("condition_id", "category", "horizon_s", "reason", anchor=pl.lit(SCHED_END))
        .select("condition_id", "category", "horizon_s", "anchor", "reason")
    )


def in_play() -> pl.Expr:
    """Whether a cutoff is after the start of the game that its market is about: what is said then is half of the answer."""
    begun = (pl.col("scheduled_by") == GAME_START) & (pl.col("ts_cutoff") > pl.col("ts_scheduled_end"))
    return begun.fill_null(value=False)


def ended_by(asked: pl.DataFrame, evidence: pl.DataFrame, markets: pl.DataFrame) -> pl.Expr:
    """Whether a market was over at its cutoff: closed, proposed, disputed or resolved, as its version said then or as any source dates it by the day's end."""
    over = evidence.filter(pl.col("payout0").is_not_null() | pl.col("ts_proposed").is_not_null())
    since = pl.min_horizontal(
        pl.when(pl.col("payout0").is_not_null()).then(pl.coalesce("ts_told", "ts_known")), "ts_proposed"
    )
    told = over.select("condition_id", ts_over=since.cast(TIME))
    closed = closes(markets).select("condition_id", ts_over="ts_close")
    known = pl.concat([told, closed]).group_by("condition_id").agg(pl.col("ts_over").min())
    when = asked.select("condition_id").join(known, on="condition_id", how="left", maintain_order="left")[
        "ts_over"
    ]
    by_source = (pl.lit(when) <= pl.col("ts_cutoff")).fill_null(value=False)
    return said_over() | by_source


def said_over() -> pl.Expr:
    """Whether a version says that its market is closed, proposed, disputed or resolved."""
    status = pl.col("resolution_status").fill_null("").is_in([*TOLD_OF, *FINISHED])
    return pl.col("closed").fill_null(value=False) | status


def closes(markets: pl.DataFrame) -> pl.DataFrame:
    """When each market closed, of those that are closed at the day's end: what it cost from then on is no forecast, whoever learnt of it when."""
    is_closed = pl.col("closed").fill_null(value=False) & pl.col("ts_valid_to").is_null()
    return markets.filter(is_closed, pl.col("ts_closed").is_not_null()).select(
        "condition_id", ts_close=pl.col("ts_closed").cast(TIME)
    )
