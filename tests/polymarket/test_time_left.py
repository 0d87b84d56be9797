"""How long a market had to go at its cutoff: buckets of fixed borders, which segments they make, and borders that are none."""

from datetime import UTC, datetime

import polars as pl
import pytest

from lakeflow.forecast.tables.scored import SHAPE
from lakeflow.forecast.tables.segments import segments
from lakeflow.forecast.tables.time_left import BORDERS_S, bucket, refuse_unsorted

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "name"),
    [
        (-1, "PAST"),
        (0, "0-1h"),
        (3_599, "0-1h"),
        (3_600, "1h-6h"),
        (86_400, "1d-3d"),
        (7_775_999, "30d-90d"),
        (7_776_000, "90d+"),
        (None, None),
    ],
)
def test_a_time_to_the_end_is_in_the_bucket_that_begins_at_or_below_it(seconds, name):
    rows = pl.DataFrame({"tte_s": [seconds]}, schema={"tte_s": pl.Int64})
    assert rows.select(bucket(pl.col("tte_s"))).item() == name


def test_borders_are_those_that_are_given():
    rows = pl.DataFrame({"tte_s": [59, 60, 5_399, 5_400, 86_400]})
    named = rows.select(bucket(pl.col("tte_s"), [60, 5_400, 86_400])).to_series()
    assert named.to_list() == ["0-1m", "1m-90m", "1m-90m", "90m-1d", "1d+"]


@pytest.mark.parametrize("borders", [[60, 60], [120, 60], [0, 60], [-1]])
def test_borders_that_do_not_rise_are_refused(borders):
    with pytest.raises(
        ValueError, match=r"tte_borders_s: expected seconds above 0, each above the one before"
    ):
        refuse_unsorted(borders)
    refuse_unsorted(BORDERS_S)


def test_buckets_are_segments_of_anchors_whose_horizon_is_not_the_time_to_the_end():
    row = {
        "horizon_s": 3_600, "forecaster": "MARKET", "p": 1, "y": 1, "ts_cutoff": AT, "category": "world", "cluster_id": "c",
        "condition_id": "c", "tte_s": 3_600, "tte_bucket": "1h-6h",
    }  # fmt: skip
    anchors = ("SCHED_END", "OPEN_PLUS", "CALENDAR")
    rows = pl.DataFrame([row | {"anchor": anchor} for anchor in anchors], schema=SHAPE)
    named = [(each.name, each.anchor) for each in segments(rows) if each.name.startswith("tte")]
    assert named == [("tte=1h-6h", "CALENDAR"), ("tte=1h-6h", "OPEN_PLUS")]


def test_a_category_and_a_liquidity_bucket_are_a_segment_apart_and_together():
    row = {
        "horizon_s": 3_600, "forecaster": "MARKET", "p": 1, "y": 1, "ts_cutoff": AT, "anchor": "SCHED_END", "cluster_id": "c",
    }  # fmt: skip
    said = [("world", "LOW"), ("crypto_updown", "LOW"), ("tech", None)]
    rows = pl.DataFrame(
        [row | {"category": category, "liquidity_bucket": bucket} for category, bucket in said], schema=SHAPE
    )
    assert [(each.name, each.rows.height, each.is_crossed) for each in segments(rows)] == [
        ("all", 2, False), ("category=crypto_updown", 1, False), ("category=tech", 1, False), ("category=world", 1, False), ("liquidity=LOW", 1, False),
        ("category=crypto_updown liquidity=LOW", 1, True), ("category=world liquidity=LOW", 1, True),
    ]  # fmt: skip


def test_what_is_asked_for_groups_alone_is_in_no_segment():
    row = {
        "horizon_s": 3_600,
        "forecaster": "MARKET",
        "p": 1,
        "y": 1,
        "ts_cutoff": AT,
        "category": "world",
        "cluster_id": "c",
    }
    rows = pl.DataFrame([row | {"anchor": "GROUP_END", "tte_bucket": "1h-6h"}], schema=SHAPE)
    assert list(segments(rows)) == []
