"""Events as rows of one schema, and who made their moves."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from lakeflow.truth.decomposition import Span, decomposed
from lakeflow.truth.event_table import Named, described, schema
from lakeflow.truth.events import Events

NAMED = Named("ES", 42, date(2026, 1, 5), "burst", "abc")
RAMP = np.concatenate([np.full(20, 100.0), 100 + np.arange(20) / 2, np.full(20, 109.0)])


@pytest.fixture
def grid():
    zeros = {
        name: [0] * 60
        for name in ("regime_rt", "mid_age_s", "dmid_cancel", "dmid_add", "dmid_modify", "dmid_reset")
    }
    ones = {
        name: [1] * 60
        for name in ("vol_1s", "buy_vol", "sell_vol", "spread_ticks", "depth_b_5", "depth_a_5", "dmid_trade")
    }
    floats = {
        "mid": RAMP,
        "rv_10s": [3e-4] * 60,
        "rv_120s": [1e-4] * 60,
        "vel_10s": [-0.5] * 60,
        "mid_obs": [True] * 60,
    }
    return pl.DataFrame(
        zeros
        | ones
        | floats
        | {"tod_bucket": ["am"] * 60, "tod3": ["morning"] * 60, "vol_regime": [None] * 60}
    )


def events(*rows):
    columns = np.array(rows, np.int64).reshape(-1, 7).T
    return Events(*columns, np.zeros(60, np.int64))


def test_an_event_says_how_far_it_went(grid, session):
    row = described(events((20, 25, 39, 45, 47, 1, 0)), grid, session, NAMED).row(0, named=True)
    assert row["event_id"] == "ES-2026-01-05-burst-0001"
    assert (row["px_t0"], row["move"], row["extent"], row["retrace"]) == (100, 9, 9.5, 0.5)
    assert (row["dur_s"], row["reason"], row["dte_bucket"], row["cov"], row["speed_max"]) == (
        25,
        "calm",
        "na",
        1,
        0.5,
    )
    assert (row["rv_ratio"], row["vol_sum"], row["driver"]) == (pytest.approx(3), 25, "trade_driven")
    assert (row["t_detect"], row["ts_detect"].timestamp()) == (25, session.open_ns / 1e9 + 25)


@pytest.mark.parametrize(
    ("kind", "depth", "traded", "start", "share"),
    [
        ("pull", 148, 5, 100, 1),
        ("replenish", 148, 5, 100, 1),
        ("fear", 148, 5, 100, 1),
        ("burst", 33, 0, 100.5, None),
    ],
)
def test_an_event_starts_from_what_stood_before_its_first_second(
    grid, session, kind, depth, traded, start, share
):
    """In second 20 five lots trade, most of the book goes and the mid moves: a burst that starts there starts after it."""
    moved = np.where(np.arange(60) == 20, 2, 0)
    full = grid.with_columns(
        mid=pl.Series(RAMP + 0.5 * (np.arange(60) >= 20)),
        depth_b_5=pl.Series([148] * 20 + [33] * 40),
        depth_a_5=0,
        vol_1s=pl.Series([0] * 20 + [5] + [0] * 39),
        dmid_trade=pl.Series(moved),
    )
    row = described(events((20, 20, 20, 20, 20, -1, 0)), full, session, NAMED._replace(kind=kind)).row(
        0, named=True
    )
    assert (row["depth_0"], row["vol_sum"], row["px_t0"], row["trade_share"]) == (depth, traded, start, share)
    assert (row["depth_min"], row["px_end"], row["move"]) == (33, 100.5, 100.5 - start)


def test_an_event_of_the_first_second_starts_from_what_nobody_knows(grid, session):
    first = events((0, 0, 0, 0, 0, -1, 0))
    row = described(first, grid, session, NAMED._replace(kind="pull")).row(0, named=True)
    assert (row["depth_0"], row["spread_0"], row["px_t0"], row["move"], row["vol_sum"]) == (
        None,
        None,
        None,
        None,
        1,
    )


def test_no_event_is_a_table_all_the_same(grid, session):
    none = described(events(), grid, session, NAMED)
    assert none.is_empty()
    assert dict(none.schema) == schema()


def moved(*causes):
    columns = dict(zip(("trade", "cancel", "add", "modify", "reset"), zip(*causes, strict=True), strict=True))
    return pl.DataFrame({f"dmid_{name}": np.array(values) for name, values in columns.items()})


def test_a_move_is_shared_by_its_causes():
    grid = moved((9, 9, 9, 0, 0), (1, 0, 0, 0, 0), (0, 2, 0, 0, 0), (0, 0, 1, 0, 0))
    found = decomposed(grid, Span(np.array([0]), np.array([3])))
    assert found.row(0) == (0.25, 0.5, 0.25, "mixed")


def test_a_move_down_is_shared_the_same_way_and_no_move_is_shared_by_nobody():
    grid = moved((0,) * 5, (1, -4, 0, 0, 0), (3, 0, 0, 0, 0))
    found = decomposed(grid, Span(np.array([0, 0]), np.array([1, 2])))
    assert found.rows() == [(0, 1, 0, "vacuum_driven"), (None, None, None, None)]


def test_modifies_and_resets_have_their_part_of_a_move_too():
    grid = moved((0,) * 5, (3, 2, 1, 4, 0), (0, 0, -9, 0, 2))
    found = decomposed(grid, Span(np.array([0, 0]), np.array([1, 2])))
    assert found.row(0) == (0.3, 0.2, 0.1, "mixed")
    assert found.row(1) == (3 / 11, 2 / 11, 0, "mixed")  # adds went against it: 8 - 9 + 4, all the others 11
