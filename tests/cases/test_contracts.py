"""Cases 36 to 40 of the vendor reference: what a symbol is on a date, and what definitions say and do not say."""

from datetime import date, timedelta

import polars as pl
import pytest

from lakeflow.market.choosing import Before, Contract, Terms, choose
from lakeflow.simulate.contracts import nanoseconds

DAY = date(2026, 1, 6)
P = 10**9
HOUR = 3_600 * P
ORDERS, DEFINITION = "bronze.future_mbo.orders", "bronze.future_mbo.definition"
PREMARKET = "silver.future_mbo.premarket"


def book(symbol, price=6_900 * P):
    """A bid, an ask and a trade of one at the ask."""
    return [
        (symbol, "A", "B", 1, price - P // 4, 3),
        (symbol, "A", "A", 2, price, 4),
        (symbol, "T", "B", 0, price, 1),
    ]


def candidates(vendor, lake, *definitions, symbols, traded="ESH6"):
    """What the day's table of candidates for a selection says, for these definitions."""
    v = vendor(symbols, stype_in="parent", asked=("ES.FUT",))
    lake.add(v.orders(*book(traded), at=11 * HOUR), v.definitions(*definitions))
    assert lake.run(PREMARKET, symbols=("ES",)).code == 0
    return lake.table(PREMARKET, "ES")


def test_case_36_one_symbol_ten_years_apart_is_two_instruments(vendor, lake):
    for year, number in ((2016, 11), (2026, 12)):
        v = vendor({"ESH6": number}, day=date(year, 1, 6))
        expiry = {"expiration": nanoseconds(date(year, 3, 18)), "maturity_year": year, "raw_symbol": "ESH6"}
        lake.add(v.orders(*book("ESH6")), v.definitions(expiry))
    assert lake.run("silver.future_mbo.bbo", symbols=("ESH6",)).code == 0
    days = [date(2016, 1, 6), date(2026, 1, 6)]
    assert [set(lake.table(ORDERS, "ESH6", day)["instrument_id"]) for day in days] == [{11}, {12}]
    assert [lake.table(DEFINITION, "ES", day)["maturity_year"].to_list() for day in days] == [[2016], [2026]]


def test_case_36_a_spread_and_a_made_up_instrument_are_never_candidates(vendor, lake):
    made_up = "UD:1V: 13 2848915"
    symbols = {"ESH6": 11, "ESM6": 12, "ESH6-ESM6": 13, made_up: 14}
    spreads = [{"raw_symbol": "ESH6-ESM6", "instrument_class": "S", "security_type": "FUT"},
               {"raw_symbol": made_up, "instrument_class": "F", "security_type": "FUT"}]  # fmt: skip
    found = candidates(
        vendor, lake, {"raw_symbol": "ESH6"}, {"raw_symbol": "ESM6"}, *spreads, symbols=symbols
    )
    assert found["raw_symbol"].to_list() == ["ESH6", "ESM6"]


def test_case_36_a_spread_of_two_legs_is_two_definitions_and_one_instrument(vendor, lake):
    v = vendor({"ESH6-ESM6": 13})
    legs = [{"raw_symbol": "ESH6-ESM6", "instrument_class": "S", "leg_count": 2, "leg_index": n, "leg_raw_symbol": leg}
            for n, leg in enumerate(("ESH6", "ESM6"))]  # fmt: skip
    lake.add(v.orders(*book("ESH6-ESM6", price=-60 * P)), v.definitions(*legs))
    assert lake.run("silver.future_mbo.bbo").code == 0
    assert lake.table(DEFINITION, "ES")["leg_raw_symbol"].to_list() == ["ESH6", "ESM6"]
    assert (lake.symbols(ORDERS), lake.symbols("silver.future_mbo.bbo")) == (["ESH6-ESM6"],) * 2
    assert lake.table("silver.future_mbo.bbo", "ESH6-ESM6")["ask_price"].to_list() == [None, -60 * P]


@pytest.mark.parametrize("at", [0, 13 * HOUR + HOUR // 2], ids=["told as a date", "told with its time"])
def test_case_37_what_expires_at_midnight_expires_on_that_date_and_not_the_day_before(vendor, lake, at):
    """The vendor tells some expiries as a date alone, which is midnight: the last day on which there is trade."""
    last = {"raw_symbol": "ESH6", "expiration": nanoseconds(date(2026, 3, 20)) + at}
    found = candidates(vendor, lake, last, symbols={"ESH6": 11})
    assert found["expiration"].to_list() == [date(2026, 3, 20)]


def test_case_37_a_contract_may_be_chosen_on_the_day_it_expires_where_the_terms_say_so():
    today = Contract("ESF6", 1, DAY)
    terms = Terms(min_days=0, force_days=0)
    assert choose(DAY, [today], Before(DAY, {"ESF6": 5}), None, terms).contract == today
    assert choose(DAY + timedelta(days=1), [today], None, None, terms) is None
    assert choose(DAY, [today], Before(DAY, {"ESF6": 5}), None, Terms()) is None


def test_case_38_no_price_is_multiplied_again_and_what_is_not_told_stays_null(vendor, lake):
    v = vendor({"ESH6": 11})
    told = {"raw_symbol": "ESH6", "display_factor": P // 100, "unit_of_measure_qty": 2**63 - 1}
    lake.add(v.orders(*book("ESH6")), v.definitions(told))
    assert lake.run("silver.future_mbo.bbo").code == 0
    assert lake.table("silver.future_mbo.bbo", "ESH6")["bid_price"].to_list() == [6_900 * P - P // 4] * 2
    assert lake.table("silver.future_mbo.trades", "ESH6")["price"].to_list() == [6_900 * P]
    row = lake.table(DEFINITION, "ES").row(0, named=True)
    assert (row["display_factor"], row["unit_of_measure_qty"], row["contract_multiplier"]) == (
        P // 100,
        None,
        None,
    )


def test_case_39_what_was_deleted_is_no_candidate_from_then_on_and_was_one_before(vendor, lake):
    early, late = nanoseconds(DAY) + 8 * HOUR, nanoseconds(DAY) + 20 * HOUR
    symbols = {"ESH6": 11, "ESM6": 12, "ESU6": 13}
    listed = [{"raw_symbol": symbol} for symbol in symbols]
    gone = [{"raw_symbol": "ESM6", "security_update_action": "D", "ts_recv": early},
            {"raw_symbol": "ESU6", "security_update_action": "D", "ts_recv": late}]  # fmt: skip
    assert candidates(vendor, lake, *listed, *gone, symbols=symbols)["raw_symbol"].to_list() == [
        "ESH6",
        "ESU6",
    ]


def test_case_39_the_last_definition_before_the_open_holds_and_a_later_one_does_not(vendor, lake):
    expiries = {0: date(2026, 3, 20), 8: date(2026, 3, 19), 20: date(2026, 3, 18)}
    told = [{"raw_symbol": "ESH6", "ts_recv": nanoseconds(DAY) + hour * HOUR, "expiration": nanoseconds(day) + 14 * HOUR}
            for hour, day in expiries.items()]  # fmt: skip
    assert candidates(vendor, lake, *told, symbols={"ESH6": 11})["expiration"].to_list() == [
        date(2026, 3, 19)
    ]


@pytest.mark.parametrize("publisher", [108, 109, 60_000])
def test_case_40_a_publisher_that_nobody_knows_passes_through(vendor, lake, publisher):
    v = vendor({"SPY": 11}, dataset="XNAS.ITCH")
    new = {"publisher_id": publisher}
    lines = [("SPY", "A", "B", 1, 690 * P, 5), ("SPY", "A", "B", 1, 691 * P, 7, new)]
    share = {"raw_symbol": "SPY", "instrument_class": "K", "min_price_increment": P // 100}
    lake.add(v.orders(*lines), v.definitions(share))
    assert lake.run("silver.equity_mbo.bbo").code == 0
    assert lake.table("bronze.equity_mbo.orders", "SPY")["publisher_id"].to_list() == [1, publisher]
    venues = lake.table("silver.equity_mbo.venue_bbo", "SPY").filter(pl.col("publisher_id") == publisher)
    assert venues.select("bid_price", "bid_size").rows() == [(691 * P, 7)]
