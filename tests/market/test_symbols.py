"""Exchange symbols: roots, months, years by date, spreads and parents."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.market.symbols import (
    MONTHS,
    Outright,
    equity_option_parent,
    future_option_parent,
    future_parent,
    is_above_zero,
    outright,
    spread,
    third_friday,
)


def test_a_one_digit_year_is_of_the_decade_around_the_date():
    assert outright("ESH6", date(2016, 1, 6)) == Outright("ES", 3, 2016)
    assert outright("ESH6", date(2026, 1, 6)) == Outright("ES", 3, 2026)
    assert outright("ESH5", date(2026, 1, 6)) == Outright("ES", 3, 2025)
    assert outright("ESH5", date(2026, 6, 1)) == Outright("ES", 3, 2035)


def test_a_two_digit_year_is_of_the_century_around_the_date():
    assert outright("ESH26", date(2026, 1, 6)) == Outright("ES", 3, 2026)
    assert outright("ESZ99", date(2026, 1, 6)) == Outright("ES", 12, 1999)


@pytest.mark.parametrize(
    "symbol", ["", "ES", "H6", "ESA6", "ESH", "ESH123", "esh6", "ES.FUT", "ESH6-ESM6", "UD:1V: 13"]
)
def test_what_is_no_outright_has_no_contract_month(symbol):
    assert outright(symbol, date(2026, 1, 6)) is None


@pytest.mark.parametrize(
    ("symbol", "root"), [("6EH6", "6E"), ("M2KH6", "M2K"), ("ZNH6", "ZN"), ("MESZ6", "MES")]
)
def test_roots_may_hold_digits_and_month_letters(symbol, root):
    assert outright(symbol, date(2026, 1, 6)).root == root


def test_a_calendar_spread_has_two_legs():
    assert spread("ESH6-ESM6", date(2026, 1, 6)) == (Outright("ES", 3, 2026), Outright("ES", 6, 2026))
    assert spread("ESH6", date(2026, 1, 6)) is None


def test_futures_are_delivered_under_their_root():
    assert [future_parent(s) for s in ("ES.FUT", "ESH6", "ESH6-ESM6")] == ["ES", "ES", "ES"]
    assert [future_parent(s) for s in ("CL:BF H6-J6-K6", "BRN FMJ0024!")] == ["CL", "BRN"]
    assert [
        future_parent(s) for s in ("ESH6-NQH6", "UD:1V: 13 2848915", "ES.v.0", "ESH6 C6000", "AAPL", ".FUT")
    ] == [None] * 6


@pytest.mark.parametrize(
    ("symbol", "parent"),
    [
        ("BRN FMJ0024!", "BRN"),
        ("R   FMH0025!", "R"),
        ("BRN FMJ0024_MD1", "BRN"),
        ("G   FMZ0020-BRN FMZ0020", "G"),
        ("BRN  99   5617289", "BRN"),
        ("FDAX SI 20240315 PS", "FDAX"),
        ("VX/N6:1:S - VX/Q6:1:B", "VX"),
        ("BRN FMM0024_OMCA0008500", None),
        ("ODAX SI 20250321 PS EU 22000.00 C", None),
        ("AAPL  250221C00250000", None),
    ],
)
def test_the_root_of_other_venues_stands_in_front_and_an_option_is_no_future(symbol, parent):
    assert future_parent(symbol) == parent


def test_options_are_delivered_under_their_root():
    assert [future_option_parent(s) for s in ("ES.OPT", "ESH6 C6000", "EW1F6 P5900", "ESH6")] == [
        "ES",
        "ES",
        "EW1",
        None,
    ]
    assert [equity_option_parent(s) for s in ("SPY.OPT", "AAPL  250221C00250000", "AAPL")] == [
        "SPY",
        "AAPL",
        None,
    ]


def test_only_outrights_on_equity_indices_must_be_above_zero():
    assert [is_above_zero(s) for s in ("ESH6", "NQM6", "ESH6-ESM6", "CLK6")] == [True, True, False, False]


def test_of_eurex_only_outrights_on_its_equity_indices_must_be_above_zero():
    symbols = ("FDAX SI 20240315 PS", "FGBL SI 20250606 PS", "BRN FMJ0024!")
    assert [is_above_zero(symbol) for symbol in symbols] == [True, False, False]


def test_the_third_friday_is_when_index_futures_expire():
    assert [third_friday(2026, m).day for m in (3, 6, 9, 12)] == [20, 19, 18, 18]


@given(st.dates(date(1980, 1, 1), date(2090, 1, 1)), st.sampled_from(MONTHS), st.integers(0, 9))
def test_a_one_digit_contract_is_never_a_year_gone_nor_nine_years_off(on, month, year):
    found = outright(f"ES{month}{year}", on)
    months_away = (found.year - on.year) * 12 + found.month - on.month
    assert found.year % 10 == year
    assert -12 <= months_away < 108
