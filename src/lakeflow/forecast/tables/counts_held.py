"""The checks that nobody is dropped: whatever was asked is scored, waits or is counted with why, and has what each forecast must have."""

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from lakeflow.forecast.tables import fitted, followed_up, lost_again, none_missing
from lakeflow.forecast.tables.audit import Check, Looked
from lakeflow.forecast.tables.last_words import Said
from lakeflow.forecast.tables.sums_again import unsummed


class Counted(NamedTuple):
    """The tables that are held against each other beside those of an audit."""

    lookbacks: pl.DataFrame
    unscored: pl.DataFrame
    evidence: pl.DataFrame
    taken: pl.DataFrame


def checks(at: Looked, by: Counted, said: Said) -> Iterator[Check]:
    """Each check with its rows and those that break it."""
    yield from of_forecasts(at, by)
    again, past = at.recalibrated, at.past
    against = "every forecast has its yardstick in each segment that it is in, and no other has one"
    missing = none_missing.without_yardstick(at.yardsticks, at.scored, with_up_down=at.with_up_down)
    yield "V17", against, fitted.named(at.scored, with_up_down=at.with_up_down), missing
    due = none_missing.correctable(at.scored, past)
    unmapped = none_missing.without_answer(again, at.scored, past)
    yield "V18", "every forecast that the maps of its past can answer is answered by them", due, unmapped
    lost = lost_again.miscounted(
        at.attrition, at.markets, by.evidence, at.snapshots, by.taken, at.dt, at.as_of
    )
    whole = "what was asked and has no forecast is as many as the markets of the day say, by why"
    yield "V19", whole, at.attrition, lost
    grouped = at.snapshots.filter(pl.col("group_id").is_not_null(), pl.col("p").is_not_null())
    shares = "a price has its share of the group's sum wherever every member has a price"
    yield "V20", shares, grouped, unsummed(at.snapshots, at.markets, at.labels, said)


def of_forecasts(at: Looked, by: Counted) -> Iterator[Check]:
    """What became of the forecasts that the day began with or made."""
    waited, waiting = (at.waiting.filter(which) for which in (pl.col("dt") < at.dt, pl.col("dt") == at.dt))
    of = followed_up.followed(waited, (at.snapshots, by.lookbacks), at.labels, at.dt, at.embargo_s)
    again = at.recalibrated.select(at.scored.columns)
    every = pl.concat([at.scored, again])
    wrong = pl.concat([followed_up.unlike(every, of), followed_up.unweighed(again, at.scored)])
    same = "a score says of its market what the forecast did: cluster, group, category, bucket, kind of price"
    yield "V12", same, every, wrong.unique(maintain_order=True)
    yield "V13", "a score is there once and counts for one", every, followed_up.miscounted(every)
    fate = "every forecast whose answer came is scored, by each price that it has, and no other is"
    yield "V14", fate, of.rows, followed_up.missing(at.scored, of)
    yield "V15", "every forecast whose answer is not sure waits on as it was made", of.rows, followed_up.astray(waiting, of)  # fmt: skip
    left = "what scores nothing is counted, by why"
    yield "V16", left, by.unscored, followed_up.misnamed(by.unscored, of)
