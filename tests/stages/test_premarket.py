"""What is known before the open: windows to the nanosecond, the last definition, open interest in time, nothing later."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from lakeflow.contract import load_contract
from lakeflow.types import polars_schema
from stages.silver.premarket import before_open, window

TUESDAY = date(2026, 1, 6)
WINDOW = ("05:00", "08:30", "America/New_York")
OPENS, ENDS = window(TUESDAY, *WINDOW)
EXPIRY = datetime(2026, 3, 20, 13, 30, tzinfo=UTC)
DEFINITION = {
    "row": 0, "ts_recv": datetime(2026, 1, 6, tzinfo=UTC), "raw_symbol": "ESH6", "instrument_id": 1, "instrument_class": "F",
    "ts_expiration": EXPIRY, "security_update_action": "A",
}  # fmt: skip
STATISTIC = {
    "row": 0, "ts_recv": datetime(2026, 1, 6, 3, tzinfo=UTC), "ts_ref": datetime(2026, 1, 5, tzinfo=UTC), "instrument_id": 1,
    "stat_type": 9, "quantity": 100, "update_action": 1,
}  # fmt: skip


def frame(request, name: str, told: dict, rows) -> pl.LazyFrame:
    """Rows of a bronze table with the columns that the stage looks at, each told by what differs."""
    schema = polars_schema(load_contract(request.config.rootpath / "contracts" / f"{name}.avsc"))
    return pl.LazyFrame([{**told, **row} for row in rows], schema={column: schema[column] for column in told})


@pytest.fixture
def premarket(request, orders):
    """The table of Tuesday, from definitions, statistics and trades as (symbol, instant, size)."""

    def make(definitions=({},), statistics=(), trades=(("ESH6", OPENS, 1),)):
        rows = orders([{"ts_recv": at, "size": size, "action": "T"} for _, at, size in trades])
        named = rows.with_columns(symbol=pl.Series([symbol for symbol, _, _ in trades], dtype=pl.String))
        return before_open(
            named.lazy(),
            frame(request, "bronze/definition", DEFINITION, definitions),
            frame(request, "bronze/statistics", STATISTIC, statistics),
            TUESDAY,
            *WINDOW,
        )

    return make


@pytest.mark.parametrize(
    ("day", "first", "past"),
    [(date(2026, 1, 5), 1767607200, 1767619800), (date(2026, 3, 9), 1773046800, 1773059400)],
)
def test_the_window_is_in_new_york_on_both_sides_of_the_change_of_clocks(day, first, past):
    assert [at.timestamp() for at in window(day, *WINDOW)] == [first, past]


def test_a_window_that_is_none_is_refused():
    with pytest.raises(ValueError, match="found 08:30 to 05:00"):
        window(TUESDAY, "08:30", "05:00", "America/New_York")


def test_trades_from_the_first_instant_up_to_and_without_the_last_count(premarket, fits):
    tick = timedelta(microseconds=1)
    found = premarket(trades=[("ESH6", at, 2) for at in (OPENS - tick, OPENS, ENDS - tick, ENDS)])
    assert fits("silver/premarket", found)
    assert found.select("trades", "volume").rows() == [(2, 4)]


def test_outrights_alone_are_candidates_and_those_that_were_deleted_are_none(premarket):
    spread = {"raw_symbol": "ESH6-ESM6", "instrument_class": "S", "row": 1}
    made_up = {"raw_symbol": "UD:1V: 12", "row": 2}
    gone = {"raw_symbol": "ESM6", "security_update_action": "D", "row": 3}
    option = {"raw_symbol": "ESH6 C6000", "instrument_class": "C", "row": 4}
    assert premarket([{}, spread, made_up, gone, option])["raw_symbol"].to_list() == ["ESH6"]


def test_the_last_definition_before_the_end_of_the_window_holds(premarket):
    moved = {"row": 1, "ts_expiration": EXPIRY - timedelta(days=1)}
    late = {"row": 2, "ts_expiration": EXPIRY + timedelta(days=9), "ts_recv": ENDS}
    assert premarket([{}, moved, late])["expiration"].to_list() == [date(2026, 3, 19)]


@pytest.mark.parametrize(
    ("statistic", "quantity"),
    [
        ({}, 100),
        ({"ts_recv": ENDS}, None),
        ({"ts_ref": datetime(2026, 1, 6, tzinfo=UTC)}, None),
        ({"update_action": 2}, None),
        ({"stat_type": 6}, None),
    ],
)
def test_open_interest_is_of_an_earlier_date_and_published_in_time(premarket, statistic, quantity):
    assert premarket(statistics=[statistic])["open_interest"].to_list() == [quantity]


def test_the_last_word_on_the_last_date_is_the_open_interest(premarket):
    older = {"row": 1, "ts_ref": datetime(2026, 1, 2, tzinfo=UTC), "ts_recv": OPENS, "quantity": 7}
    again = {"row": 2, "quantity": 110, "ts_recv": OPENS}
    found = premarket(statistics=[{}, older, again])
    assert found.select("open_interest", "open_interest_date").row(0) == (110, date(2026, 1, 5))


def test_without_the_day_of_the_window_nothing_is_known(premarket):
    assert premarket(trades=[("ESH6", OPENS - timedelta(hours=11), 5)]).is_empty()


def test_what_comes_after_the_window_changes_nothing(premarket):
    trades, late = [("ESH6", OPENS, 1)], [("ESM6", ENDS, 50)]
    before = premarket(trades=trades)
    after = premarket(
        [{}, {"row": 1, "raw_symbol": "ESM6", "ts_recv": ENDS}], [{"ts_recv": ENDS}], [*trades, *late]
    )
    assert after.equals(before)
