"""What was known of each contract of a parent before the regular session opened: its terms, open interest and first trades."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones

import polars as pl

OPEN_INTEREST, DELETED = 9, 2


def before_open(  # noqa: PLR0913  a stage's arguments are its reads and its params
    orders: pl.LazyFrame,
    definition: pl.LazyFrame,
    statistics: pl.LazyFrame,
    dt: date,
    start: str,
    end: str,
    zone: str,
) -> pl.DataFrame:
    """A row for each outright that was listed by the window's end; nothing after that end is looked at.

    There is no row while the UTC day of the window is not in the lake.
    """
    opens, ends = window(dt, start, end, zone)
    midnight = datetime.combine(dt, time(), UTC)
    seen = orders.filter(pl.col("ts_recv").is_between(midnight, ends, closed="left"))
    traded = (
        seen.filter(pl.col("action") == "T", pl.col("ts_recv") >= opens)
        .group_by(raw_symbol="symbol")
        .agg(trades=pl.len().cast(pl.Int64), volume=pl.col("size").cast(pl.Int64).sum())
    )
    return (
        outrights(definition, ends, zone)
        .join(interest(statistics, dt, ends), on="instrument_id", how="left")
        .join(traded, on="raw_symbol", how="left")
        .join(seen.select(is_there=pl.len() > 0), how="cross")
        .filter("is_there")
        .with_columns(pl.col("trades", "volume").fill_null(0))
        .select("raw_symbol", "instrument_id", "expiration", "open_interest", "open_interest_date", "trades", "volume")
        .sort("raw_symbol")
        .collect()
    )  # fmt: skip


def window(dt: date, start: str, end: str, zone: str) -> tuple[datetime, datetime]:
    """The UTC instants of two times of day in a zone, on a date: from the first, up to and without the second."""
    if zone not in available_timezones():
        raise ValueError(f"zone: expected a zone such as America/New_York, found {zone}")
    at = ZoneInfo(zone)
    opens, ends = (
        datetime.combine(dt, time.fromisoformat(text), at).astimezone(UTC) for text in (start, end)
    )
    if ends <= opens or opens.date() != dt or ends.date() != dt:
        raise ValueError(
            f"start, end: expected a window inside the UTC date {dt}, found {start} to {end} in {zone}"
        )
    return opens, ends


def outrights(definition: pl.LazyFrame, ends: datetime, zone: str) -> pl.LazyFrame:
    """The last word on each listed future before an instant; spreads and what traders have made are none."""
    return (
        definition.filter(pl.col("ts_recv") < ends)
        .sort("ts_recv", "row")
        .group_by("raw_symbol")
        .last()
        .filter(
            pl.col("instrument_class") == "F",
            pl.col("security_update_action").fill_null("A") != "D",
            ~pl.col("raw_symbol").str.contains(r"-|^UD:"),
        )
        .select(
            "raw_symbol",
            "instrument_id",
            expiration=date_of(pl.col("ts_expiration"), zone),
        )
    )


def date_of(expiry: pl.Expr, zone: str) -> pl.Expr:
    """The date on which something expires; the vendor's midnight is a date without a time, and its last day of trade."""
    told_alone = expiry.dt.time() == time()
    return pl.when(told_alone).then(expiry.dt.date()).otherwise(expiry.dt.convert_time_zone(zone).dt.date())


def interest(statistics: pl.LazyFrame, dt: date, ends: datetime) -> pl.LazyFrame:
    """The open interest of each instrument, of the last date before the session that it was published for in time."""
    about = pl.col("ts_ref").dt.date()
    return (
        statistics.filter(pl.col("stat_type") == OPEN_INTEREST, pl.col("ts_recv") < ends, about < dt)
        .sort("ts_ref", "ts_recv", "row")
        .group_by("instrument_id")
        .last()
        .filter(pl.col("update_action") != DELETED)
        .select("instrument_id", open_interest="quantity", open_interest_date=about)
    )
