"""Books from messages: what is believed, what is not, and that nothing is repaired."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from tests.polymarket.messages import A, B, M, book, change, changed, quotes, replay


def test_a_book_and_its_changes():
    found = replay(book(), changed(change(0.49, 10, best_bid="0.49", best_ask="0.52")))
    assert quotes(found) == [(480_000, 520_000, "UNVERIFIABLE"), (490_000, 520_000, "MATCH")]


def test_a_best_price_that_is_not_ours_is_a_mismatch_and_is_not_repaired():
    found = replay(book(), changed(change(0.49, 10, best_bid="0.50", best_ask="0.52")))
    assert quotes(found)[-1] == (490_000, 520_000, "MISMATCH")


@pytest.mark.parametrize("spelled", ["0.5", ".5", ".50", "0.50", "0.500"])
def test_one_level_in_every_spelling(spelled):
    found = replay(book(bids=((0.5, 1),)), changed(change(spelled, 0, best_bid="0", best_ask="0.52")))
    assert quotes(found)[-1] == (None, 520_000, "MATCH")


def test_a_side_without_a_level_has_no_price_and_the_book_no_mid():
    found = replay(book(asks=()))
    assert found["book_tops"].filter(pl.col("row") >= 0).select("bid", "ask", "mid").rows() == [
        (480_000, None, None)
    ]


def test_a_book_that_crosses_is_not_known_until_the_next_one():
    found = replay(book(), changed(change(0.53, 5)), changed(change(0.53, 0)), book())
    assert [status for *_, status in quotes(found)] == [
        "UNVERIFIABLE",
        "CROSSED",
        "NOT_BEGUN",
        "UNVERIFIABLE",
    ]
    gap = found["book_gaps"].filter(pl.col("reason") == "DESYNC")
    assert (gap["ts_end"] - gap["ts_start"]).to_list() == [timedelta(seconds=2)]


def test_a_change_before_any_book_is_no_book():
    found = replay(changed(change(0.49, 10)), book())
    assert [status for *_, status in quotes(found)] == ["NOT_BEGUN", "UNVERIFIABLE"]
    assert found["book_events"].height == 1 + 3


def test_size_0_of_a_level_that_is_not_there_changes_nothing():
    found = replay(book(), changed(change(0.30, 0)))
    assert len(quotes(found)) == 1


def test_old_shapes_and_arrays_are_the_same_books():
    old = {
        "event_type": "price_change",
        "market": M,
        "asset_id": A,
        "timestamp": "1767600000",
        "changes": [{"price": ".49", "side": "BUY", "size": "10"}],
    }
    sold = book() | {"buys": book()["bids"], "sells": book()["asks"]}
    del sold["bids"], sold["asks"]
    assert quotes(replay([sold, old])) == quotes(replay(book(), changed(change(0.49, 10))))


def test_the_same_frames_of_two_recorders_are_there_once():
    frames = (book(), changed(change(0.49, 10)))
    twice = replay(frames[0], frames[0], frames[1], frames[1], capture=["a", "b", "a", "b"])
    assert quotes(twice) == quotes(replay(*frames))
    assert twice["book_events"].height == 4


def test_of_equal_venue_times_the_order_of_capture_counts():
    found = replay(book(), changed(change(0.49, 10)), changed(change(0.49, 0)))
    assert [bid for bid, *_ in quotes(found)] == [480_000, 490_000, 480_000]


def test_levels_outlive_a_change_of_the_tick():
    tick = {
        "event_type": "tick_size_change",
        "market": M,
        "asset_id": A,
        "old_tick_size": "0.01",
        "new_tick_size": "0.001",
        "timestamp": "1767600000000",
    }
    assert quotes(replay(book(), tick, changed(change(0.4815, 5))))[-1][:2] == (481_500, 520_000)


def test_bids_of_one_token_are_asks_of_the_other():
    both = [book(), book(B, bids=((0.48, 25),), asks=((0.52, 30),))]
    found = replay(both, changed(change(0.47, 1)))["book_tops"].filter(pl.col("row") == 0).sort("message_no")
    assert found["mirror_ok"].to_list() == [None, True]


def test_a_level_without_its_mirror_is_told():
    both = [book(), book(B, bids=((0.48, 25),), asks=((0.52, 30),))]
    found = replay(both, changed(change(0.49, 1)))
    assert found["book_tops"].filter(pl.col("row") == 1)["mirror_ok"].to_list() == [False]


def test_no_book_outlives_silence():
    found = replay(book(), "PONG", book(), silent_s=1)
    statuses = found["book_tops"].sort("ts_recv")["verify_status"].to_list()
    assert statuses == ["UNVERIFIABLE", "FORGOTTEN", "UNVERIFIABLE", "FORGOTTEN"]


def test_no_book_outlives_the_day_the_exchange_was_replaced():
    cut = date(2026, 4, 28)
    found = replay(book(), book(), day=cut, start=datetime(2026, 4, 28, 10, 59, 59, 500_000, tzinfo=UTC))
    assert found["book_gaps"].filter(pl.col("ts_start") == pl.col("ts_end"))["reason"].to_list() == [
        "CAPTURE_OFF"
    ]
    assert "FORGOTTEN" in found["book_tops"].sort("ts_recv")["verify_status"].to_list()[1:-1]


def test_what_is_no_message_or_no_level_is_in_quarantine():
    unknown = {"event_type": "dance", "market": M}
    found = replay("[{", unknown, changed(change(1.2, 5)), changed(change(0.5, "x")))
    assert sorted(found["frame_quarantine"]["reason"]) == [
        "BAD_AMOUNT",
        "BAD_JSON",
        "PRICE_RANGE",
        "UNKNOWN_EVENT_TYPE",
    ]


def test_one_broken_frame_costs_no_other():
    assert len(quotes(replay(book(), "{broken", changed(change(0.49, 10))))) == 2


def walk(steps=60):
    """Changes that never cross: bids below 0.48, asks above 0.52, sizes from 0 to 2."""
    return [
        ("BUY" if n % 2 else "SELL", 47 - n * 7 % 20 if n % 2 else 53 + n * 7 % 20, n * 5 % 3)
        for n in range(steps)
    ]


def test_the_kernel_and_a_dull_twin_agree():
    frames = [book(), *(changed(change(f"0.{cents}", size, side)) for side, cents, size in walk())]
    resting = {"BUY": {48: 30}, "SELL": {52: 25}}
    shown = [(480_000, 520_000, 30_000_000, 25_000_000)]
    for side, cents, size in [*walk(), ("BUY", 48, 0), ("SELL", 52, 0), *walk(20)]:
        resting[side][cents] = size
        bid, ask = (
            max(p for p, s in resting["BUY"].items() if s),
            min(p for p, s in resting["SELL"].items() if s),
        )
        shown.append(
            (bid * 10_000, ask * 10_000, resting["BUY"][bid] * 1_000_000, resting["SELL"][ask] * 1_000_000)
        )
    frames += [changed(change("0.48", 0)), changed(change("0.52", 0, "SELL"))]
    frames += [changed(change(f"0.{cents}", size, side)) for side, cents, size in walk(20)]
    seen = (
        replay(*frames)["book_tops"]
        .filter(pl.col("row") >= 0)
        .select("bid", "ask", "bid_size", "ask_size")
        .rows()
    )
    assert len(seen) > 5
    assert seen == [now for before, now in zip([None, *shown], shown, strict=False) if now != before]
