"""Price changes read from their bytes are those that the decoder reads, whatever the frame is; and nearly all are read from their bytes."""

import json

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from lakeflow.vendors.polymarket.changes import changes
from lakeflow.vendors.polymarket.messages import messages
from lakeflow.vendors.polymarket.skimmed import in_order, skimmed
from tests.polymarket.messages import framed

USUAL = {
    "asset_id": "71321045679252212594626385532706912750332728571942532289631379312455583992563", "price": "0.5", "size": "219.217767",
    "side": "SELL", "hash": "56621a", "best_bid": "0.5", "best_ask": "1",
}  # fmt: skip
PRICES = ("0.5", ".50", "0.5000000", "5.", "0.", ".", "", "0", "1", "1.0", "01", "1.0001", "0.12345", "0.1234", "1e-1", "+0.5", "-0", " 0.5",
          "nan", "0.99990000000000000", "2", "0.5x")  # fmt: skip
SIZES = ("0", "200", "219.217767", "0.000001", "0.0000001", "0.0000000", "999999999.999999", "1000000000", "1000000001", "007", "-1", "", "many",
         "3.1400000000000000")  # fmt: skip
ODD = (None, 7, 0.5, True, [], {}, "\u00e9", 'a"b', "a\\b", "\n", "x" * 80)
TIMES = (
    "1757908892351",
    "0757908892351",
    "9999999999999",
    "1757908892",
    "175790889235",
    "17579088923510",
    "",
    "soon",
    "1757908892.51",
)
LETTERS = st.sampled_from(list(' \t\n{}[]",:\\0159.abBUYe\u00e9\x7f'))


def value(usual):
    return st.one_of(st.sampled_from(usual), st.sampled_from(usual), st.sampled_from(ODD))


CHANGE = st.fixed_dictionaries(
    {},
    optional={
        "asset_id": value([USUAL["asset_id"], "1", ""]), "price": value(PRICES), "size": value(SIZES), "side": value(["BUY", "SELL", "buy", ""]),
        "hash": value(["56621a"]), "best_bid": value(PRICES), "best_ask": value(PRICES), "more": value(["1"]),
    },
).map(lambda some: USUAL | some)  # fmt: skip
LACKING = st.tuples(CHANGE, st.sets(st.sampled_from(list(USUAL)), max_size=2)).map(
    lambda given: {name: said for name, said in given[0].items() if name not in given[1]}
)
MARKET = "0x" + "Ab" * 32
MESSAGE = st.fixed_dictionaries(
    {"price_changes": st.lists(st.one_of(CHANGE, LACKING), max_size=3), "event_type": value(["price_change", "price_change", "book"])},
    optional={
        "market": value([MARKET, MARKET[:-2], ""]), "timestamp": value(TIMES), "asset_id": value(["9"]), "price": value(PRICES),
        "changes": st.lists(CHANGE, max_size=1),
    },
).map(lambda some: {"market": MARKET, "timestamp": TIMES[0]} | some)  # fmt: skip
WRITTEN = st.tuples(
    st.one_of(MESSAGE, st.lists(MESSAGE, max_size=2)),
    st.sampled_from([(", ", ": "), (",", ":"), ("\t,", " :\n")]),
    st.booleans(),
).map(lambda given: json.dumps(given[0], separators=given[1], ensure_ascii=given[2]))
MENDED = st.tuples(WRITTEN, st.integers(0, 600), st.integers(0, 2), st.text(LETTERS, max_size=2)).map(
    lambda given: given[0][: given[1]] + given[3] + given[0][given[1] + given[2] :]
)


def message(*told, **said):
    about = {"market": MARKET, "timestamp": TIMES[0], "event_type": "price_change"}
    return {**about, "price_changes": [USUAL | each for each in told], **said}


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(WRITTEN, MENDED), max_size=4))
@example([json.dumps(message({}, {"side": "BUY"})), "", "{}", json.dumps(message({}))])
def test_both_ways_to_read_a_frame_are_the_same(texts):
    frames = framed(*texts, "PONG")
    quick = skimmed(frames)
    slow = changes(messages(quick.rest).rows)
    assert_frame_equal(in_order([quick.ops], [slow]), changes(messages(frames).rows))


def test_every_tick_is_read_exactly():
    texts = [f"{tick / 10_000:.4f}" for tick in range(10_001)]
    ops = skimmed(framed(json.dumps(message(*({"price": text} for text in texts))))).ops
    assert ops["tick"].to_list() == list(range(10_001))


@given(st.integers(0, 10**15 - 1))
def test_every_size_is_read_exactly(millionths):
    text = f"{millionths // 10**6}.{millionths % 10**6:06}"
    frames = framed(json.dumps(message({"size": text})))
    assert (
        skimmed(frames).ops["size"].to_list()
        == changes(messages(frames).rows)["size"].to_list()
        == [millionths]
    )


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_what_the_venue_sends_is_not_left_to_the_decoder(separators):
    told = message({"best_bid": "", "best_ask": ""}, {"side": "BUY", "price": ".5"})
    backwards = dict(reversed(told.items()))
    found = skimmed(framed(*(json.dumps(each, separators=separators) for each in (told, backwards))))
    assert (found.ops.height, found.rest.height) == (4, 0)
    assert found.ops["said_ask"].to_list() == [10_000, 10_000] * 2


def test_a_frame_that_is_odd_half_way_leaves_no_change_of_its_own():
    odd = json.dumps(message({}, {"price": "1e-1"}))
    found = skimmed(framed(odd, json.dumps(message({}))))
    assert found.ops["row"].to_list() == [1]
    assert found.rest["frame"].to_list() == [odd]


def test_no_frame_is_no_change():
    found = skimmed(framed("PONG"))
    assert (found.ops.height, found.rest.height) == (0, 1)
    assert found.ops.schema == pl.Schema(changes(messages(found.rest).rows).schema)


def test_changes_that_lack_what_they_need_are_left_to_the_decoder_however_many():
    odd = json.dumps(message() | {"price_changes": [{"size": ""}] * 3000}, separators=(",", ":"))
    shortest = json.dumps(message() | {"price_changes": [dict.fromkeys(list(USUAL)[:4], "")] * 3000})
    found = skimmed(framed(odd, shortest, json.dumps(message({}))))
    assert (found.ops.height, found.rest.height) == (1, 2)
