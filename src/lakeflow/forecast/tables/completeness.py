"""What of a day should be in the lake, what is, and until when the vendor still has the rest."""

from datetime import date, datetime, timedelta

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.labels import IN_DISPUTE, PENDING, UNRESOLVED

MINUTES_KEPT, GONE = timedelta(days=7), "lost: books exist only if recorded"
SHAPE = {
    "dataset": pl.String(), "expected": pl.Int64(), "present": pl.Int64(), "missing": pl.Int64(), "ts_expires": cutoffs.TIME,
    "action": pl.String(),
}  # fmt: skip
SECONDS = 86_400
OPEN = (UNRESOLVED, PENDING, IN_DISPUTE)  # words that answer nothing yet


def completeness(  # noqa: PLR0913  the tables that it looks at
    ledger: pl.DataFrame, markets: pl.DataFrame, sightings: pl.DataFrame, points: pl.DataFrame, gaps: pl.DataFrame, labels: pl.DataFrame,
    heard: int, dt: date,
) -> pl.DataFrame:  # fmt: skip
    """A row for each kind of data: answers, markets seen, price histories, seconds of capture, labels.

    A market that closed on the day has prices of it, too; of a history that was fetched on a later day count the points of the day.
    """
    begins, ends = cutoffs.bounds(dt)
    was_open = markets.filter(~pl.col("closed").fill_null(value=False))
    live = was_open.filter(pl.col("ts_valid_to").is_null())
    asked = was_open.filter(pl.col("token_ids").list.len() == 2)
    first = set(asked.select(pl.col("token_ids").list.first()).to_series())
    points = points.filter(pl.col("ts_event") >= begins, pl.col("ts_event") < ends)
    off = (
        gaps.filter(pl.col("token_id") == "")
        .select((pl.col("ts_end") - pl.col("ts_start")).dt.total_seconds().sum())
        .item()
    )
    known = SECONDS - int(off or 0) if heard else 0  # a day of which nothing was heard has no gaps either
    ended = labels.filter(pl.col("ts_closed") < ends)
    rows = [
        ("fetches", ledger.height, int(ledger["complete"].sum()), None, "fetch the sweep again"),
        ("sightings", live.height, live.join(sightings, on="condition_id", how="semi").height, None, "sweep open and closed markets"),
        ("price_points", len(first), len(first & set(points["token_id"])), ends + MINUTES_KEPT, "fetch minutes before they expire"),
        ("frames", SECONDS, known, None, GONE),
        ("labels", ended.height, ended.filter(~pl.col("label_status").is_in(OPEN)).height, None, "ask /v2/resolutions"),
    ]  # fmt: skip
    return pl.DataFrame([told(*row) for row in rows], schema=SHAPE, orient="row")


def told(name: str, expected: int, present: int, expires: datetime | None, action: str) -> tuple[object, ...]:
    """A row; nothing is to be done where nothing is missing."""
    missing = expected - present
    return name, expected, present, missing, expires, action if missing else None
