"""Which records are refused before they are rows, and in what order the reasons are asked."""

from datetime import date

import numpy as np
import pytest

from lakeflow.simulate.contracts import nanoseconds
from lakeflow.simulate.wire import filled
from lakeflow.vendors.databento.codes import UNDEF_PRICE, UNDEF_TIMESTAMP
from lakeflow.vendors.databento.orders import columns
from lakeflow.vendors.databento.repeats import memory
from lakeflow.vendors.databento.schemas import LAYOUTS
from lakeflow.vendors.databento.verdict import REASONS, Known, above_zero, judge

DAY = date(2026, 1, 6)
SOUND = {
    "instrument_id": 11,
    "ts_recv": nanoseconds(DAY),
    "order_id": 1,
    "price": 5,
    "size": 1,
    "action": "A",
    "side": "B",
}
SYMBOLS = ["ESH6", "ESH6-ESM6"]


def reasons(*rows, code=0, defined=(11,)) -> list[str]:
    of = columns(filled(LAYOUTS["mbo"][3], [{**SOUND, "sequence": n, **row} for n, row in enumerate(rows)]))
    ids = None if defined is None else np.array(defined, np.uint32)
    known = Known(DAY, ids, above_zero("future_mbo", SYMBOLS))
    return [REASONS[r] for r in judge(of, np.full(len(rows), code, np.int32), known, memory())]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({}, ""),
        ({"ts_recv": nanoseconds(DAY) - 1}, "b01_outside_date"),
        ({"ts_recv": nanoseconds(DAY) + 86_400_000_000_000}, "b01_outside_date"),
        ({"ts_recv": UNDEF_TIMESTAMP}, "b01_outside_date"),
        ({"ts_event": 2**63}, "b01_impossible_time"),
        ({"ts_event": UNDEF_TIMESTAMP}, ""),
        ({"ts_event": 1}, ""),
        ({"action": "Z"}, "b02_unknown_action"),
        ({"action": b"\0"}, "b02_unknown_action"),
        ({"side": "Q"}, "b02_unknown_side"),
        ({"instrument_id": 12}, "b02_undefined_instrument"),
        ({"price": 0}, "b04_price_not_above_zero"),
        ({"price": -5, "action": "M"}, "b04_price_not_above_zero"),
        ({"price": -5, "action": "C"}, ""),
        ({"price": UNDEF_PRICE}, ""),
    ],
)
def test_a_record_is_refused_for_what_is_wrong_with_it(row, reason):
    assert reasons(row) == [reason]


def test_a_spread_may_have_any_price():
    assert reasons({"price": 0}, {"price": -250_000_000}, code=1) == ["", ""]


def test_an_instrument_without_a_symbol_is_refused():
    assert reasons({}, code=-1) == ["b02_unknown_instrument"]


def test_without_definitions_no_instrument_is_undefined():
    assert reasons({"instrument_id": 12}, defined=None) == [""]
    assert reasons({"instrument_id": 12}, defined=()) == ["b02_undefined_instrument"]


def test_the_second_of_two_equal_orders_is_refused_but_not_of_two_equal_trades():
    assert reasons({"sequence": 7}, {"sequence": 7}) == ["", "b06_repeated"]
    assert reasons({"sequence": 7, "action": "T"}, {"sequence": 7, "action": "T"}) == ["", ""]


def test_a_record_that_is_refused_makes_no_repeat_of_the_next():
    assert reasons({"sequence": 7, "side": "Q"}, {"sequence": 7}) == ["b02_unknown_side", ""]


def test_shares_and_options_are_all_above_zero():
    assert above_zero("equity_mbo", ["NVDA", "X-Y"]).tolist() == [True, True]
    assert above_zero("future_mbo", ["ESH6", "ESH6-ESM6", "CLK6"]).tolist() == [True, False, False]
