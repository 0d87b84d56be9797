"""Roots, venues and ways of delivery other than one file of ES: each from raw to silver, worked out by hand."""

from datetime import date

import pytest

from lakeflow.raw import NotDelivered
from lakeflow.simulate.contracts import nanoseconds

DAY = date(2026, 1, 6)
P = 10**9
HOUR = 3_600 * P
UNDEF = 2**63 - 1
FUTURES = ("silver.future_mbo.bbo",)
BBO, FLOW, ORDERS = "silver.future_mbo.bbo", "silver.future_mbo.flow", "bronze.future_mbo.orders"


def book(symbol, price, tick):
    """A bid, another five ticks lower, an ask at `price`, and then an ask a tick lower: the mid falls half a tick."""
    return [
        (symbol, "A", "B", 1, price - 3 * tick, 3),
        (symbol, "A", "B", 2, price - 8 * tick, 9),
        (symbol, "A", "A", 3, price, 4),
        (symbol, "A", "A", 4, price - tick, 2),
    ]


def measured(lake, symbol):
    """The last best bid and ask, the lots by band of the bids in the last second, and the moves in half ticks."""
    quotes = lake.table(BBO, symbol).select("bid_price", "ask_price").row(-1)
    bands = lake.table(FLOW, symbol).filter(side="B").tail(3)["depth_end"].to_list()
    return quotes, bands, lake.table("silver.future_mbo.moves", symbol)["half_ticks"].to_list()


@pytest.mark.parametrize(
    ("symbol", "tick", "price"),
    [
        ("NQH6", P // 4, 25_400 * P),
        ("CLK0", P // 100, -37 * P),
        ("ZNH6", P // 64, 112 * P + P // 32),
        ("ZTH6", P // 256, 103 * P),
        ("6JM6", P // 2_000_000, P // 150_000 * 1000),
        ("ESH6-ESM6", P // 20, 0),
        ("CL:BF H6-J6-K6", P // 100, -P // 100),
        ("BRN FMJ0024!", P // 100, 75 * P),
    ],
)
def test_ticks_are_those_of_the_definition_whatever_the_root_and_the_sign_of_its_prices(
    vendor, lake, symbol, tick, price
):
    v = vendor({symbol: 11}, dataset="IFEU.IMPACT" if "!" in symbol else "GLBX.MDP3")
    price -= price % tick
    kind = "S" if "-" in symbol else "F"
    lake.add(
        v.orders(*book(symbol, price, tick)),
        v.definitions({"raw_symbol": symbol, "min_price_increment": tick, "instrument_class": kind}),
    )
    assert lake.run(BBO).code == 0
    written = lake.symbols(BBO)[0]
    assert measured(lake, written) == ((price - 3 * tick, price - tick), [3, 0, 9], [-1])


def test_without_definitions_a_root_that_the_project_knows_has_its_tick(vendor, lake):
    lake.add(vendor({"NQH6": 11}).orders(*book("NQH6", 25_400 * P, P // 4)))
    assert lake.run(BBO).code == 0
    assert measured(lake, "NQH6")[1:] == ([3, 0, 9], [-1])


def test_without_definitions_any_other_instrument_is_refused_and_the_day_told_what_it_lacks(vendor, lake):
    lake.add(vendor({"ESH6-ESM6": 11}).orders(*book("ESH6-ESM6", -60 * P, P // 20)))
    summary = lake.run(BBO)
    assert [done.state for done in summary.done] == ["committed", "failed"]
    assert "add the day's definition file" in summary.done[1].error


def test_definitions_that_come_later_are_taken_in_and_what_was_refused_is_made(vendor, lake):
    v = vendor({"ESH6-ESM6": 11})
    lake.add(v.orders(*book("ESH6-ESM6", -60 * P, P // 20)))
    assert lake.run(BBO).code == 3
    spread = {"raw_symbol": "ESH6-ESM6", "instrument_class": "S", "min_price_increment": P // 20}
    lake.add(v.definitions(spread))
    assert lake.run(BBO).code == 0
    assert measured(lake, "ESH6-ESM6")[2] == [-1]


def test_a_tick_that_changes_in_the_day_holds_as_the_day_began(vendor, lake):
    v = vendor({"ESH6": 11})
    later = {"ts_recv": nanoseconds(DAY) + 8 * HOUR, "min_price_increment": P, "security_update_action": "M"}
    lake.add(
        v.orders(*book("ESH6", 6_900 * P, P // 4)),
        v.definitions({"raw_symbol": "ESH6"}, {"raw_symbol": "ESH6", **later}),
    )
    assert lake.run(BBO).code == 0
    assert measured(lake, "ESH6")[1:] == ([3, 0, 9], [-1])


def test_hourly_files_of_a_day_are_one_day(vendor, lake):
    v, start = vendor({"ESH6": 11}), nanoseconds(DAY)
    lines = book("ESH6", 6_900 * P, P // 4)
    hours = [v.orders(*lines[n : n + 2], at=at * HOUR, name=f"{at:02}", start=start + at * HOUR, end=start + (at + 1) * HOUR)
             for n, at in ((2, 13), (0, 12))]  # fmt: skip
    lake.add(*hours, v.definitions())
    assert lake.run(BBO).code == 0
    assert lake.table(ORDERS, "ESH6")["order_id"].to_list() == [1, 2, 3, 4]
    assert lake.table(BBO, "ESH6").select("bid_price", "ask_price").row(-1) == (
        6_899 * P + P // 4,
        6_899 * P + P // 4 * 3,
    )


def test_a_number_that_another_contract_has_on_another_day_is_that_contract(vendor, lake):
    for day, symbol in ((DAY, "ESH6"), (date(2026, 1, 7), "ESM6")):
        v = vendor({symbol: 11}, day=day)
        lake.add(v.orders(*book(symbol, 6_900 * P, P // 4)), v.definitions())
    assert lake.run(BBO).code == 0
    assert [lake.symbols(BBO, day) for day in (DAY, date(2026, 1, 7))] == [["ESH6"], ["ESM6"]]


@pytest.mark.parametrize(
    ("stype", "asked", "told"),
    [
        ("continuous", ("ES.c.0",), r"found ES\.c\.0 \(stype_in continuous\); download it by parent"),
        ("instrument_id", ("11",), r"found 11 \(stype_in instrument_id\); download it by parent"),
    ],
)
def test_a_file_asked_for_by_what_names_no_contract_is_refused_with_how_to_ask(
    vendor, lake, stype, asked, told
):
    v = vendor({asked[0]: 11}, stype_in=stype)
    with pytest.raises(NotDelivered, match=told):
        lake.add(v.orders(*book(asked[0], 6_900 * P, P // 4)))


def test_a_parents_file_and_its_contracts_file_give_the_same_tables(vendor, tmp_path, lake):
    found = []
    for stype, asked in (("parent", ("ES.FUT",)), ("raw_symbol", ("ESH6",))):
        v, mine = vendor({"ESH6": 11}, stype_in=stype, asked=asked), lake._replace(root=tmp_path / stype)
        mine.add(v.orders(*book("ESH6", 6_900 * P, P // 4)), v.definitions())
        assert mine.run(BBO).code == 0
        found.append([mine.table(name, "ESH6") for name in (ORDERS, BBO, FLOW)])
    assert all(one.equals(other) for one, other in zip(*found, strict=True))
