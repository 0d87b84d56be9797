"""What of a day should be in the lake, what is, and until when the vendor still has the rest."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.known_books import EVERY_TOKEN, SECONDS, known_seconds
from lakeflow.forecast.tables.labels import PLACEHOLDER, RESOLVED, SPLIT, UNSUPPORTED, VOID

MINUTES_KEPT = timedelta(days=7)
GONE, ONLY_NOW = "lost: books exist only if recorded", "lost: the service tells open interest of now alone"
FINAL = (*RESOLVED, SPLIT, VOID)
NEVER = (PLACEHOLDER, UNSUPPORTED)  # nobody is to say how these end
SECONDHAND = (
    "GAMMA",
    "CLOB",
    "FEED",
)  # whoever else tells of an end is who decides it, or the service of resolutions
SHAPE = {
    "dataset": pl.String(), "expected": pl.Int64(), "present": pl.Int64(), "missing": pl.Int64(), "ts_expires": cutoffs.TIME,
    "action": pl.String(),
}  # fmt: skip

Row = tuple[str, int, int, datetime | None, str]


class Kept(NamedTuple):
    """What the lake has of a day."""

    ledger: pl.DataFrame
    markets: pl.DataFrame
    sightings: pl.DataFrame
    points: pl.DataFrame
    gaps: pl.DataFrame
    labels: pl.DataFrame
    evidence: pl.DataFrame
    open_interest: pl.DataFrame
    trades: pl.DataFrame  # condition_id: of which markets the service was asked for all that takers traded
    fed: pl.DataFrame  # token_id: of whose books the feed told
    rest_books: pl.DataFrame
    dt: date


def completeness(of: Kept) -> pl.DataFrame:
    """A row for each kind of data; whatever was open at any time of the day counts, though it closed on it."""
    rows = [*of_the_open(of), *of_the_ended(of), *of_the_capture(of)]
    return pl.DataFrame([told(*row) for row in rows], schema=SHAPE, orient="row")


def of_the_open(of: Kept) -> list[Row]:
    """What there should be of each market that was open on the day."""
    begins, ends = cutoffs.bounds(of.dt)
    live = open_on(of)
    asked = two_sided(of)
    on_the_day = pl.col("ts_event").is_between(begins, ends, closed="left") & (pl.col("resolution_s") > 0)
    books = pl.concat([rows.select("token_id") for rows in (of.fed, of.rest_books)])
    return [
        ("sightings", live.height, there(live, of.sightings), None, "sweep open and closed markets"),
        ("price_points", asked.height, there(asked, of.points.filter(on_the_day), "token_id"), ends + MINUTES_KEPT, "fetch minutes before they expire"),
        ("books", asked.height, there(asked, books, "token_id"), None, GONE),
        ("trades", asked.height, there(asked, of.trades), None, "ask /v2/trades of each market with taker_only=true"),
        ("open_interest", asked.height, there(asked, of.open_interest), None, ONLY_NOW),
    ]  # fmt: skip


def of_the_ended(of: Kept) -> list[Row]:
    """What there should be of each market that had closed by the day's end; what is proposed or in dispute is no answer yet."""
    ended = of.labels.filter(
        pl.col("ts_closed") < cutoffs.bounds(of.dt)[1], ~pl.col("label_status").is_in(NEVER)
    )
    final = ended.filter(pl.col("label_status").is_in(FINAL), ~pl.col("conflict"))
    paid = of.evidence.filter(~pl.col("source").is_in(SECONDHAND), pl.col("payout0").is_not_null())
    return [
        ("labels", ended.height, final.height, None, "ask /v2/resolutions"),
        ("resolutions", ended.height, there(ended, paid), None, "ask /v2/resolutions"),
    ]


def of_the_capture(of: Kept) -> list[Row]:
    """Answers whose listing is whole, seconds in which the feed was heard at all, and those in which it kept each book that it told of."""
    whole = of.ledger.filter("complete", ~pl.col("truncation_suspected"))
    anybody = pl.Series([EVERY_TOKEN] if of.fed.height else [], dtype=pl.String)
    # A day of which nothing was heard has no gaps either.
    heard = known_seconds(of.gaps, anybody, of.dt)
    told = of.fed.join(two_sided(of), on="token_id", how="semi")["token_id"].unique()
    return [
        ("fetches", of.ledger.height, whole.height, None, "fetch the sweep again"),
        ("frames", SECONDS, heard, None, GONE),
        ("book_seconds", told.len() * SECONDS, known_seconds(of.gaps, told, of.dt), None, GONE),
    ]


def two_sided(of: Kept) -> pl.DataFrame:
    """The open markets that have two outcomes, with the token of the first."""
    two = open_on(of).filter(pl.col("token_ids").list.len() == 2)
    return two.with_columns(token_id=pl.col("token_ids").list.first())


def open_on(of: Kept) -> pl.DataFrame:
    """The last that was said of each market while it was open on the day."""
    begins, ends = cutoffs.bounds(of.dt)
    held = (pl.col("ts_valid_to").is_null() | (pl.col("ts_valid_to") > begins)) & (
        pl.col("ts_valid_from") < ends
    )
    still = ~pl.col("closed").fill_null(value=False) | (pl.col("ts_closed") >= begins).fill_null(value=False)
    rows = of.markets.filter(held, still).sort("ts_valid_from")
    return rows.unique("condition_id", keep="last", maintain_order=True)


def there(expected: pl.DataFrame, found: pl.DataFrame, on: str = "condition_id") -> int:
    return expected.join(found, on=on, how="semi").height


def told(name: str, expected: int, present: int, expires: datetime | None, action: str) -> tuple[object, ...]:
    """A row; nothing is to be done where nothing is missing."""
    missing = expected - present
    return name, expected, present, missing, expires, action if missing else None
