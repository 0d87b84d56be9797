"""Audits of books, flows and trades on frames of a few rows, where what must hold can be counted by hand."""

import polars as pl
import pytest

from lakeflow.audit import (
    flow,
    imbalance,
    moves,
    quotes,
    suspicion,
    trades,
    venues,
)
from tests.audit.frames import DAY, NOON, TIME, Hours, after, at, orders, quote, table
from tests.textbook import STATES

TERMS = pl.LazyFrame({"row": [0], "instrument_id": [11], "raw_symbol": ["ESH6"], "min_price_increment": [10]})


def status(*told: tuple[float, int]) -> pl.LazyFrame:
    """Codes of trading status, each from some second on."""
    rows = [
        {"row": n, "publisher_id": 1, "instrument_id": 11, "ts_recv": after(s), "action": a}
        for n, (s, a) in enumerate(told)
    ]
    kinds = {
        "row": pl.Int64,
        "publisher_id": pl.Int64,
        "instrument_id": pl.Int64,
        "ts_recv": TIME,
        "action": pl.UInt16,
    }
    return pl.LazyFrame(rows, schema=kinds)


@pytest.mark.parametrize(
    ("phases", "found"),
    [
        ([(0, 7)], 1),  # trading
        ([(0, 7), (99, 8)], 0),  # halted a second before
        ([(0, 7), (99, 1), (101, 7)], 0),  # before the open
        ([(0, 8), (50, 7)], 0),  # what crossed before the open is being matched
        ([(0, 8), (40, 7)], 1),  # that is over after a minute
        ([(0, 8), (10, 7), (50, 7)], 1),  # saying so again begins nothing
        ([(0, 8), (1, 0), (1, 14)], 0),  # still halted: neither is a phase
        ([], 1),  # nobody says; it is inside a session
        ([(101, 7)], 1),
    ],
)
def test_a_book_may_be_crossed_only_where_the_status_allows(phases, found):
    crossed = table(quote(0, 100, 110), quote(100, 120, 110))
    assert len(at(quotes.is_uncrossed(crossed, orders({}), status(*phases), [DAY]))) == found
    assert len(at(quotes.is_uncrossed_at_each_venue(crossed, orders({}), status(*phases), [DAY]))) == found


@pytest.mark.parametrize(
    ("opens", "closes", "found"), [(-1, 101, 1), (-1, 100, 0), (60, 200, 0), (40, 200, 1), (200, 300, 0)]
)
def test_where_nobody_tells_the_status_the_session_does(opens, closes, found):
    crossed = table(quote(100, 120, 110))
    hours = Hours(after(opens), after(closes))
    assert len(at(quotes.is_uncrossed(crossed, orders({}), status(), [hours]))) == found
    assert at(quotes.is_uncrossed(crossed, orders({}), status(), [])) == []


def test_a_doubtful_book_and_one_side_alone_are_not_crossed():
    rows = table(
        quote(0, 120, 110, suspect=True),
        quote(1, 120, 110, flags=1 << 10),
        quote(2, None, 110),
        quote(3, 110, 110),
    )
    assert at(quotes.is_uncrossed(rows, orders({}), status((0, 7)), [DAY])) == []


def test_a_quote_is_news_when_only_being_suspect_differs():
    rows = table(quote(0, 100, None), quote(1, 100, None, suspect=True), quote(2, 100, None, suspect=True))
    assert at(quotes.is_news(rows)) == ["row 2"]


def test_suspicion_lasts_from_a_gap_of_a_publisher_to_its_own_clear():
    gap, clear, other = {"flags": 132}, {"action": "R"}, {"publisher_id": 2}
    day = orders({}, gap, {}, other | clear, other | gap, clear, {}, other | clear, {})
    told = [False, True, True, True, True, True, True, False, False]
    rows = table(*(quote(n, 100, 110, suspect=s) for n, s in enumerate(told)))
    assert at(suspicion.is_that_of_the_orders({"bbo": rows}, day)) == []
    early = rows.with_columns(suspect=pl.col("suspect") & (pl.col("row") < 5))
    assert at(suspicion.is_that_of_the_orders({"bbo": early}, day)) == [
        "table bbo, row 5",
        "table bbo, row 6",
    ]


def test_a_snapshot_that_says_no_clear_closes_a_gap_once():
    day = orders({}, {"flags": 132}, {"flags": 40}, {"flags": 168}, {})
    rows = table(*(quote(n, 100, 110, suspect=n == 1) for n in (0, 1, 3, 4)))
    assert at(suspicion.is_that_of_the_orders({"bbo": rows}, day)) == []


def cells(second: int, **lots: int) -> list[dict]:
    """Six rows of flow in which nothing moves; `B_touch=5` says the depth of a cell."""
    return [
        {"ts_second": after(second), "side": s, "band": b, "depth_end": lots.get(f"{s}_{b}", 0)}
        for s in "BA" for b in ("touch", "near", "deep")
    ]  # fmt: skip


def ten(side: str, *levels: tuple[int, int]) -> dict:
    told = [*levels, *[(None, 0)] * (10 - len(levels))]
    prices = {f"{side}_price_{n}": price for n, (price, _) in enumerate(told, 1)}
    return prices | {f"{side}_size_{n}": size for n, (_, size) in enumerate(told, 1)}


def test_bands_are_the_lots_of_levels_by_their_distance_in_ticks():
    bids = ten("bid", (1000, 1), (995, 2), (990, 4), (951, 8), (950, 16), (800, 32), (790, 64))
    asks = ten("ask", *((1100 + 10 * n, 1) for n in range(10)))
    kinds = {f"{s}_price_{n}": pl.Int64 for s in ("bid", "ask") for n in range(1, 11)}
    depth = pl.LazyFrame([{"ts_second": NOON} | bids | asks], schema_overrides=kinds)
    told = {"B_touch": 3, "B_near": 12, "B_deep": 48, "A_touch": 1, "A_near": 4, "A_deep": 999}
    right = pl.LazyFrame(cells(0, **told))
    assert (
        at(flow.ends_as_depth_stands(right, depth, orders({}), TERMS, "ESH6", {})) == []
    )  # deep asks go on beyond ten levels
    wrong = pl.LazyFrame(cells(0, **told | {"B_near": 13}))
    assert len(at(flow.ends_as_depth_stands(wrong, depth, orders({}), TERMS, "ESH6", {}))) == 1


def test_the_first_second_begins_with_an_empty_book():
    cell = {"ts_second": NOON, "side": "B", "band": "touch", "depth_start": 3, "depth_end": 3}
    assert len(at(flow.goes_on(pl.LazyFrame([cell])))) == 1


def test_moves_add_up_below_zero_and_over_a_side_that_is_empty_for_a_while():
    rows = table(quote(1, -100, -80), quote(2, -100, None), quote(4, -110, -70), quote(6, -110, -80))
    told = pl.LazyFrame({"row": [0, 4, 6], "half_ticks": [7, 0, -1]})
    assert at(moves.adds_up(told, rows, orders({}), TERMS, "ESH6", {})) == []
    assert at(moves.adds_up(told.head(2), rows, orders({}), TERMS, "ESH6", {})) == ["row 6"]


def test_fills_are_counted_event_by_event():
    trade, fill = {"action": "T", "flags": 0, "size": 3}, {"action": "F", "flags": 0, "size": 3}
    day = orders(trade, fill, {"action": "C"}, trade | {"flags": 128}, fill, {})
    told = {"row": [0, 3], "filled": [3, 0], "fills": [1, 0]}
    assert at(trades.is_filled_as_told(pl.LazyFrame(told), day)) == []
    late = told | {"filled": [0, 3], "fills": [0, 1]}
    assert at(trades.is_filled_as_told(pl.LazyFrame(late), day)) == ["row 3"]


def test_quotes_of_all_venues_add_up_what_rests_at_the_best_price():
    one, two = {"publisher_id": 1}, {"publisher_id": 2}
    each = table(quote(0, 100, None) | one, quote(1, 100, 110) | two, quote(3, 90, 110) | one)
    all_ = table(
        quote(0, 100, None) | {"ask_size": 0, "ask_count": 0},
        quote(1, 100, 110) | {"bid_size": 2, "bid_count": 2},
        quote(2, 999, 110),  # the first venue is in the middle of an event
        quote(3, 100, 110) | {"ask_size": 2, "ask_count": 2},
    )
    day = orders(one, two, one | {"flags": 0}, one)
    assert at(venues.is_the_best_of_all(all_, each, day)) == []
    wrong = all_.with_columns(bid_size=pl.lit(1))
    assert at(venues.is_the_best_of_all(wrong, each, day)) == ["row 1"]


def test_imbalance_is_that_of_the_worked_example_and_a_clear_adds_nothing():
    rows = table(
        *(quote(n, bid, ask) | {"bid_size": b, "ask_size": a} for n, (bid, b, ask, a) in enumerate(STATES, 1))
    )
    day = orders({"action": "R", "flags": 0}, *({"ts_recv": after(n // 2)} for n in range(1, 7)))
    seconds = pl.LazyFrame(
        {"ts_second": [after(n) for n in range(4)], "ofi_1": [0, 10, 11, -4]},
        schema_overrides={"ts_second": TIME},
    )
    assert at(imbalance.is_that_of_the_quotes(seconds, rows, day)) == []
    begun = imbalance.is_that_of_the_quotes(
        seconds, rows, orders(*({"ts_recv": after(n // 2)} for n in range(7)))
    )
    assert begun.collect().rows() == [("ts_second 2026-01-06 12:00:00.000000000+00:00", "-2", "0")]
