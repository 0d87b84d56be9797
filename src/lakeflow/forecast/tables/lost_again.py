"""The questions of a day that have no forecast, counted once more, by no code of the attrition that is held against it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

import polars as pl

from lakeflow.forecast.tables.asked_again import (
    DAY,
    HORIZONS,
    SECOND,
    Asked,
    Day,
    Key,
    Version,
    instants_over,
    of_each,
    of_groups,
    versions_of,
)
from lakeflow.forecast.tables.cutoffs import bounds

PRICED = ("TAKEN", "NO_QUOTE", "ONE_SIDED")  # of a snapshot, and held against these
ORDER = ("OPENED_AFTER", "RESCHEDULED", "RESOLVED_BEFORE", "UNASKABLE", "IN_PLAY", "NO_END")
OF = ["anchor", "horizon_s", "category", "reason"]


class Lost(NamedTuple):
    """A question without a forecast, and why."""

    market: str
    anchor: str
    horizon_s: int
    category: str
    reason: str


def miscounted(  # noqa: PLR0913  the tables that they follow from
    attrition: pl.DataFrame, markets: pl.DataFrame, evidence: pl.DataFrame, made: pl.DataFrame, taken: pl.DataFrame, dt: date, as_of: str
) -> pl.DataFrame:  # fmt: skip
    """Counts of questions without a forecast that are not those of the versions of the day's markets."""
    begins, ends = (int(each.timestamp()) * SECOND for each in bounds(dt))
    then = int(datetime.fromisoformat(as_of).timestamp() * 1_000_000) * 1_000 if as_of else ends
    had = taken.filter(pl.col("ts_cutoff").dt.epoch("ns") < begins)
    keys = [frozenset(rows.select("condition_id", "anchor", "horizon_s").iter_rows()) for rows in (had, made)]
    versions = list(versions_of(markets))
    day = Day(begins, ends, then, instants_over(versions, evidence), keys[0])
    found = {
        lost
        for lost in once(questions(versions, day), day)
        if lost.anchor == "CALENDAR" or lost[:3] not in keys[1]
    }
    counts = pl.DataFrame(
        [lost[1:] for lost in found], schema={name: attrition.schema[name] for name in OF}, orient="row"
    )
    there = counts.group_by(OF).agg(there=pl.len().cast(pl.Int64))
    told = attrition.filter(~pl.col("reason").is_in(PRICED))
    both = told.join(there, on=OF, how="full", coalesce=True)
    return both.filter(pl.col("markets").ne_missing(pl.col("there")))


def questions(versions: list[Version], day: Day) -> Iterator[Lost]:
    """The questions of a day that nothing was forecast of, each reason apart."""
    open_once = {each.market for each in versions if not each.is_over}
    yield from passed_over(versions, day)
    for asked in [*of_each(versions, day), *of_groups(versions, day)]:
        it = asked.version
        why = reason(asked, day)
        if why == "RESOLVED_BEFORE" and asked.anchor == "CALENDAR":
            lately = (it.ts_closed or it.since) > asked.at - DAY * SECOND
            if (it.market, "CALENDAR", 0) in day.asked or not (lately or it.market in open_once):
                continue
            if it.end is None:
                yield from (Lost(it.market, "SCHED_END", h, it.category, "NO_END") for h in HORIZONS)
        if why:
            yield Lost(it.market, asked.anchor, asked.horizon_s, it.category, why)


def once(found: Iterable[Lost], day: Day) -> Iterator[Lost]:
    """Questions that had not been asked before, each by the reason that comes first; those of noon every day."""
    of: dict[Key, Lost] = {}
    for lost in sorted(found, key=lambda each: place(each.reason)):
        if lost.anchor == "CALENDAR":
            yield lost
        elif lost[:3] not in day.asked:
            of.setdefault(lost[:3], lost)
    yield from of.values()


def place(reason: str) -> int:
    return ORDER.index(reason if reason in ORDER else "UNASKABLE")


def reason(asked: Asked, day: Day) -> str | None:
    """Why a question was not asked; None of one that was."""
    it = asked.version
    over = day.over.get(it.market)
    if it.is_over or (over is not None and over <= asked.at):
        return "RESOLVED_BEFORE"
    if it.tokens != 2:
        return "NOT_BINARY" if it.tokens else "NO_TOKENS"
    if not it.active:
        return "INACTIVE"
    began = it.by == "GAME_START" and it.end is not None and asked.at > it.end
    return "IN_PLAY" if began else None


def passed_over(versions: list[Version], day: Day) -> Iterator[Lost]:
    """Horizons that had begun when a market was first seen, or that an end which was moved nearer passed over."""
    before: Version | None = None
    for it in versions:
        earlier = before if before is not None and before.market == it.market else None
        before = it
        if not day.begins <= it.since < day.ends or it.end is None:
            continue
        if earlier is not None and earlier.end == it.end:
            continue
        why = "OPENED_AFTER" if earlier is None else "RESCHEDULED"
        for h in HORIZONS:
            was_ahead = earlier is None or earlier.end is None or earlier.end - h * SECOND >= it.since
            if it.end - h * SECOND < it.since and was_ahead:
                yield Lost(it.market, "SCHED_END", h, it.category, why)
