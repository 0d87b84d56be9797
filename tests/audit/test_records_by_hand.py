"""Audits of records, times, anomalies and choices on frames of a few rows, where what must hold can be counted by hand."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from lakeflow.audit import (
    anomalies,
    choice,
    levels,
    records,
    times,
    volume,
)
from tests.audit.frames import NOON, TIME, after, at, orders

TERMS = pl.LazyFrame({"row": [0], "instrument_id": [11], "raw_symbol": ["ESH6"], "min_price_increment": [10]})


def test_a_record_is_in_one_table_and_a_reject_fills_its_gap():
    kept = pl.LazyFrame({"row": [0, 1, 3]})
    gap = pl.LazyFrame(
        {"row": [2, None], "meant_for": ["orders", "status"]},
        schema={"row": pl.Int64, "meant_for": pl.String},
    )
    none = gap.clear()
    assert at(records.is_in_one_table({"orders": kept, "rejects": gap})) == []
    assert records.is_in_one_table({"orders": kept, "rejects": none}).collect().rows() == [
        ("table orders", "record 2", "3")
    ]
    twice = pl.concat([gap, gap])
    assert len(at(records.is_in_one_table({"orders": kept, "rejects": twice}))) == 1


def test_two_instruments_under_one_symbol_are_told():
    assert at(records.is_defined(orders({}, {}), TERMS)) == []
    assert at(records.is_defined(orders({}, {"instrument_id": 12}), TERMS)) == ["symbol ESH6"]
    assert at(records.is_defined(orders({"symbol": "ESM6"}), TERMS)) == ["symbol ESM6"]
    assert at(records.is_defined(orders({"symbol": "ESM6"}), TERMS.clear())) == []


def test_the_top_of_book_may_be_empty_and_an_order_may_not():
    nothing = {"price": None, "size": 0}
    day = orders(nothing | {"flags": 64}, nothing, {"action": "T", "price": None}, {"action": "M", "size": 0})
    assert at(records.is_an_order(day)) == ["symbol ESH6, row 1"]


def test_a_record_received_late_counts_at_the_clock_it_found():
    day = orders({"ts_recv": after(1)}, {"ts_recv": after(0)}, {"flags": 0}, {"ts_recv": after(2)})
    seconds = pl.LazyFrame(
        {"ts_second": [after(1), after(2)], "events": [2, 1]}, schema_overrides={"ts_second": TIME}
    )
    assert at(times.counts_every_event(seconds, day)) == []
    depth = seconds.select("ts_second", row=pl.Series([1, 3]))
    assert at(levels.is_the_end_of_events(depth, day)) == []


def test_a_gap_that_no_anomaly_counts_is_told():
    day = orders({}, {"flags": 132}, {"flags": 4})
    kinds = {"ts_minute": TIME, "class": pl.String, "count": pl.Int64, "first_row": pl.Int64}
    told = pl.LazyFrame([(NOON, "maybe_bad_book", 2, 1)], schema=kinds, orient="row")
    assert at(anomalies.counts_every_gap(told, day)) == at(anomalies.is_of_the_orders(told, day)) == []
    assert len(at(anomalies.counts_every_gap(told.clear(), day))) == 1


def test_the_last_instant_of_a_day_is_inside_and_the_next_is_not():
    day = date(2026, 1, 6)
    last = datetime(2026, 1, 7, tzinfo=UTC) - timedelta(microseconds=1)
    inside = pl.LazyFrame({"ts_recv": [datetime(2026, 1, 6, tzinfo=UTC), last]}, schema={"ts_recv": TIME})
    past = pl.LazyFrame({"ts_minute": [datetime(2026, 1, 7, tzinfo=UTC)]}, schema={"ts_minute": TIME})
    assert at(times.is_inside_the_day({"bbo": inside}, day)) == []
    assert at(times.is_inside_the_day({"bbo": inside, "anomalies": past}, day)) == ["table anomalies"]


def chosen(symbol: str, expiration: date, decision: str = "leads") -> pl.LazyFrame:
    return pl.LazyFrame({"selected_symbol": [symbol], "expiration": [expiration], "decision": [decision]})


@pytest.mark.parametrize(
    ("decision", "params", "found"),
    [("leads", {}, 1), ("override", {}, 0), ("leads", {"forward_only": False}, 0)],
)
def test_only_an_override_or_the_vendors_rule_goes_back(decision, params, found):
    was, now = chosen("ESM6", date(2026, 6, 18)), chosen("ESH6", date(2026, 3, 20), decision)
    assert len(at(choice.never_goes_back(now, was, was.clear(), params))) == found
    assert len(at(choice.never_goes_back(now, was.clear(), was, params))) == found
    assert at(choice.never_goes_back(now, was.clear(), was.clear(), params)) == []


def test_a_contract_without_a_trade_has_no_volume():
    told = pl.LazyFrame({"raw_symbol": ["ESH6", "ESM6"], "volume": [1, 1], "trades": [1, 1]})
    assert at(volume.is_no_more_than_traded(told, orders({"action": "T"}))) == ["raw_symbol ESM6"]
