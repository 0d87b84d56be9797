"""The rules against looking ahead, each as a check of tables: rows looked at, rows that break it, and a few of their keys."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import polars as pl

from lakeflow.forecast.tables import breaches, carried, fitted, populations
from lakeflow.forecast.tables.cutoffs import CLOSE_EXPOST
from lakeflow.forecast.tables.quotes import HIST

SHAPE = {
    "check_id": pl.String(), "about": pl.String(), "rows_checked": pl.Int64(), "violations": pl.Int64(), "sample_keys": pl.List(pl.String()),
    "passed": pl.Boolean(),
}  # fmt: skip
SAMPLES = 5
LEARNT = (
    "condition_id", "anchor", "horizon_s", "forecaster", "cluster_id", "y", "category", "liquidity_bucket", "tte_bucket", "ts_label_known",
)  # fmt: skip
TOLD = ("condition_id", "anchor", "horizon_s", "ts_cutoff", "volume_24h", "tte_s", "excluded")
ASKED = ("condition_id", "anchor", "horizon_s", "ts_cutoff")
NAMED = ("segment", "condition_id", "token_id", "anchor", "horizon_s", "ts_cutoff", "forecaster", "column")

# The rule, what it says, the rows that it is about, and those that break it.
Check = tuple[str, str, pl.DataFrame, pl.DataFrame]


class Looked(NamedTuple):
    """What an audit looks at: a day's snapshots and scores, and what they were made from."""

    snapshots: pl.DataFrame
    scored: pl.DataFrame
    markets: pl.DataFrame
    labels: pl.DataFrame
    gaps: pl.DataFrame  # of the day and the one before, as snapshots look back
    points: pl.DataFrame  # the same
    rest_books: pl.DataFrame  # the same
    attrition: pl.DataFrame
    recalibrated: pl.DataFrame
    past: pl.DataFrame  # scores that maps and yardsticks learnt from
    dt: date
    embargo_s: int
    yardsticks: pl.DataFrame
    told: pl.DataFrame  # what snapshots of a month said of dollars and of the time to the end
    waiting: pl.DataFrame  # forecasts that had no answer at the end of the day, and of the one before
    tte_borders_s: Sequence[int]
    with_up_down: bool = False
    as_of: str = ""  # the instant that the lake is as of


def audit(at: Looked) -> pl.DataFrame:
    """A row for every rule, whatever it found."""
    return told(checks(at))


def told(found: Iterable[Check]) -> pl.DataFrame:
    """A row for each check."""
    rows = [
        (name, about, len(seen), len(broken), keys(broken), not len(broken))
        for name, about, seen, broken in found
    ]
    return pl.DataFrame(rows, schema=SHAPE, orient="row")


def checks(at: Looked) -> Iterator[Check]:
    """Each rule with the rows that it is about and those that break it."""
    yield from of_what_was_known(at)
    yield from of_answers(at)
    yield from of_prices(at)
    yield from of_what_was_fitted(at)
    yield from of_who_is_counted(at)
    yield from of_an_instant(at)


def of_what_was_known(at: Looked) -> Iterator[Check]:
    """Inputs, columns, descriptions and anchors, by the instant at which a forecast was asked."""
    shot = at.snapshots
    yield "L01", "every input was known by the cutoff", shot, breaches.known_late(shot)
    columns = pl.DataFrame({"column": shot.columns}, schema={"column": pl.String})
    yield "L02", "a snapshot has no column or word that tells how it ended", columns, breaches.telling(shot)
    said = "what is said of a market is what the version said that held at the cutoff"
    yield "L03", said, shot, breaches.unsaid(shot, at.markets)
    anchored = "the cutoff follows from what was said then, and no snapshot is anchored on a close"
    yield "L04", anchored, shot, breaches.misplaced(shot, at.markets)


def of_answers(at: Looked) -> Iterator[Check]:
    """Forecasts that were asked when the answer was about."""
    used = taken(at)
    late = breaches.answered_by_then(at.scored, at.labels, at.embargo_s)
    yield "L05", "every forecast was asked an embargo before anything of its answer was told", at.scored, late
    yield "L05b", "no forecast was asked in a game that had begun", used, breaches.played(used, at.markets)
    listed = "no forecast was asked of a market that was listed as closed, proposed, disputed or resolved"
    yield "L05c", listed, used, breaches.over(used, at.markets)


def of_prices(at: Looked) -> Iterator[Check]:
    """Prices that could not be had yet, or were none."""
    used = taken(at)
    hist = used.filter(pl.col("p_kind") == HIST)
    yield "L06", "a bucket's price is known when the bucket ends", at.points, carried.early(at.points)
    given = "a price of history is that of a bucket that had ended, and not long before"
    yield "L06b", given, hist, carried.unpointed(used, at.markets, at.points)
    told = "no price is a settlement; checked are those that were left out"
    yield "L07", told, carried.endings(at.points), carried.settled(used, at.markets, at.points)
    ended = "no price is of after the close, nor nothing or all of a dollar"
    yield "L07b", ended, used, carried.after_the_end(used, at.markets)
    yield "L08", "no book or trade is out of date", used, carried.too_old(used)
    mids = used.filter(pl.col("p_kind").is_in(carried.MIDS))
    across = carried.over_gap(used, at.markets, at.gaps, at.rest_books)
    yield "L08b", "no book is carried over a gap of the feed", mids, across


def of_what_was_fitted(at: Looked) -> Iterator[Check]:
    """What maps and yardsticks learnt from, and by which borders and limits."""
    shot, again, held = at.snapshots, at.recalibrated, at.yardsticks
    taught = "a map saw the labels known before the day of the cutoff, none of its own group, and enough"
    yield "L09", taught, again, populations.ill_taught(again, at.past)
    every = pl.concat([at.past.select(LEARNT), at.scored.select(LEARNT)])
    against = "skill is against the labels of the segment known before the cutoff, none of the own group"
    yield "L09b", against, held, fitted.ill_compared(held, every, with_up_down=at.with_up_down)
    yield "L10", "buckets and categories are those of the fixed borders", shot, populations.unfixed(shot)
    ended = "dollars and the time to the end are the snapshot's, its bucket that of the fixed borders"
    yield "L10b", ended, at.scored, fitted.unlike(at.scored, at.told, waited(at), at.tte_borders_s)
    capped = "no weight counts for more than all but one in a hundred of the month before the cutoff's day"
    older = at.scored.filter(honest(), ~is_new(at))
    bad = [fitted.ill_capped(new(at), at.told), fitted.ill_carried(older, waited(at))]
    wrong = pl.concat([rows.select(ASKED) for rows in bad])
    yield "L10c", capped, pl.concat([new(at).select(ASKED), older.select(ASKED)]), wrong


def waited(at: Looked) -> pl.DataFrame:
    """The forecasts of earlier days that waited when the day began."""
    return at.waiting.filter(pl.col("dt") < at.dt)


def new(at: Looked) -> pl.DataFrame:
    """The day's own forecasts with the caps of their weights, whether they were answered on it or wait."""
    scored, waiting = at.scored.filter(honest(), is_new(at)), at.waiting.filter(honest(), is_new(at))
    return pl.concat([rows.select(*ASKED, "weight_cap") for rows in (scored, waiting)]).unique(
        maintain_order=True
    )


def is_new(at: Looked) -> pl.Expr:
    return pl.col("ts_cutoff").dt.date() == at.dt


def honest() -> pl.Expr:
    return pl.col("anchor") != CLOSE_EXPOST


def of_who_is_counted(at: Looked) -> Iterator[Check]:
    """Which markets and groups are in the population."""
    shot, used = at.snapshots, taken(at)
    yield "L11", "every market had been seen by its cutoff", shot, breaches.unseen(shot, at.markets)
    listed = populations.listed_at_noon(at.markets, at.labels, at.dt, at.as_of)
    gone = populations.lost(listed, at.attrition)
    yield "L11b", "every market that was open at noon is taken, or counted with the reason", listed, gone
    asked = "what was taken, and what had no price, is as many as attrition says"
    yield "L11c", asked, at.attrition, populations.miscounted(shot, at.attrition)
    sums = populations.wrong_sums(used, at.markets, at.labels, at.points)
    grouped = used.filter(pl.col("group_sum").is_not_null())
    yield "L12", "a group's sum is of its members at the cutoff, and a share is of that sum", grouped, sums


def of_an_instant(at: Looked) -> Iterator[Check]:
    """What a lake knows that is as of an instant."""
    known = instants(at)
    then = pl.lit(at.as_of or None, pl.String).str.to_datetime(time_zone="UTC", time_unit="ns")
    late = known.filter(pl.col("ts_known") > then)
    yield "L13", "a lake as of an instant knows nothing later", known if at.as_of else known.clear(), late


def taken(at: Looked) -> pl.DataFrame:
    return at.snapshots.filter(~pl.col("excluded"))


def instants(at: Looked) -> pl.DataFrame:
    """When each row of the day was known, by what it says of itself."""
    return pl.concat(
        [
            at.snapshots.select("condition_id", ts_known=pl.max_horizontal("ts_inputs_known", "ts_cutoff")),
            at.scored.select("condition_id", ts_known="ts_label_known"),
            at.markets.select("condition_id", ts_known="ts_valid_from"),
            at.labels.select("condition_id", ts_known=pl.max_horizontal("ts_known", "ts_told")),
        ]
    )


def keys(broken: pl.DataFrame) -> list[str]:
    """A few rows by name."""
    named = [name for name in NAMED if name in broken.columns]
    return sorted(" ".join(map(str, row)) for row in broken.select(named).unique().iter_rows())[:SAMPLES]
