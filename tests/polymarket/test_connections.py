"""What connections carry: gaps of a token, the end of a day, a connection over midnight, and messages that several told."""

import json
from datetime import UTC, date, datetime, timedelta

import polars as pl

from tests.polymarket.conftest import silver_of
from tests.polymarket.messages import DAY, A, B, M, book, change, changed, quotes

MIDNIGHT = datetime(2026, 1, 6, tzinfo=UTC)
TRADE = {"event_type": "last_trade_price", "market": M, "asset_id": A, "price": "0.5", "size": "10", "side": "BUY", "timestamp": "1767600000000", "fee_rate_bps": "0"}  # fmt: skip


def heard(*told):
    """Frames of seconds since midnight of a day, connection and what it says."""
    texts = [said if isinstance(said, str) else json.dumps(said) for _, _, said in told]
    times = [datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=at) for at, *_ in told]
    rows = {
        "row": range(len(told)), "ts_recv": times, "capture_id": "a", "conn_id": [conn for _, conn, _ in told],
        "frame_seq": range(len(told)), "parse_status": ["KEEPALIVE" if text == "PONG" else "MESSAGE" for text in texts], "frame": texts,
    }  # fmt: skip
    return pl.DataFrame(rows).with_columns(pl.col("ts_recv").cast(pl.Datetime("ns", "UTC")))


def said(at, size, token=A):
    """A change that says the best prices too, at its own time of the venue."""
    best = {"best_bid": "0.48", "best_ask": "0.52"}
    return changed(change(0.48, size, token=token, **best)) | {"timestamp": str(1767600000000 + at)}


def gaps(tables, token):
    rows = tables["book_gaps"].filter(pl.col("token_id") == token, pl.col("reason") != "NO_SNAPSHOT")
    return rows.select(pl.col("ts_start", "ts_end").dt.epoch("s") - 1767571200, "reason").rows()


def test_a_token_has_a_gap_while_another_connection_speaks():
    own = [(0, "c1", book(A)), *((at, "c1", said(at, at)) for at in range(600, 7200, 600))]
    other = [
        (0, "c2", book(B)),
        (600, "c2", said(601, 9, B)),
        (1200, "c3", book(B)),
        (1800, "c3", said(1801, 8, B)),
    ]
    found = silver_of(heard(*sorted([*own, *other], key=lambda each: each[0])), DAY, 3600)
    assert gaps(found, B)[0] == (600, 1200, "RECONNECT")
    assert gaps(found, A) == []


def test_a_connection_that_only_answers_ping_is_silent():
    told = [(0, "c1", book()), *((at, "c1", "PONG") for at in range(10, 100, 10)), (100, "c1", book())]
    assert (0, 100, "SILENT") in gaps(silver_of(heard(*told), DAY, 50), "")


def test_a_connection_without_any_frame_is_dead_after_three_missed_answers():
    told = [(0, "c1", book()), *((at, "c1", "PONG") for at in (10, 20, 30)), (90, "c1", said(1, 3))]
    found = silver_of(heard(*told), DAY, 1800)
    assert (30, 90, "CAPTURE_OFF") in gaps(found, "")
    assert quotes(found)[-1][2] == "NOT_BEGUN"


def test_the_end_of_a_day_is_no_gap_and_books_go_on_over_it():
    first = silver_of(heard((86_340, "c1", book())), DAY, 1800)
    assert first["standing_books"].select("token_id", "bid_prices", "ask_sizes").rows() == [
        (A, [480_000], [25_000_000])
    ]
    second = silver_of(heard((86_400 + 60, "c1", said(1, 9))), date(2026, 1, 6), 1800, before=first)
    assert quotes(second) == [(480_000, 520_000, "MATCH")]
    assert second["book_gaps"].filter(pl.col("ts_start") == MIDNIGHT).is_empty()


def test_a_book_ends_with_a_stop_over_midnight_and_with_another_connection():
    first = silver_of(heard((86_340, "c1", book())), DAY, 1800)
    late, other = (
        silver_of(heard((86_400 + at, conn, said(1, 9))), date(2026, 1, 6), 1800, before=first)
        for at, conn in ((3600, "c1"), (60, "c2"))
    )
    assert [quotes(found) for found in (late, other)] == [[(None, None, "NOT_BEGUN")]] * 2


def test_a_trade_that_two_connections_told_is_one_and_two_of_one_message_are_two():
    found = silver_of(heard((0, "c1", [TRADE, TRADE]), (1, "c2", TRADE)), DAY, 1800)
    assert found["last_trades"].height == 2


def test_the_book_that_a_new_connection_is_sent_is_no_repeat():
    found = silver_of(heard((0, "c1", book()), (600, "c2", book())), DAY, 300)
    assert found["book_events"].filter(pl.col("kind") == "BOOK").height == 2


def test_a_book_that_contradicts_the_replay_is_told_unless_a_trade_explains_it():
    other = book(bids=((0.6, 1),), asks=((0.62, 1),))
    bare = silver_of(heard((0, "c1", book()), (10, "c1", other)), DAY, 1800)
    assert gaps(bare, A) == [(10, 10, "DESYNC")]
    assert bare["book_tops"].filter(pl.col("row") == 1)["replay_ok"].to_list() == [False]
    traded = silver_of(heard((0, "c1", book()), (9, "c1", TRADE), (10, "c1", other)), DAY, 1800)
    assert gaps(traded, A) == []


def test_a_book_that_is_what_the_changes_made_says_so():
    again = book(bids=((0.48, 30), (0.47, 5)))
    found = silver_of(
        heard((0, "c1", book()), (5, "c1", changed(change(0.47, 5))), (10, "c1", again)), DAY, 1800
    )
    assert found["book_tops"].filter(pl.col("row") == 2)["replay_ok"].to_list() == [True]


def test_best_prices_that_are_told_alone_are_compared():
    best = {
        "event_type": "best_bid_ask",
        "market": M,
        "asset_id": A,
        "best_bid": "0.60",
        "best_ask": "0.62",
        "timestamp": "1767600000000",
    }
    found = silver_of(heard((0, "c1", book()), (10, "c1", best)), DAY, 1800)
    assert quotes(found)[-1] == (480_000, 520_000, "MISMATCH")
