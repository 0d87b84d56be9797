"""When a day was listened to: what the recorders heard together, and the gaps between, each with its reason."""

from datetime import UTC, date, datetime, time, timedelta

import polars as pl

TIME = pl.Datetime("ns", "UTC")
CAPTURE_OFF, RECONNECT, SILENT, NO_SNAPSHOT, DESYNC = (
    "CAPTURE_OFF",
    "RECONNECT",
    "SILENT",
    "NO_SNAPSHOT",
    "DESYNC",
)
EVERY_TOKEN = ""
GAPS: dict[str, pl.DataType | type[pl.DataType]] = {
    "token_id": pl.String,
    "ts_start": TIME,
    "ts_end": TIME,
    "reason": pl.String,
    "ignored": pl.Int64,
}
V2_CUTOVER = datetime(2026, 4, 28, 11, tzinfo=UTC)  # all resting orders were wiped; books began anew


def gaps(frames: pl.DataFrame, dt: date, silent_s: int) -> pl.DataFrame:
    """The intervals of a day in which nobody heard a message for longer than a feed is silent, for every token."""
    begins = datetime.combine(dt, time(), UTC)
    ends = begins + timedelta(days=1)
    heard = spells(frames.filter(pl.col("parse_status") == "MESSAGE"), silent_s)
    edges = pl.DataFrame(
        {"first": [begins, ends], "last": [begins, ends]}, schema={"first": TIME, "last": TIME}
    )
    between = (
        pl.concat([heard.select("first", "last"), edges])
        .sort("first", "last")
        .with_columns(until=pl.col("last").cum_max())
        .select(ts_start="until", ts_end=pl.col("first").shift(-1))
        .filter(pl.col("ts_end") > pl.col("ts_start"))
    )
    alive = frames.select("ts_recv").sort("ts_recv")
    known = between.with_columns(reason=reason(between, alive, heard)).with_columns(
        token_id=pl.lit(EVERY_TOKEN), ignored=pl.lit(None, pl.Int64)
    )
    return known.select(*GAPS).pipe(cut_over, dt)


def spells(messages: pl.DataFrame, silent_s: int) -> pl.DataFrame:
    """The spells of a connection in which it was never silent for long, from its first message to its last."""
    silence = pl.col("ts_recv").diff() > pl.duration(seconds=silent_s, time_unit="ns")
    return (
        messages.sort("ts_recv", "frame_seq")
        .with_columns(spell=silence.fill_null(value=False).cum_sum().over("capture_id", "conn_id"))
        .group_by("capture_id", "conn_id", "spell")
        .agg(first=pl.col("ts_recv").min().cast(TIME), last=pl.col("ts_recv").max().cast(TIME))
        .sort("first", "last", "capture_id", "conn_id")
    )


def reason(between: pl.DataFrame, alive: pl.DataFrame, heard: pl.DataFrame) -> pl.Series:
    """RECONNECT where one connection's end meets another's beginning, else CAPTURE_OFF."""
    beats = alive["ts_recv"].cast(TIME)
    firsts = heard.filter(pl.col("spell") == 0)["first"].implode()
    inside = [beats.is_between(a, b, closed="none").any() for a, b in between.iter_rows()]
    return between.select(
        pl.when(pl.col("ts_end").is_in(firsts) & pl.col("ts_start").is_in(heard["last"].implode()))
        .then(pl.lit(RECONNECT))
        .when(pl.Series(inside, dtype=pl.Boolean))
        .then(pl.lit(SILENT))
        .otherwise(pl.lit(CAPTURE_OFF))
    ).to_series()


def stands_until() -> pl.Expr:
    """The cut-over, of a book that was fetched in the day before it, or later and was so before it; no book stands across."""
    cut = pl.lit(V2_CUTOVER).cast(TIME)
    since = cut - pl.duration(days=1, time_unit="ns")
    fetched_before = pl.col("ts_observed").is_between(since, cut, closed="left")
    was_before = (pl.col("ts_observed") >= cut) & (pl.col("ts_event") < cut)
    return pl.when(fetched_before | was_before).then(cut)


def cut_over(found: pl.DataFrame, dt: date) -> pl.DataFrame:
    """On the day of the second exchange no book outlives the cut-over, whatever the recorders heard."""
    if dt != V2_CUTOVER.date():
        return found
    cut = pl.DataFrame([(EVERY_TOKEN, V2_CUTOVER, V2_CUTOVER, CAPTURE_OFF, None)], schema=GAPS, orient="row")
    return pl.concat([found, cut]).sort("ts_start", "ts_end")
