"""The checks that nobody is dropped: what each of them catches when it is planted in a day of the simulated venue."""

from datetime import timedelta

import polars as pl
import pytest

from lakeflow.forecast.tables.followed_up import unweighed
from lakeflow.forecast.tables.none_missing import without_answer
from lakeflow.forecast.tables.recalibrated import recalibrated
from tests.polymarket.test_sources_held import DAY, HONEST, audited, forecasts, mapped, one, waited, without  # noqa: F401  a fixture is found by its name

CHECKS = [f"V{n}" for n in range(12, 21)]
LOST, AHEAD = pl.col("y") == 0, pl.col("anchor") == "CLOSE_EXPOST"
TODAY = pl.col("dt") == pl.col("dt").max()


def column(**values):
    return lambda rows: rows.with_columns(pl.lit(value).cast(rows.schema[name]).alias(name) for name, value in values.items())  # fmt: skip


def expr(**values):
    return lambda rows: rows.with_columns(**values)


def none(rows):
    return rows.clear()


def again(rows):
    return pl.concat([rows, rows.head(1)])


def more(reason):
    """A count that is one more."""
    return expr(markets=pl.col("markets") + (pl.col("reason") == reason).cast(pl.Int64))


PLANTED = [
    ("V12", "every market a witness of its own", {"scored": expr(cluster_id="condition_id")}),
    ("V12", "every price that of a verified book", {"scored": column(p_kind="MID")}),
    ("V12", "no market in a group", {"scored": column(group_id=None)}),
    ("V12", "another bucket", {"scored": column(liquidity_bucket="HIGH")}),
    ("V12", "another category of what looks ahead", {"scored": one(AHEAD, category=pl.lit("sports"))}),
    ("V13", "a score that is there twice", {"scored": again}),
    ("V13", "a score that counts five times", {"scored": one(HONEST, weight_equal=5.0)}),
    ("V14", "no score of those that lost, nor their yardsticks", {"scored": without(LOST), "yardsticks": none}),
    ("V14", "one score that is gone", {"scored": lambda rows: rows.slice(1)}),
    ("V14", "no bid of those that lost", {"scored": without(LOST & (pl.col("forecaster") == "BID"))}),
    ("V14", "the answer as the price of what looks ahead", {"scored": one(AHEAD, p=pl.col("y").cast(pl.Int64) * 1_000_000)}),
    ("V14", "a score of what was forecast when the answer was about", {"labels": expr(ts_proposed=pl.col("ts_proposed") - pl.duration(days=9, time_unit="ns"), ts_closed=pl.col("ts_closed") - pl.duration(days=9, time_unit="ns"))}),
    ("V15", "nothing waits on", {"waited": without(TODAY)}),
    ("V15", "one that waits is gone", {"waited": lambda rows: rows.sort("dt").head(-1)}),
    ("V15", "another price than was forecast", {"waited": one(TODAY, p=1)}),
    ("V15", "another cluster than was forecast in", {"waited": one(TODAY, cluster_id=pl.lit("alone"))}),
    ("V16", "what scores nothing is not counted", {"unscored": none}),
    ("V16", "one more is left out than there were", {"unscored": more("EMBARGO")}),
    ("V17", "nothing to beat", {"yardsticks": none}),
    ("V17", "one yardstick that is gone", {"yardsticks": lambda rows: rows.slice(1)}),
    ("V17", "a yardstick of a segment that it is not in", {"yardsticks": one(HONEST, segment=pl.lit("category=sport"))}),
    ("V19", "nothing had ended before", {"attrition": without(pl.col("reason") == "RESOLVED_BEFORE")}),
    ("V19", "more had ended before", {"attrition": more("RESOLVED_BEFORE")}),
    ("V19", "what ended before is said to have opened after", {"attrition": expr(reason=pl.col("reason").replace("RESOLVED_BEFORE", "OPENED_AFTER"))}),
    ("V20", "no sum and no share", {"snapshots": column(group_sum=None, p_norm=None)}),
    ("V20", "one share that is gone", {"snapshots": one(pl.col("p_norm").is_not_null(), p_norm=None)}),
]  # fmt: skip


def test_a_day_of_the_venue_drops_nobody(kept):
    for day in kept.days:
        found = day["leakage_audit"].filter(pl.col("check_id").is_in(CHECKS))
        assert (found["check_id"].to_list(), found["violations"].sum()) == (CHECKS, 0)
    looked = kept.days[DAY]["leakage_audit"].filter(pl.col("check_id").is_in(CHECKS), pl.col("rows_checked") == 0)  # fmt: skip
    assert looked["check_id"].to_list() == ["V18"]


@pytest.mark.parametrize(
    ("check", "planted", "change"), PLANTED, ids=[f"{check}: {said}" for check, said, _ in PLANTED]
)
def test_what_is_dropped_is_caught(kept, check, planted, change):
    assert audited(kept, **change)[check] > 0, planted


def test_those_that_lost_cannot_be_left_waiting(kept):
    day = kept.days[DAY]
    lost = day["scored"].filter(HONEST & LOST)["condition_id"].unique().implode()
    before = waited(kept).filter(~TODAY, pl.col("condition_id").is_in(lost))
    kept_waiting = before.with_columns(dt=pl.lit(waited(kept)["dt"].max()))
    found = audited(kept, scored=without(pl.col("condition_id").is_in(lost)), waited=lambda rows: pl.concat([rows, kept_waiting]))  # fmt: skip
    assert found["V14"] > 0
    assert found["V15"] == len(kept_waiting) > 0


@pytest.fixture(scope="module")
def strangers():
    """Forecasts of clusters that the past does not have, which share a map."""
    past, today = forecasts(200, 45, 1, 2), forecasts(30, 60, 10, 11)
    today = today.with_columns(cluster_id=pl.format("new {}", "cluster_id"))
    return recalibrated(today, past), today, past


def test_the_answers_of_all_maps_are_there(mapped, strangers):  # noqa: F811  a fixture
    for told, today, past in (mapped, strangers):
        few = past.filter(pl.col("cluster_id").str.ends_with("1"))
        assert without_answer(told, today, past).is_empty()
        assert len(without_answer(told.clear(), today, past)) == 2 * len(today)
        assert without_answer(told.clear(), today, few).is_empty()


@pytest.mark.parametrize("name", ["weight_volume", "weight_cap", "tte_s", "tte_bucket"])
def test_an_answer_of_a_map_weighs_what_the_forecast_does(strangers, name):
    told, today, _ = strangers
    assert unweighed(told, today).is_empty()
    other = told.with_columns(pl.lit(7).cast(told.schema[name]).alias(name))
    assert len(unweighed(other, today)) == len(told)


@pytest.mark.parametrize("method", ["RECAL_BETA", "RECAL_ISOTONIC", "RECAL_PLATT", "RECAL_VENN_ABERS"])
def test_an_answer_of_a_map_that_is_gone_is_caught(strangers, method):
    told, today, past = strangers
    is_last = (pl.col("forecaster") == method) & (pl.col("condition_id") == pl.col("condition_id").max())
    assert without_answer(told.filter(~is_last), today, past)["forecaster"].to_list() == [method]


def test_a_day_later_the_same_forecasts_are_no_longer_those_that_began_it(kept):
    """A window that is a day off is a breach, not a day without forecasts."""
    assert audited(kept, waited=expr(dt=pl.col("dt") + timedelta(days=1)))["V15"] > 0
