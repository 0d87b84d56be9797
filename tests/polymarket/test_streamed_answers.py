"""What a day's answers say is the same rows however many of them are held at a time."""

import json

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.vendors.polymarket.sorting import ROOM
from lakeflow.vendors.polymarket.texts import asked_of, with_texts
from tests.polymarket.answers import MARKET, TRADE, C, fetched, page, parsed, points, trades

NAMES = [C, "0x" + "ef" * 32]
BOOK = {"market": C, "asset_id": "11", "timestamp": "1767600000000", "bids": [], "asks": []}
FILL = {
    "transactionHash": "0xt", "makerAssetId": "0", "takerAssetId": "11", "makerAmountFilled": "5", "takerAmountFilled": "10",
    "timestamp": "1767600000", "maker": "0xa", "taker": "0xb",
}  # fmt: skip
OF_A_MARKET = st.builds(lambda name, volume: MARKET | {"conditionId": name, "volumeNum": volume}, st.sampled_from(NAMES), st.integers(0, 1))  # fmt: skip
SOLD = st.builds(lambda cents, at: TRADE | {"price": cents / 100, "timestamp": 1_767_600_000 + at}, st.integers(40, 41), st.integers(0, 1))  # fmt: skip
PRICED = st.tuples(st.integers(1_767_600_000, 1_767_600_003).map(lambda t: t - t % 2), st.sampled_from([".4", ".5", "7"]), st.sampled_from([60, 300]))  # fmt: skip
FILLED = st.builds(lambda name, hash_: FILL | {"id": name, "transactionHash": hash_}, st.sampled_from("fg"), st.sampled_from(["0xt", "0xu"]))  # fmt: skip
ANSWER = st.one_of(
    st.builds(lambda number, some, sweep: page(number, *some, back="c" if number == 0 else None) | {"sweep_id": sweep},
              st.integers(0, 1), st.lists(OF_A_MARKET, max_size=3), st.sampled_from(["open", "closed", ""])),
    st.lists(SOLD, max_size=3).map(lambda some: trades(*some)),
    st.lists(PRICED, max_size=3).map(lambda some: points(*some)),
    st.lists(FILLED, max_size=2).map(lambda some: {"endpoint": "subgraph/orderFilledEvents", "payload": {"data": {"orderFilledEvents": some}}}),
    st.sampled_from(["0.1", "0.2"]).map(lambda p: {"endpoint": "clob/books", "payload": [BOOK | {"bids": [{"price": p, "size": "5"}]}]}),
    st.sampled_from(["1", "2", "no"]).map(lambda value: {"endpoint": "data/oi", "payload": {"data": [{"condition_id": C, "value": value}]}}),
    st.just({"endpoint": "data/oi", "payload": "<html>"}),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(ANSWER, min_size=1, max_size=10), st.integers(1, 4), st.integers(1, 4_000))
def test_a_day_of_answers_is_the_same_rows_however_much_is_held(answers, alike, room):
    fetches = fetched(*answers).with_columns(
        pl.col("ts_observed") - pl.duration(nanoseconds=pl.col("row") % alike, time_unit="ns"),
        payload_bytes=pl.col("payload").str.len_bytes().cast(pl.Int64),
    )
    whole, cut = parsed(fetches), parsed(fetches, room=room)
    assert {name: rows.rows() for name, rows in cut.items()} == {
        name: rows.rows() for name, rows in whole.items()
    }
    assert whole["fetch_ledger"].height == len(answers)


def test_no_more_text_is_held_than_was_asked_for_but_for_one_answer():
    fetches = fetched(*({"endpoint": "x", "payload": json.dumps("x" * size)} for size in (8, 8, 8, 98, 8, 8)))
    fetches = fetches.with_columns(payload_bytes=pl.col("payload").str.len_bytes().cast(pl.Int64))
    asked = asked_of(fetches.lazy())
    for size in (1, 20, 30, ROOM):
        parts = [
            part["payload"].str.len_bytes().to_list() for part in with_texts(asked, fetches.lazy(), size)
        ]
        assert [each for part in parts for each in part] == [10, 10, 10, 100, 10, 10]
        assert all(sum(part) - max(part) <= size for part in parts)
