"""Groups whose members end at different times are asked before the first of these ends, as it was known then, and once."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from lakeflow.forecast.tables.breaches import misplaced
from lakeflow.forecast.tables.cutoffs import TIME
from lakeflow.forecast.tables.group_ends import group_ends

SEEN, DAY = datetime(2026, 4, 1, tzinfo=UTC), timedelta(days=1)
SHAPE = {
    "condition_id": pl.String, "group_id": pl.String, "ts_valid_from": TIME, "ts_valid_to": TIME, "ts_scheduled_end": TIME, "active": pl.Boolean,
    "closed": pl.Boolean, "scheduled_by": pl.String, "ts_created": TIME, "resolution_status": pl.String, "ts_closed": TIME,
    "token_ids": pl.List(pl.String), "category": pl.String, "cluster_id": pl.String, "rescheduled": pl.Boolean,
}  # fmt: skip
ASKED = datetime(2026, 5, 3, 12, tzinfo=UTC)  # a week before the first end


def end(day):
    return datetime(2026, 5, day, 12, tzinfo=UTC)


def member(name, day, **said):
    row = {"condition_id": name, "group_id": "0xg", "ts_valid_from": SEEN, "active": True, "closed": False}
    return row | {"ts_scheduled_end": None if day is None else end(day)} | said


def asked(*rows, day=date(2026, 5, 3)):
    """Who is asked a week ahead on a day, and when."""
    found = group_ends(pl.DataFrame(rows, schema=SHAPE), day).filter(pl.col("horizon_s") == 7 * 86_400)
    return sorted(found.select("condition_id", "ts_cutoff").rows())


MARCH, APRIL = member("a", 10), member("b", 20)


def test_all_members_are_asked_at_one_instant_before_the_first_end():
    assert asked(MARCH, APRIL, member("c", 30)) == [(name, ASKED) for name in "abc"]
    assert asked(MARCH, APRIL, day=date(2026, 5, 13)) == []


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([MARCH, member("b", 10)], ""),
        ([MARCH, APRIL, member("c", None)], "abc"),
        ([MARCH, APRIL, member("c", 5, active=False)], "ab"),
        ([MARCH, APRIL, member("c", 5, ts_valid_from=ASKED + DAY)], "ab"),
        ([MARCH, APRIL, member("c", 2, closed=True, active=False)], ""),
        ([MARCH, APRIL, member("c", 5, group_id="0xh")], "ab"),
        ([MARCH, member("b", 20, group_id="0xh")], ""),
    ],
    ids=["ends together", "no end said", "a place kept", "seen later", "one is over", "another group", "alone"],
)  # fmt: skip
def test_members_are_those_that_were_known_then(rows, names):
    assert asked(*rows) == [(name, ASKED) for name in names]


def test_an_end_that_is_moved_counts_from_when_that_was_seen():
    moved = datetime(2026, 5, 2, tzinfo=UTC)
    versions = [member("a", 10, ts_valid_to=moved), member("a", 12, ts_valid_from=moved), APRIL]
    assert asked(*versions) == []
    assert asked(*versions, day=date(2026, 5, 5)) == [(name, ASKED + 2 * DAY) for name in "ab"]
    late = [member("a", 10, ts_valid_to=ASKED + DAY), member("a", 12, ts_valid_from=ASKED + DAY), APRIL]
    assert asked(*late) == [("a", ASKED), ("b", ASKED)]


def test_a_cutoff_that_follows_from_another_end_is_misplaced():
    markets = pl.DataFrame([MARCH, APRIL], schema=SHAPE)
    shot = pl.DataFrame(
        {
            "condition_id": ["a", "b", "b"],
            "group_id": "0xg",
            "anchor": "GROUP_END",
            "horizon_s": 7 * 86_400,
            "ts_cutoff": [ASKED, ASKED, ASKED + 10 * DAY],
        },
        schema_overrides={"ts_cutoff": TIME},
    )
    assert misplaced(shot, markets).select("condition_id", "ts_cutoff").rows() == [("b", ASKED + 10 * DAY)]
