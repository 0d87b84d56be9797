"""Snapshots and scores that a rule against looking ahead forbids, found by holding one table against another."""

from datetime import time

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.attrition import TAKEN
from lakeflow.forecast.tables.books import seconds
from lakeflow.forecast.tables.evidence import FINISHED, TOLD_OF
from lakeflow.forecast.tables.group_ends import first_ends
from lakeflow.forecast.tables.quotes import KINDS, NO_QUOTE, ONE_SIDED
from lakeflow.forecast.tables.scored import embargo, instant_told
from lakeflow.forecast.tables.snapshots import SHAPE
from lakeflow.forecast.tables.versions import GAME_START

SAID = (
    "category", "cluster_id", "group_id", "rescheduled", "ts_scheduled_end", "scheduled_by", "ts_created", "closed", "resolution_status",
    "ts_closed", "token_ids",
)  # fmt: skip
WORDS = {"p_kind": KINDS, "exclude_reason": (NO_QUOTE, ONE_SIDED)}
PARTITIONED = ("symbol", "dt")


def at_cutoff(shot: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """Snapshots with what the version said that held at their cutoff, as `said_...`; null where none held."""
    versions = markets.select(
        "condition_id", "ts_valid_from", "ts_valid_to", *(pl.col(name).alias(f"said_{name}") for name in SAID)
    )
    held = cutoffs.held(shot.select(TAKEN).join(versions, on="condition_id", how="inner"))
    return shot.join(held.drop("ts_valid_to"), on=TAKEN, how="left", maintain_order="left")


def known_late(shot: pl.DataFrame) -> pl.DataFrame:
    """Snapshots with an input that came after the cutoff, or of which nobody can tell when it came."""
    late = pl.any_horizontal(pl.col("ts_inputs_known", "ts_quote") > pl.col("ts_cutoff"))
    untold = pl.col("ts_inputs_known").is_null() | (~pl.col("excluded") & pl.col("ts_quote").is_null())
    misdated = (pl.col("ts_inputs_known") < pl.col("ts_quote")) | (
        pl.col("quote_age_s") != seconds(pl.col("ts_cutoff") - pl.col("ts_quote"))
    )
    return shot.filter((late | misdated).fill_null(value=False) | untold)


def telling(shot: pl.DataFrame) -> pl.DataFrame:
    """Columns that are none of a snapshot's, and those that hold a word that is none of theirs: either may tell how it ended."""
    strange = [name for name in shot.columns if name not in SHAPE and name not in PARTITIONED]
    wordy = [name for name, words in WORDS.items() if not shot[name].drop_nulls().is_in(words).all()]
    return pl.DataFrame({"column": sorted({*strange, *wordy})}, schema={"column": pl.String})


def unsaid(shot: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """Snapshots that say of their market what the version at the cutoff did not."""
    rows = at_cutoff(shot, markets)
    left = seconds(pl.col("said_ts_scheduled_end") - pl.col("ts_cutoff"))
    alike = [
        pl.col(name).eq_missing(pl.col(f"said_{name}"))
        for name in ("category", "cluster_id", "group_id", "rescheduled")
    ]
    return rows.filter(
        pl.col("ts_valid_from").is_null() | ~pl.all_horizontal(*alike, pl.col("tte_s").eq_missing(left))
    )


def misplaced(shot: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """Snapshots whose cutoff does not follow from what was said then: the scheduled end, the first of the group, the opening, or the calendar."""
    at, horizon = pl.col("ts_cutoff"), pl.duration(seconds="horizon_s", time_unit="ns")
    right = (
        pl.when(pl.col("anchor") == cutoffs.SCHED_END)
        .then(pl.col("said_ts_scheduled_end") == at + horizon)
        .when(pl.col("anchor") == cutoffs.GROUP_END)
        .then(pl.col("first_end") == at + horizon)
        .when(pl.col("anchor") == cutoffs.OPEN_PLUS)
        .then(pl.col("said_ts_created") == at - horizon)
        .when(pl.col("anchor") == cutoffs.CALENDAR)
        .then((at.dt.time() == time(12)) & (pl.col("horizon_s") == 0))
        .otherwise(pl.lit(value=False))
    )
    firsts = first_ends(shot.filter(pl.col("anchor") == cutoffs.GROUP_END), markets)
    rows = at_cutoff(shot, markets).join(
        firsts, on=["group_id", "ts_cutoff"], how="left", maintain_order="left"
    )
    return rows.filter(~right.fill_null(value=False))


def answered_by_then(scored: pl.DataFrame, labels: pl.DataFrame, embargo_s: int) -> pl.DataFrame:
    """Scores of forecasts that were asked when something of the answer was about, or so shortly before; and those without a label."""
    info = labels.select("condition_id", ts_info=instant_told())
    rows = scored.join(info, on="condition_id", how="left", maintain_order="left")
    at = pl.col("ts_cutoff")
    late = (at >= pl.col("ts_label_known")) | (at >= pl.col("ts_info") - embargo(embargo_s))
    return rows.filter(late.fill_null(value=True))


def over(used: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """Snapshots of markets that were listed at the cutoff as closed, proposed, disputed or resolved."""
    status = pl.col("said_resolution_status").fill_null("").is_in([*TOLD_OF, *FINISHED])
    return at_cutoff(used, markets).filter(pl.col("said_closed").fill_null(value=False) | status)


def played(used: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """Snapshots after the start of the game that was said at their cutoff."""
    begun = (pl.col("said_scheduled_by") == GAME_START) & (
        pl.col("ts_cutoff") > pl.col("said_ts_scheduled_end")
    )
    return at_cutoff(used, markets).filter(begun)


def unseen(shot: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """Snapshots of markets that nobody had seen by their cutoff."""
    first = markets.group_by("condition_id").agg(ts_first=pl.col("ts_valid_from").min())
    rows = shot.join(first, on="condition_id", how="left", maintain_order="left")
    return rows.filter((pl.col("ts_first") > pl.col("ts_cutoff")).fill_null(value=True))
