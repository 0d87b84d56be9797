"""The checks that hold gold's values against their sources, as rows of the leakage audit: nothing looks ahead that is what was said then."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import polars as pl

from lakeflow.forecast.tables import costed_again, cutoffs, sourced
from lakeflow.forecast.tables.audit import Check, Looked
from lakeflow.forecast.tables.dollars_again import misvalued
from lakeflow.forecast.tables.evidence import FINISHED, TOLD_OF
from lakeflow.forecast.tables.last_words import Said
from lakeflow.forecast.tables.swung_again import ill_swung
from lakeflow.forecast.tables.versions import GAME_START

LEARNT = ("anchor", "forecaster", "horizon_s", "cluster_id", "p", "y", "ts_label_known")
ENDS = ("ts_told", "ts_proposed", "ts_closed", "ts_resolved")


def checks(
    at: Looked, said: Said, snapshots: pl.DataFrame, past: pl.DataFrame, marks: pl.DataFrame
) -> Iterator[Check]:
    """Each check with its rows and those that break it; `snapshots` are those of scores, `past` the scores that maps learnt from."""
    yield from of_snapshots(at, said)
    yield from of_scores(at, snapshots, past)
    open_ones = open_at_noon(at)
    asked = at.snapshots.filter(pl.col("anchor") == cutoffs.CALENDAR)
    gone = open_ones.join(asked, on="condition_id", how="anti")
    yield "V10", "every market that was open at noon has its snapshot", open_ones, gone
    swung = ill_swung(at.snapshots, marks)
    yield (
        "V11",
        "the volatility is that of the hourly prices of the day before the cutoff",
        at.snapshots,
        swung,
    )


def of_snapshots(at: Looked, said: Said) -> Iterator[Check]:
    """What a snapshot says of its market, whether it has a price or none."""
    shot, found = at.snapshots, sourced.misread(at.snapshots, at.markets, said)
    yield (
        "V01",
        "both sides and the dollars near them are those of the book that counted",
        shot,
        found["book"],
    )
    yield "V02", "the last trade is the last of the day before the cutoff", shot, found["trade"]
    yield "V03", "the price is what book, trade and history give, in this order", shot, found["price"]
    dollars = (
        "the dollars are those of the takers' trades of the day before the cutoff, where anybody tells them"
    )
    yield "V04", dollars, shot, misvalued(shot, at.markets, said)
    yield (
        "V05",
        "the open interest is the last of the day before the cutoff",
        shot,
        sourced.misheld(shot, said),
    )
    grouped = shot.filter(pl.col("group_sum").is_not_null())
    sums = sourced.missummed(shot, at.markets, at.labels, said)
    yield (
        "V06",
        "a group's sum is that of what its members cost, whenever each is asked itself",
        grouped,
        sums,
    )


def of_scores(at: Looked, snapshots: pl.DataFrame, past: pl.DataFrame) -> Iterator[Check]:
    """What scores are of."""
    scored, again = at.scored, at.recalibrated
    honest = scored.filter(pl.col("anchor") != cutoffs.CLOSE_EXPOST)
    strange = costed_again.of_no_snapshot(scored, snapshots)
    yield "V07", "a scored forecast is what the snapshot said", honest, strange
    every = pl.concat([rows.select(scored.columns) for rows in (scored, again)])
    wrong = [costed_again.ill_answered(every, at.labels), costed_again.ill_costed(every)]
    yield (
        "V08",
        "an answer is the label's, and a cost that of forecast and answer",
        every,
        pl.concat(wrong).unique(),
    )
    mapped = costed_again.ill_mapped(again, scored, past)
    yield (
        "V09",
        "a recalibrated forecast is what a map of the labels before says of the market's",
        again,
        mapped,
    )


def open_at_noon(at: Looked) -> pl.DataFrame:
    """The markets of two outcomes that were listed at the day's noon and not over then, as far as anybody tells by now."""
    noon = cutoffs.bounds(at.dt)[0] + timedelta(hours=12)
    if at.as_of and datetime.fromisoformat(at.as_of) < noon:
        return at.markets.clear()
    held = (pl.col("ts_valid_from") <= noon) & ~is_by(noon, "ts_valid_to")
    status = pl.col("resolution_status").fill_null("").is_in([*TOLD_OF, *FINISHED])
    begun = (pl.col("scheduled_by") == GAME_START) & (pl.col("ts_scheduled_end") < noon)
    out = pl.col("closed").fill_null(value=False) | status | begun.fill_null(value=False)
    can = pl.col("active").fill_null(value=True) & (pl.col("token_ids").list.len() == 2)
    over = [at.labels.filter(is_by(noon, *ENDS)), at.markets.filter(is_by(noon, "ts_closed"))]
    ended = pl.concat([rows.select("condition_id") for rows in over])
    return at.markets.filter(held & ~out & can).join(ended, on="condition_id", how="anti")


def is_by(noon: datetime, *instants: str) -> pl.Expr:
    return (pl.min_horizontal(instants) <= noon).fill_null(value=False)
