"""Which instruments a day's definitions tell of, and whose prices must be above zero, by their class."""

import numpy as np
import pytest

from lakeflow.vendors.databento.defined import Defined
from lakeflow.vendors.databento.definition import V3
from lakeflow.vendors.databento.directory import Page

PAGE = Page(np.array([11, 12], np.uint32), np.array([0, 1], np.int32))
SYMBOLS = ["ESH6", "CLH6"]


def definitions(*classes: tuple[int, bytes]):
    rows = np.zeros(len(classes), V3)
    rows["instrument_id"] = [each for each, _ in classes]
    rows["instrument_class"] = [each for _, each in classes]
    return rows


def told(product_type, *files, symbols=SYMBOLS):
    of = Defined(product_type)
    for rows in files:
        of.add(rows)
    return [answer.tolist() for answer in of.on(PAGE, symbols)]


def test_without_definitions_every_instrument_is_known_and_its_symbol_decides():
    assert told("future_mbo") == [[True, True], [True, False]]
    assert told("equity_mbo", symbols=["A", "B"]) == [[True, True], [True, True]]


def test_what_no_file_of_definitions_names_is_not_defined():
    assert told("future_mbo", definitions((11, b"F")))[0] == [True, False]
    assert told("future_mbo", definitions((11, b"F")), definitions((12, b"F")))[0] == [True, True]
    assert told("future_mbo", definitions())[0] == [False, False]


@pytest.mark.parametrize(
    ("letter", "above"), [(b"F", False), (b"S", False), (b"K", True), (b"C", True), (b"M", False)]
)
def test_the_class_decides_for_what_the_symbol_does_not_say(letter, above):
    assert told("future_mbo", definitions((11, b"F"), (12, letter)))[1] == [True, above]


def test_a_spread_may_have_any_price_whatever_its_symbol():
    assert told("future_mbo", definitions((11, b"S")))[1] == [False, False]


def test_the_last_definition_of_an_instrument_holds():
    assert told("future_mbo", definitions((12, b"S"), (12, b"K"), (11, b"F")))[1] == [True, True]


def test_a_delivery_without_symbols_has_nothing_to_tell():
    nothing = Page(np.zeros(0, np.uint32), np.zeros(0, np.int32))
    assert [answer.tolist() for answer in Defined("future_mbo").on(nothing, [])] == [[], []]
