"""The rules against looking ahead, each as a check of tables: rows looked at, rows that break it, and a few of their keys."""

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.breaches import endings, first_seen, over_gap, played, unsaid
from lakeflow.forecast.tables.categories import CATEGORIES, OTHER, UP_DOWN
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.measured import FEWEST
from lakeflow.forecast.tables.quotes import MID
from lakeflow.forecast.tables.snapshots import bucket

LABELS = frozenset(
    {
        "y",
        "payout0",
        "label_status",
        "winner",
        "closed",
        "ts_closed",
        "ts_resolved",
        "resolution_status",
        "brier",
    }
)
SHAPE = {
    "check_id": pl.String(), "about": pl.String(), "rows_checked": pl.Int64(), "violations": pl.Int64(), "sample_keys": pl.List(pl.String()),
    "passed": pl.Boolean(),
}  # fmt: skip
SAMPLES = 5


# The rule, what it says, the rows that it is about, and those that break it.
Check = tuple[str, str, pl.DataFrame, pl.DataFrame]


class Looked(NamedTuple):
    """What an audit looks at: a day's snapshots and scores, and what they were made from."""

    snapshots: pl.DataFrame
    scored: pl.DataFrame
    markets: pl.DataFrame
    gaps: pl.DataFrame
    points: pl.DataFrame
    attrition: pl.DataFrame
    recalibrated: pl.DataFrame
    as_of: str = ""  # the instant that the lake is as of


def audit(at: Looked) -> pl.DataFrame:
    """A row for every check, whatever it found."""
    rows = [
        (name, about, len(seen), len(broken), keys(broken), not len(broken))
        for name, about, seen, broken in checks(at)
    ]
    return pl.DataFrame(rows, schema=SHAPE, orient="row")


def checks(at: Looked) -> Iterator[Check]:
    """Each rule with the rows that it is about and those that break it."""
    yield from of_what_was_known(at)
    yield from of_prices(at)
    yield from of_who_is_counted(at)


def of_what_was_known(at: Looked) -> Iterator[Check]:
    """Inputs, scheduled ends and labels, by the instant at which a forecast was asked."""
    shot, scored = at.snapshots, at.scored
    used = shot.filter(~pl.col("excluded"))
    yield (
        "L01",
        "every input was known by the cutoff",
        shot,
        shot.filter(pl.col("ts_inputs_known") > pl.col("ts_cutoff")),
    )
    telling = sorted(LABELS & set(shot.columns))
    yield "L02", "a snapshot has no column that tells how it ended", shot, shot if telling else shot.clear()
    yield "L03", "the scheduled end is the one that was said at the cutoff", shot, unsaid(shot, at.markets)
    yield (
        "L04",
        "no snapshot is anchored on a close that nobody knew",
        shot,
        shot.filter(pl.col("anchor") == cutoffs.CLOSE_EXPOST),
    )
    yield (
        "L05",
        "every forecast was asked before its label was known",
        scored,
        scored.filter(pl.col("ts_cutoff") >= pl.col("ts_label_known")),
    )
    yield "L05b", "no forecast was asked in a game that had begun", used, played(used, at.markets)


def of_prices(at: Looked) -> Iterator[Check]:
    """Prices that could not be had yet, or were none."""
    used = at.snapshots.filter(~pl.col("excluded"))
    early = at.points.filter(
        pl.col("ts_known") < pl.col("ts_event") + pl.duration(seconds="resolution_s", time_unit="ns")
    )
    yield "L06", "a bucket's price is known when the bucket ends", at.points, early
    told, left_out = (
        used.filter((pl.col("p_kind") == "HIST") & pl.col("p").is_in([0, WHOLE])),
        endings(at.points),
    )
    settled = told.join(left_out, left_on=["ts_quote", "p"], right_on=["ts_event", "price"], how="semi")
    yield (
        "L07",
        "no price is a settlement; checked are those of the day that were left out",
        left_out,
        settled,
    )
    yield (
        "L08",
        "no book is carried over a gap",
        used,
        over_gap(used.filter(pl.col("p_kind") == MID), at.gaps),
    )


def of_who_is_counted(at: Looked) -> Iterator[Check]:
    """What maps learnt from, and which markets and groups are in the population."""
    shot, again = at.snapshots, at.recalibrated
    used = shot.filter(~pl.col("excluded"))
    yield (
        "L09",
        "a map saw no label that was known after the day of the cutoff began, and enough others",
        again,
        again.filter(
            (pl.col("ts_trained_until") >= pl.col("ts_cutoff").dt.truncate("1d"))
            | (pl.col("trained_clusters") < FEWEST)
        ),
    )
    moved = bucket(pl.col("near_2c").fill_null(0)) != pl.col("liquidity_bucket")
    strange = ~pl.col("category").is_in([*CATEGORIES, UP_DOWN, OTHER])
    yield (
        "L10",
        "buckets and categories are those of the fixed borders",
        shot,
        shot.filter((moved | strange).fill_null(value=True)),
    )
    late = shot.join(first_seen(at.markets), on="condition_id", how="left").filter(
        pl.col("ts_first") > pl.col("ts_cutoff")
    )
    yield "L11", "every market had been seen by its cutoff", shot, late
    alone = used.filter((pl.col("group_sum") < pl.col("p")) & pl.col("group_sum").is_not_null())
    yield "L12", "a group's sum is of its members at the cutoff", used, alone
    known = instants(at)
    then = pl.lit(at.as_of or None, pl.String).str.to_datetime(time_zone="UTC", time_unit="ns")
    yield (
        "L13",
        "a lake as of an instant knows nothing later",
        known if at.as_of else known.clear(),
        known.filter(pl.col("ts_known") > then),
    )


def instants(at: Looked) -> pl.DataFrame:
    """When each row of the day was known, by what it says of itself."""
    return pl.concat(
        [
            at.snapshots.select("condition_id", ts_known=pl.max_horizontal("ts_inputs_known", "ts_cutoff")),
            at.scored.select("condition_id", ts_known="ts_label_known"),
            at.markets.select("condition_id", ts_known="ts_valid_from"),
        ]
    )


def keys(broken: pl.DataFrame) -> list[str]:
    """A few rows by name."""
    named = [
        name
        for name in ("condition_id", "token_id", "anchor", "horizon_s", "ts_cutoff")
        if name in broken.columns
    ]
    return sorted(" ".join(map(str, row)) for row in broken.select(named).unique().iter_rows())[:SAMPLES]
