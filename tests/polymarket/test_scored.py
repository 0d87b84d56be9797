"""Which forecasts a day's labels score: those before anything of the answer was about, and of the anchor that looks ahead all."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from lakeflow.forecast.tables.cutoffs import CLOSE_EXPOST, SCHED_END
from lakeflow.forecast.tables.scored import scored, unscored
from lakeflow.forecast.tables.snapshots import shaped
from lakeflow.forecast.tables.time_left import BORDERS_S
from stages.gold.polymarket_scores import score

TIME = pl.Datetime("ns", "UTC")
CLOSED = datetime(2026, 2, 3, 12, tzinfo=UTC)
SNAPSHOT = {
    "condition_id": "0x1",
    "cluster_id": "0x1",
    "horizon_s": 3600,
    "excluded": False,
    "p": 700_000,
    "volume_24h": 0,
}


def snapshots(anchor, hours):
    row = SNAPSHOT | {"anchor": anchor, "ts_cutoff": CLOSED - timedelta(hours=hours)}
    empty = [name for name in (each.meta.output_name() for each in shaped()) if name not in row]
    return pl.DataFrame([row]).with_columns(pl.lit(None).alias(name) for name in empty).select(shaped())


def label(**told):
    row = {
        "condition_id": "0x1",
        "label_status": "RESOLVED_TRUE",
        "y": 1,
        "confidence": "HIGH",
        "ts_closed": CLOSED,
    } | told
    times = dict.fromkeys(("ts_proposed", "ts_resolved", "ts_closed", "ts_told", "ts_known"), TIME)
    text = dict.fromkeys(("condition_id", "label_status", "confidence"), pl.String)
    return pl.DataFrame([row], schema=text | {"y": pl.Int8} | times)


@pytest.mark.parametrize(
    ("anchor", "hours", "rows"),
    [(SCHED_END, 1, 0), (SCHED_END, 1.1, 1), (CLOSE_EXPOST, 1, 1), (CLOSE_EXPOST, 0, 0)],
)
def test_the_last_hour_before_the_close_counts_for_the_anchor_that_looks_ahead_alone(anchor, hours, rows):
    known = label(ts_known=CLOSED + timedelta(hours=2))
    assert scored(snapshots(anchor, hours), known, CLOSED.date(), 3600).height == rows


def test_a_forecast_of_the_last_hour_is_counted_under_its_own_reason():
    known = label(ts_known=CLOSED + timedelta(hours=2))
    asked = pl.concat([snapshots(SCHED_END, hours) for hours in (0.5, 1, 1.1)])
    found = unscored(asked, known, CLOSED.date(), 3600)
    assert found.rows() == [(SCHED_END, 3600, "other", "EMBARGO", 1)]
    assert unscored(snapshots(SCHED_END, 1.1), known, CLOSED.date(), 3600).is_empty()


@pytest.mark.parametrize(
    ("told", "reason"),
    [({"label_status": "SPLIT_5050", "y": None}, "SPLIT_5050"), ({"y": None, "confidence": "LOW"}, "CONFLICT"),
     ({"confidence": "LOW"}, "LOW_CONFIDENCE")],
)  # fmt: skip
def test_a_forecast_without_a_yes_or_no_to_score_it_by_is_counted(told, reason):
    known = label(ts_known=CLOSED + timedelta(hours=2), **told)
    found = unscored(snapshots(SCHED_END, 5), known, CLOSED.date(), 3600)
    assert found["reason"].to_list() == [reason]
    assert scored(snapshots(SCHED_END, 5), known, CLOSED.date(), 3600).is_empty()


def test_what_was_told_before_a_dispute_was_cleared_ends_the_forecasts():
    later = CLOSED + timedelta(days=3)
    late = snapshots(SCHED_END, -24)
    told = label(ts_closed=None, ts_told=CLOSED, ts_known=later)
    untold = label(ts_closed=None, ts_told=later, ts_known=later)
    assert [scored(late, each, later.date(), 3600).height for each in (told, untold)] == [0, 1]


LATE = CLOSED + timedelta(days=200)


def days(first, last, labels, before=None):
    """The scores and the counted of each day that a forecast is carried over, and what waits in the end."""
    found = []
    for day in pl.date_range(first, last, eager=True):
        new = snapshots(SCHED_END, 24) if day == first else NONE
        made = score(new, NONE.lazy(), NONE, labels(day), before, day, 3600, list(BORDERS_S))
        before = made["unanswered"]
        found += [(str(day), made["scored"].height, made["unscored"]["reason"].to_list())]
    return [each for each in found if each[1] or each[2]], before


NONE = snapshots(SCHED_END, 24).clear()


def test_a_label_of_half_a_year_later_scores_what_was_said_then():
    first = (CLOSED - timedelta(days=1)).date()
    told, waiting = days(first, LATE.date(), lambda _: label(ts_closed=None, ts_told=LATE, ts_known=LATE))
    assert told == [(str(LATE.date()), 1, [])]
    assert waiting.is_empty()


def test_a_forecast_whose_answer_is_in_doubt_is_counted_and_scored_when_it_is_sure():
    sure = CLOSED + timedelta(days=3)
    doubt = label(ts_known=CLOSED, confidence="LOW")
    told, _ = days(
        (CLOSED - timedelta(days=1)).date(), sure.date(), lambda day: doubt if day < sure.date() else label(ts_known=sure)
    )  # fmt: skip
    assert told == [(str(CLOSED.date()), 0, ["LOW_CONFIDENCE"]), (str(sure.date()), 1, [])]


def test_a_forecast_that_was_scored_or_can_never_be_waits_no_longer():
    for answer in (label(ts_known=CLOSED), label(ts_known=CLOSED, label_status="SPLIT_5050", y=None)):
        day = (CLOSED - timedelta(days=1)).date()
        assert days(day, CLOSED.date(), lambda _, said=answer: said)[1].is_empty()


def test_a_close_that_is_listed_after_the_answer_was_known_is_looked_back_from():
    known = label(ts_known=CLOSED + timedelta(minutes=5))
    ahead, day = snapshots(CLOSE_EXPOST, 1), CLOSED.date() + timedelta(days=1)
    made = score(NONE, NONE.lazy(), ahead, known, None, day, 3600, list(BORDERS_S))
    assert made["scored"]["anchor"].unique().to_list() == [CLOSE_EXPOST]
