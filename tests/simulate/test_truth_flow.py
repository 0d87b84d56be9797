"""The simulator's account of what came to each band and what went, against what a hand works out."""

import polars as pl
import pytest

COLUMNS = (
    "depth_start",
    "depth_end",
    "add",
    "cancel",
    "fill",
    "shift",
    "modified",
    "adds",
    "cancels",
    "fills",
    "modifies",
)


def row(tables: dict[str, pl.DataFrame], side: str, band: str, second: int = 0) -> tuple:
    own = tables["flow"].filter((pl.col("side") == side) & (pl.col("band") == band)).select(COLUMNS)
    return own.row(second)


def test_a_second_has_six_rows_and_starts_with_what_the_one_before_ended_with(tell):
    flow = tell("A B 1 100 5", "A B 2 99 2", "A B 3 98 1 @3")["flow"]
    assert flow["ts_second"].n_unique() * 6 == flow.height == 12
    assert flow["depth_start"].to_list() == [0] * 6 + [5, 2, 0, 0, 0, 0]
    assert flow["depth_end"].to_list() == [5, 2, 0, 0, 0, 0, 5, 3, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("ticks", "band"),
    [(101, "touch"), (100, "touch"), (99, "near"), (96, "near"), (95, "deep"), (80, "deep")],
)
def test_a_band_is_by_the_best_price_before_the_event(tell, ticks, band):
    tables = tell("A B 1 100 5", f"A B 2 {ticks} 2 @1")
    assert row(tables, "B", band, 1)[2] == 2
    assert tables["flow"]["add"].sum() == 7


def test_beyond_twenty_ticks_lies_no_band(tell):
    assert tell("A B 1 100 5", "A B 2 79 2 @1")["flow"]["add"].sum() == 5


def test_a_cancel_is_a_fill_as_far_as_a_fill_of_the_event_reaches(tell):
    tables = tell("A A 1 100 10", "T B 0 100 3 .. @1", "F A 1 100 3 .. @1", "C A 1 100 8 @1")
    assert row(tables, "A", "touch", 1) == (10, 2, 0, 5, 3, 0, 0, 0, 1, 1, 0)


def test_a_modify_to_what_a_fill_left_is_a_fill(tell):
    tables = tell("A A 1 100 10", "T B 0 100 3 .. @1", "F A 1 100 3 .. @1", "M A 1 100 7 @1")
    assert row(tables, "A", "touch", 1) == (10, 7, 0, 0, 3, 0, 3, 0, 0, 1, 1)


def test_a_fill_of_another_event_fills_nothing(tell):
    tables = tell("A A 1 100 10", "F A 1 100 3 @1", "C A 1 100 3 @1")
    assert row(tables, "A", "touch", 1) == (10, 7, 0, 3, 0, 0, 0, 0, 1, 0, 0)


def test_a_larger_size_adds_the_difference_and_another_price_is_a_cancel_and_an_add(tell):
    tables = tell("A B 1 100 5", "A B 2 100 1", "M B 1 100 8 @1", "M B 1 99 6 @2")
    assert row(tables, "B", "touch", 1) == (6, 9, 3, 0, 0, 0, 3, 1, 0, 0, 1)
    assert row(tables, "B", "touch", 2) == (9, 1, 0, 8, 0, 0, 8, 0, 1, 0, 1)
    assert row(tables, "B", "near", 2) == (0, 6, 6, 0, 0, 0, 6, 1, 0, 0, 1)


def test_a_band_that_moves_with_the_best_price_shifts(tell):
    tables = tell("A B 1 100 5", "A B 2 99 3", "C B 1 100 5 @1")
    assert row(tables, "B", "touch", 1) == (5, 3, 0, 5, 0, 3, 0, 0, 1, 0, 0)
    assert row(tables, "B", "near", 1) == (3, 0, 0, 0, 0, -3, 0, 0, 0, 0, 0)


def test_a_clear_and_a_snapshot_shift_and_are_no_flow(tell):
    tables = tell("A B 1 100 5", "R N 0 - 0 +40 .. @1", "A B 1 100 5 +40 .. @1", "A B 2 100 4 +40 @1")
    assert row(tables, "B", "touch", 1) == (5, 9, 0, 0, 0, 4, 0, 0, 0, 0, 0)


def test_an_event_belongs_to_the_second_in_which_it_ends(tell):
    tables = tell("A B 1 100 5", "A B 2 100 1 .. @1.9", "A B 3 100 1 @2.1")
    assert tables["flow"]["ts_second"].dt.second().unique(maintain_order=True).to_list() == [0, 2]
    assert row(tables, "B", "touch", 1)[:3] == (5, 7, 2)


def test_receipt_never_goes_back(tell):
    tables = tell("A B 1 100 5 @2", "A B 2 100 1 @1")
    assert tables["flow"].height == 6
    assert tables["depth"].select("row", "bid_size_1").rows() == [(1, 6)]


def test_a_second_in_which_the_levels_changed_and_came_back_is_told(tell):
    depth = tell("A B 1 100 5", "N N 0 - 0 @1", "A B 2 100 1 @2", "C B 2 100 1 @2", "N N 0 - 0 @2")["depth"]
    assert depth.select(pl.col("ts_second").dt.second(), "row", "bid_size_1").rows() == [(0, 0, 5), (2, 4, 5)]


def test_ten_levels_are_the_best_ten_of_a_side(tell):
    depth = tell(*(f"A A {n} {100 + n * 3} {n}" for n in range(12, 0, -1)))["depth"]
    assert depth.select(f"ask_size_{n}" for n in range(1, 11)).row(0) == tuple(range(1, 11))
