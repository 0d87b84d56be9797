"""Times of day, by a wall clock that may lie in another zone than the session's."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from lakeflow.truth.day_clock import times_of_day

ROOT = Path(__file__).parents[2]
TOD = {"am": "09:30", "pm": "12:00", "night": "18:00"}


@pytest.mark.parametrize(("month", "hour"), [(1, 14), (7, 13)])
def test_a_second_is_in_the_part_that_began_last_on_both_sides_of_a_change_of_the_clocks(month, hour):
    found = times_of_day(datetime(2026, month, 5, hour, 30, tzinfo=UTC), 9001, "America/New_York", TOD)
    assert found.to_list() == ["am"] * 9000 + ["pm"]


def test_the_last_part_of_the_day_goes_on_after_midnight():
    found = times_of_day(datetime(2026, 1, 5, 23, 0, tzinfo=UTC), 82_800, "America/New_York", TOD)
    assert (found[0], found[55_799], found[55_800], found[-1]) == ("night", "night", "am", "pm")
    found = times_of_day(datetime(2026, 1, 5, 8, 0, tzinfo=UTC), 10, "America/New_York", TOD)
    assert found.unique().to_list() == ["night"]


@pytest.mark.parametrize("tod", [{}, {"am": "09:30", "pm": "09:30"}, {"am": "soon"}])
def test_parts_that_cannot_be_told_apart_are_refused(tod):
    with pytest.raises(ValueError, match="tod: "):
        times_of_day(datetime(2026, 1, 5, tzinfo=UTC), 10, "UTC", tod)


def test_a_half_day_of_shares_ends_in_its_midday():
    opened = datetime(2025, 11, 28, 14, 30, tzinfo=UTC)
    params = yaml.safe_load((ROOT / "datasets.yaml").read_text())["stages"]["gold.equity_mbo.events"][
        "params"
    ]
    parts = [times_of_day(opened, 12_600, params["tod_zone"], params[name]) for name in ("tod", "tod3")]
    assert [dict(part.value_counts().iter_rows()) for part in parts] == [
        {"open": 1800, "morning": 5400, "midday": 5400},
        {"morning": 5400, "midday": 7200},
    ]


def test_an_overnight_session_begins_in_the_afternoon_of_the_day_before():
    opened = datetime(2026, 1, 5, 23, tzinfo=UTC)  # 18:00 in New York
    thirds = {"morning": "00:00", "midday": "11:00", "afternoon": "14:00"}
    found = times_of_day(opened, 82_800, "America/New_York", thirds)
    assert [found[hour * 3600] for hour in (0, 5, 6, 16, 17, 19, 20, 22)] == [
        "afternoon", "afternoon", "morning", "morning", "midday", "midday", "afternoon", "afternoon",
    ]  # fmt: skip
