"""Volumes by session: the evening before counts, another session does not, and half a delivery says nothing."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from lakeflow.calendar import load_calendar
from stages.silver.volume import by_session

TUESDAY = load_calendar("CME_EQ").session(date(2026, 1, 6))


def ns(day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(2026, 1, day, hour, minute, tzinfo=UTC).timestamp()) * 10**9


@pytest.fixture
def volumes(orders):
    """The volumes of Tuesday's session from trades told as (symbol, ts, size)."""

    def make(trades, listed=("ESH6",)):
        rows = orders([{"ts_recv": ts, "size": size, "action": "T"} for _, ts, size in trades])
        named = rows.with_columns(symbol=pl.Series([symbol for symbol, _, _ in trades], dtype=pl.String))
        definition = pl.LazyFrame({"raw_symbol": listed}, schema={"raw_symbol": pl.String})
        found = by_session(definition, named.lazy(), TUESDAY)
        return {row["raw_symbol"]: (row["trades"], row["volume"]) for row in found.iter_rows(named=True)}

    return make


def test_a_session_is_the_evening_before_and_the_day_and_not_the_evening_after(volumes):
    # 2026-01-06 in Chicago: 17:00 the day before is 23:00 UTC, 16:00 is 22:00 UTC.
    trades = [("ESH6", ts, 1) for ts in (ns(5, 22, 59), ns(5, 23), ns(6, 21, 59), ns(6, 22), ns(6, 23))]
    assert volumes(trades) == {"ESH6": (2, 2)}


def test_what_is_listed_and_has_no_trade_has_a_volume_of_zero(volumes):
    found = volumes([("ESH6", ns(6, 12), 5), ("ESH6", ns(6, 13), 7)], listed=("ESH6", "ESM6"))
    assert found == {"ESH6": (2, 12), "ESM6": (0, 0)}


def test_an_evening_alone_is_no_session(volumes):
    assert volumes([("ESH6", ns(5, 23, 30), 5)]) == {}


def test_only_trades_count(orders, fits):
    rows = orders([{"ts_recv": ns(6, 12), "action": action, "size": 3} for action in "ACMTFRN"])
    named = rows.with_columns(symbol=pl.lit("ESH6")).lazy()
    found = by_session(pl.LazyFrame({"raw_symbol": ["ESH6"]}), named, TUESDAY)
    assert fits("silver/session_volume", found)
    assert found.select("trades", "volume").rows() == [(1, 3)]


def test_a_holidays_session_is_told_under_the_date_that_it_clears_for(orders):
    holiday = load_calendar("CME_EQ").session(date(2026, 1, 19))
    named = orders([{"ts_recv": ns(19, 15), "action": "T"}]).with_columns(symbol=pl.lit("ESH6")).lazy()
    found = by_session(pl.LazyFrame({"raw_symbol": ["ESH6"]}), named, holiday)
    assert found["trade_date"].to_list() == [date(2026, 1, 20)]
