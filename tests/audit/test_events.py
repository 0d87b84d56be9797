"""Audits of a session's events, of a few rows each: a simulated morning need not have one."""

import polars as pl

from lakeflow.audit.events import is_apart, is_followed, is_in_the_regimes, is_inside_the_session

EVENTS = {
    "event_id": ["one", "two"],
    "t0": [10, 40],
    "t_detect": [12, 41],
    "t_end": [20, 50],
    "t_confirm": [23, 53],
}
SECONDS = pl.LazyFrame({"sec": range(60), "ts_second": range(60)})


def events(**changed):
    return pl.LazyFrame(EVENTS | changed)


NONE = events().clear()


def found(audit):
    return audit.collect()["at"].to_list()


def test_events_lie_in_the_session():
    assert found(is_inside_the_session(events(), NONE, SECONDS)) == []
    assert found(is_inside_the_session(NONE, events(t0=[-5, 40]), SECONDS)) == ["event_id one"]
    assert found(is_inside_the_session(events(t_confirm=[23, 60]), NONE, SECONDS)) == ["event_id two"]


def test_bursts_lie_apart():
    assert found(is_apart(events())) == []
    assert found(is_apart(events(t0=[10, 20]))) == ["event_id two"]


def test_an_event_has_its_outcome_from_the_second_that_knew():
    outcomes = events().select("event_id", "t_detect")
    assert found(is_followed(outcomes, events(), NONE)) == []
    assert found(is_followed(outcomes.head(1), NONE, events())) == ["event_id two"]
    assert found(is_followed(outcomes, events(t_detect=[12, 42]), NONE)) == ["event_id two"]


def test_the_seconds_of_bursts_are_those_of_the_regime():
    inside = pl.col("sec").is_between(10, 20) | pl.col("sec").is_between(40, 50)
    regimes = SECONDS.with_columns(regime_final=pl.when(inside).then(3).otherwise(0))
    assert found(is_in_the_regimes(events(), regimes)) == []
    assert len(found(is_in_the_regimes(events().head(1), regimes))) == 11
    assert found(is_in_the_regimes(NONE, regimes.filter(pl.col("sec") < 10))) == []
