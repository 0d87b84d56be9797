"""Which records are refused before they are rows, and in what order the reasons are asked."""

from datetime import date

import numpy as np
import pytest

from lakeflow.simulate.contracts import nanoseconds
from lakeflow.simulate.wire import filled
from lakeflow.vendors.databento.codes import UNDEF_PRICE, UNDEF_TIMESTAMP
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


def reasons(*rows, code=0, defined=True) -> list[str]:
    """Of records of instrument 11, which is the symbol with this code; no other instrument is known."""
    records = filled(LAYOUTS["mbo"][3], [{**SOUND, "sequence": n, **row} for n, row in enumerate(rows)])
    above = above_zero("future_mbo", SYMBOLS)[[code]]
    known = Known(DAY, np.array([11], np.uint32), np.array([code], np.int32), np.array([defined]), above)
    judged = judge(records, known, memory())
    assert judged.refused == np.count_nonzero(judged.verdict)
    return [REASONS[r] for r in judged.verdict]


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
        ({"instrument_id": 12}, "b02_unknown_instrument"),
        ({"instrument_id": 2**32 - 1}, "b02_unknown_instrument"),
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


def test_an_instrument_that_is_not_defined_is_refused():
    assert reasons({}, defined=False) == ["b02_undefined_instrument"]


def test_records_of_one_symbol_are_known_to_be():
    records = filled(LAYOUTS["mbo"][3], [{**SOUND, "instrument_id": n} for n in (11, 12, 11)])
    yes = np.array([True, True])
    known = Known(DAY, np.array([11, 12], np.uint32), np.array([1, 0], np.int32), yes, ~yes)
    assert judge(records, known, memory()).codes.tolist() == [1, 0, 1]
    assert [judge(records[:n], known, memory()).first for n in (1, 2, 3)] == [1, -1, -1]


def test_nothing_is_known_of_a_delivery_without_symbols():
    nothing = np.zeros(0, np.bool_)
    known = Known(DAY, np.zeros(0, np.uint32), np.zeros(0, np.int32), nothing, nothing)
    records = filled(LAYOUTS["mbo"][3], [SOUND])
    assert judge(records, known, memory()).verdict.tolist() == [REASONS.index("b02_unknown_instrument")]


def test_the_second_of_two_equal_orders_is_refused_but_not_of_two_equal_trades():
    assert reasons({"sequence": 7}, {"sequence": 7}) == ["", "b06_repeated"]
    assert reasons({"sequence": 7, "action": "T"}, {"sequence": 7, "action": "T"}) == ["", ""]


def test_a_record_that_is_refused_makes_no_repeat_of_the_next():
    assert reasons({"sequence": 7, "side": "Q"}, {"sequence": 7}) == ["b02_unknown_side", ""]


def test_shares_and_options_are_all_above_zero():
    assert above_zero("equity_mbo", ["NVDA", "X-Y"]).tolist() == [True, True]
    assert above_zero("future_mbo", ["ESH6", "ESH6-ESM6", "CLK6"]).tolist() == [True, False, False]
