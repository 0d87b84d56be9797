"""The simulator's account of quotes, moves, imbalance and trades, against what a hand works out."""

import polars as pl

from tests.textbook import STATES

BOOK = ("A B 1 100 5", "A A 2 101 3", "A A 3 102 4", "A A 4 104 9")
CAUSES = ("half_ticks", "from_trade", "from_cancel", "from_add", "from_modify", "from_reset")


def quotes(tables: dict[str, pl.DataFrame]) -> list[tuple]:
    """Bids and asks in ticks with their lots."""
    tick = 250_000_000
    return [
        (bid and bid // tick, bid_size, ask and ask // tick, ask_size)
        for bid, bid_size, ask, ask_size in tables["bbo"]
        .select("bid_price", "bid_size", "ask_price", "ask_size")
        .iter_rows()
    ]


def test_a_move_is_of_what_made_it(tell):
    moves = tell(*BOOK, "T B 0 101 3 ..", "F A 2 101 3 ..", "C A 2 101 3", "C A 3 102 4", "A B 5 101 2")[
        "moves"
    ]
    assert moves.select(CAUSES).rows() == [(1, 1, 0, 0, 0, 0), (2, 0, 2, 0, 0, 0), (1, 0, 0, 1, 0, 0)]


def test_a_side_that_empties_and_fills_again_is_a_reset(tell):
    moves = tell("A B 1 100 5", "A A 2 101 3", "C A 2 101 3", "A A 3 105 1")["moves"]
    assert moves.select(CAUSES).rows() == [(4, 0, 0, 0, 0, 4)]


def test_causes_of_one_event_may_cancel_out_and_are_told(tell):
    moves = tell(
        "A B 1 100 5", "A A 2 101 3", "A A 3 102 3", "M A 2 103 3 ..", "A B 4 99 1 ..", "A A 5 101 1"
    )["moves"]
    assert moves.select(CAUSES).rows() == [(0, 0, 0, -1, 1, 0)]


def test_quotes_are_told_when_an_event_has_ended_and_has_changed_them(tell):
    tables = tell("A B 1 100 5", "A A 2 101 3", "A B 3 99 5", "A B 4 102 1 ..", "C B 4 102 1", "N N 0 - 0")
    assert quotes(tables) == [(100, 5, None, 0), (100, 5, 101, 3)]


def test_the_first_event_is_told_even_of_an_empty_book(tell):
    tables = tell("R N 0 - 0", "R N 0 - 0")
    assert quotes(tables) == [(None, 0, None, 0)]
    assert tables["depth"].height == 1


def test_imbalance_is_that_of_the_textbook(tell):
    lines, number = ["A B 1 100 10 ..", "A A 2 101 12"], 2
    for bid, bids, ask, asks in STATES[1:]:
        lines += [f"M B 1 {bid} {bids} ..", f"M A {number} {ask} {asks}"]
    ofi = tell(*lines)["ofi"]
    # Both sides come in the first event: +10 - 12; then 5, 5, 11, 0 and -4.
    assert ofi.select("events", "ofi_1", "size_sum_1").rows() == [
        (6, -2 + 17, sum(b + a for _, b, _, a in STATES))
    ]


def test_a_clear_adds_no_imbalance_and_a_snapshot_neither(tell):
    ofi = tell("A B 1 100 5", "R N 0 - 0 +40 ..", "A B 9 90 7 +40", "A B 10 90 1")["ofi"]
    assert ofi["ofi_1"].to_list() == [5 + 1]


def test_a_trade_has_the_fills_that_follow_it_at_its_price(tell):
    trades = tell(
        *BOOK, "T B 0 101 3 ..", "F A 2 101 3 ..", "T B 0 102 9 ..", "F A 3 102 4 ..", "F A 99 102 5"
    )["trades"]
    assert trades.select("row", "filled", "fills", "sign").rows() == [(4, 3, 1, 1), (6, 9, 2, 1)]


def test_a_sign_that_is_not_told_is_by_the_mid_before_the_event_then_by_the_last_change_of_price(tell):
    lines = (
        "T N 0 101 1",
        "A B 1 100 1",
        "A A 2 102 1",
        "T N 0 101 1",
        "T N 0 102 1",
        "T N 0 101 1",
        "T N 0 100 1",
    )
    trades = tell(*lines)["trades"]
    assert trades.select("sign", "sign_method").rows() == [
        (0, "none"), (0, "none"), (1, "quote"), (-1, "tick"), (-1, "quote")
    ]  # fmt: skip


def test_a_trade_of_an_event_that_never_ends_is_told(tell):
    assert tell("A B 1 100 5", "T A 0 100 2 ..")["trades"]["size"].to_list() == [2]


def test_a_reported_gap_is_doubted_until_the_next_clear(tell):
    bbo = tell("A B 1 100 5", "A B 2 100 5 +4", "A B 3 100 5", "R N 0 - 0", "A B 4 100 5")["bbo"]
    assert bbo["suspect"].to_list() == [False, True, True, False, False]
    assert bbo["bid_count"].to_list() == [1, 2, 3, 0, 1]


def test_publishers_share_numbers_but_no_orders(tell):
    tables = tell("A B 1 100 5 #39", "A B 1 100 2 #40", "A B 1 99 9 #41", "C B 1 100 2 #40", "R N 0 - 0 #39")
    assert tables["bbo"].select("bid_size", "bid_count").rows() == [(5, 1), (7, 2), (5, 1), (9, 1)]


def test_a_snapshot_without_a_clear_clears(tell):
    tables = tell("A B 1 100 5", "A B 2 90 7 +40 ..", "A B 3 89 7 +40", "A B 4 88 1", "A B 5 80 1 +40")
    assert quotes(tables) == [(100, 5, None, 0), (90, 7, None, 0), (80, 1, None, 0)]


def test_what_is_wrong_is_counted_by_the_minute_of_receipt_with_the_first_record(tell):
    lines = (
        "F A 9 100 1 @59",
        "F A 9 100 1 @59.5",
        "F A 9 100 1 @60",
        "A B 1 100 1 @10",
        "A B 2 90 1 +40 @200",
    )
    found = tell(*lines)["anomalies"].select(pl.col("ts_minute").dt.minute(), "class", "count", "first_row")
    assert found.rows() == [(0, "unknown_fill", 2, 0), (1, "unknown_fill", 1, 2), (3, "implicit_clear", 1, 4)]


def test_what_the_file_says_twice_counts_once(tell):
    tables = tell("A B 1 100 5 =7 @1", "A B 1 100 5 =7 @0.999999999", "T B 0 101 1 =8", "T B 0 101 1 =8")
    assert tables["bbo"]["bid_size"].to_list() == [5]
    assert tables["trades"].height == 2


def test_lost_records_are_followed_as_documented_and_counted(tell):
    tables = tell("M B 1 100 5", "C B 2 99 1", "A B 1 98 3", "A B 3 98 1", "C B 1 97 9")
    assert dict(tables["anomalies"].select("class", "first_row").rows()) == {
        "unknown_modify": 0, "unknown_cancel": 1, "duplicate_add": 2, "over_cancel": 4, "price_mismatch": 4
    }  # fmt: skip
    assert quotes(tables) == [(100, 5, None, 0), (98, 3, None, 0), (98, 4, None, 0), (98, 1, None, 0)]
