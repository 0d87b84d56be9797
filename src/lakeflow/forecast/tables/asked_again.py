"""The questions of a day, version by version of its markets, by no code of the cutoffs that are held against them."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

SECOND = 1_000_000_000
HOUR, DAY = 3_600, 86_400
HORIZONS = (HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY)
TOLD = frozenset(("proposed", "challenged", "disputed", "arbitration", "reproposed", "resolved", "settled"))
Key = tuple[str, str, int]


class Version(NamedTuple):
    """What of a version decides whether its market is asked, instants in nanoseconds."""

    market: str
    since: int
    until: int | None
    end: int | None
    by: str | None
    created: int | None
    closed: bool
    ts_closed: int | None
    status: str
    tokens: int
    active: bool
    group: str | None
    category: str

    @property
    def is_over(self) -> bool:
        return self.closed or self.status in TOLD

    @property
    def is_kept(self) -> bool:
        """Whether it is a place kept for somebody."""
        return not self.active and not self.closed

    def holds(self, at: int) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


class Asked(NamedTuple):
    """A question of a version at an instant."""

    at: int
    anchor: str
    horizon_s: int
    version: Version


class Day(NamedTuple):
    """A day of questions: its instants, since when each market was over, and which questions had been asked."""

    begins: int
    ends: int
    until: int  # what came later is not asked in a lake as of an instant
    over: dict[str, int]
    asked: frozenset[Key]


def versions_of(markets: pl.DataFrame) -> Iterator[Version]:
    """The versions of each market, the first one first."""
    times = ("ts_valid_from", "ts_valid_to", "ts_scheduled_end", "ts_created", "ts_closed")
    at = {name: pl.col(name).dt.epoch("ns") for name in times}
    rows = markets.sort("condition_id", "ts_valid_from").select(
        "condition_id", at["ts_valid_from"], at["ts_valid_to"], at["ts_scheduled_end"], "scheduled_by", at["ts_created"],
        pl.col("closed").fill_null(value=False), at["ts_closed"], pl.col("resolution_status").fill_null(""),
        pl.col("token_ids").list.len().fill_null(0), pl.col("active").fill_null(value=True), "group_id", "category",
    )  # fmt: skip
    yield from map(Version._make, rows.iter_rows())


def instants_over(versions: list[Version], evidence: pl.DataFrame) -> dict[str, int]:
    """Since when each market was over, as any source dates it by the day's end, or its last version says that it closed."""
    told = pl.when(pl.col("payout0").is_not_null()).then(pl.coalesce("ts_told", "ts_known"))
    rows = evidence.select("condition_id", pl.min_horizontal(told, "ts_proposed").dt.epoch("ns")).drop_nulls()
    closed = [(each.market, each.ts_closed) for each in versions if each.until is None and each.closed]
    found: dict[str, int] = {}
    for market, at in [*rows.iter_rows(), *closed]:
        if at is not None:
            found[market] = min(at, found.get(market, at))
    return found


def of_each(versions: list[Version], day: Day) -> Iterator[Asked]:
    """Each market's own questions, of the version that held at the instant."""
    noon = (day.begins + day.ends) // 2
    for it in versions:
        end = [] if it.end is None else [(it.end - h * SECOND, "SCHED_END", h) for h in HORIZONS]
        opened = [] if it.created is None else [(it.created + h * SECOND, "OPEN_PLUS", h) for h in HORIZONS]
        for at, anchor, horizon in (*end, *opened, (noon, "CALENDAR", 0)):
            if is_asked(at, day) and it.holds(at):
                yield Asked(at, anchor, horizon, it)


def of_groups(versions: list[Version], day: Day) -> Iterator[Asked]:
    """The questions of groups before the first end of their members, where these end at different times."""
    groups: dict[str, list[Version]] = defaultdict(list)
    for it in versions:
        if it.group is not None and not it.is_kept:
            groups[it.group].append(it)
    for members in groups.values():
        for end in {it.end for it in members if it.end is not None}:
            for horizon in HORIZONS:
                at = end - horizon * SECOND
                held = [it for it in members if it.holds(at)] if is_asked(at, day) else []
                ends = {it.end for it in held if it.end is not None}
                if len(ends) > 1 and min(ends) == end:
                    yield from (Asked(at, "GROUP_END", horizon, it) for it in held)


def is_asked(at: int, day: Day) -> bool:
    return day.begins <= at < day.ends and at <= day.until
