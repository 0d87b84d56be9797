"""The columns of the grid, each group from its silver table."""

import numpy as np
import polars as pl
import pytest

from lakeflow.truth.bands import bands
from lakeflow.truth.health import health
from lakeflow.truth.laying import laid
from lakeflow.truth.levels import levels
from lakeflow.truth.moving import causes, motion
from lakeflow.truth.pressure import pressure
from lakeflow.truth.quotes import Quoting, quotes
from lakeflow.truth.tape import tape

E9 = 1_000_000_000
TICK = E9 // 4
NO_EVENT = np.zeros(60, bool)


@pytest.fixture
def bbo(table):
    prices = {
        "bid_price": [100 * E9, 100 * E9, None, 101 * E9],
        "ask_price": [101 * E9, None, 101 * E9, 101 * E9],
    }
    lots = {name: [30, 30, 0, 5] for name in ("bid_size", "bid_count")} | {
        name: [10, 0, 10, 5] for name in ("ask_size", "ask_count")
    }
    flags = {"suspect": [False, False, True, False], "flags": [16, 512, 512, 4]}
    return table("ts_recv", [-1, 0.5, 3.2, 5], **prices, **lots, **flags)


def test_nothing_before_the_open_is_carried_into_the_session(bbo, session):
    grid = quotes(bbo, laid(bbo, session), Quoting(TICK), NO_EVENT)
    assert len(grid) == 60
    assert grid["ask_px"].to_list()[:6] == [None, None, None, 101, 101, 101]
    assert grid["mid"].to_list()[:6] == [None] * 5 + [101]
    assert grid["mid_half_ticks"][5] == 2 * 101 * 4


def test_a_quote_says_when_it_was_seen_and_how_it_stands(bbo, session):
    grid = quotes(bbo, laid(bbo, session), Quoting(TICK, max_stale=3), NO_EVENT)
    assert grid["quote_age_s"].to_list()[:10] == [0, 1, 2, 0, 1, 0, 1, 2, 3, 4]
    assert grid["bid_px"].to_list()[5:10] == [101, 101, 101, 101, None]
    assert grid["locked"].to_list()[4:10] == [False, True, True, True, True, False]
    assert grid["bad_book"].to_list()[2:6] == [False, True, True, False]
    assert grid["flags"].to_list()[:7] == [512, 512, 512, 512, 512, 516, 4]


def test_an_event_that_changes_no_quote_says_that_it_still_stands(bbo, session):
    grid = quotes(bbo, laid(bbo, session), Quoting(TICK, max_stale=3), np.isin(np.arange(60), [4, 8, 11]))
    assert grid["quote_age_s"].to_list()[:14] == [0, 1, 2, 0, 0, 0, 1, 2, 0, 1, 2, 0, 1, 2]
    assert grid["mid_age_s"].to_list()[4:12] == [None, 0, 1, 2, 0, 1, 2, 0]
    assert grid["mid_obs"].to_list()[4:9] == [False, True, False, False, True]
    assert grid["bid_px"].to_list()[11:16] == [101] * 4 + [None]


def test_levels_are_summed_and_compared(table, session):
    sizes = {f"{side}_size_{n}": [n if side == "bid" else 1] for side in ("bid", "ask") for n in range(1, 11)}
    sums = {"bid_lots_20": [99], "ask_lots_20": [12], "bid_lots_10t": [66], "ask_lots_10t": [11]}
    row = levels(table("ts_second", [2], **sizes, **sums), session, Quoting(TICK), NO_EVENT).row(
        2, named=True
    )
    assert (row["depth_b_5"], row["depth_a_10"], row["depth_b_10t"]) == (15, 10, 66)
    assert (row["depth_b_20"], row["depth_a_20"], row["depth_a_10t"]) == (99, 12, 11)
    assert (row["qi_5"], row["slope_b"]) == (0.5, 1 / 15)


def test_volume_is_conserved_and_signed(table, session):
    columns = {"price": [100 * E9, 103 * E9, 100 * E9], "size": [1, 2, 4], "sign": [1, -1, 0]} | {
        "sign_method": ["side", "tick", "none"]
    }
    trades = table("ts_recv", [1.1, 1.9, 4], **columns).cast({"size": pl.UInt32, "sign": pl.Int8})
    grid = tape(trades, session)
    assert grid["vol_1s"].sum() == 7
    row = grid.row(1, named=True)
    assert (row["vwap_1s"], row["buy_vol"], row["sell_vol"], row["signed_vol"]) == (102, 1, 2, -1)
    assert row["inferred_vol"] == 2
    assert grid["vwap_1s"].to_list()[2:5] == [None, None, 100]
    assert grid["trade_px_last"].to_list()[:5] == [None, 103, 103, 103, 100]


def test_the_sign_of_a_second_is_as_sure_as_that_of_its_least_sure_trade(table, session):
    methods = ["side", "side", "quote", "tick", "side", "none", "tick"]
    columns = {"price": [E9] * 7, "size": [1] * 7, "sign": [1] * 5 + [0, 1], "sign_method": methods}
    grid = tape(table("ts_recv", [-1, 1, 2, 2.5, 2.7, 5, 5], **columns), session)
    assert grid["sign_method"].to_list()[:6] == [None, "side", "tick", None, None, "unk"]
    assert grid["inferred_vol"].to_list()[:6] == [0, 0, 2, 0, 0, 1]


def test_a_trade_without_a_price_counts_by_its_lots_alone(table, session):
    prices = [90 * E9, None, None, 100 * E9, None, 101 * E9, None]
    columns = {"price": prices, "size": [1, 2, 4, 1, 9, 3, 5], "sign": [1] * 7, "sign_method": ["side"] * 7}
    grid = tape(table("ts_recv", [-1, -1, 0, 1, 1, 2, 4], **columns), session)
    assert grid["vol_1s"].to_list()[:5] == [4, 10, 3, 0, 5]
    assert grid["vwap_1s"].to_list()[:5] == [None, 100, 101, None, None]
    assert grid["trade_px_last"].to_list()[:5] == [None, 100, 101, 101, 101]


def test_a_session_of_trades_without_prices_has_its_volume(table, session):
    columns = {"price": pl.Series([None], dtype=pl.Int64), "size": [2], "sign": [1], "sign_method": ["side"]}
    grid = tape(table("ts_recv", [1], **columns), session)
    assert (grid["vol_1s"].sum(), grid["vwap_1s"].null_count()) == (2, 60)


def test_a_gap_is_counted_when_a_sound_book_becomes_doubtful(bbo, session, table):
    doubt = [True, True, False, True, False, True, True, False]
    one = bbo.drop("ts_recv")[:1]
    columns = pl.concat([one] * 8).with_columns(suspect=pl.Series(doubt)).to_dict()
    rows = table("ts_recv", [-3, 0, 1, 2, 2.1, 2.2, 3, 4], **columns)
    grid = quotes(rows, laid(rows, session), Quoting(TICK), NO_EVENT)
    assert grid["seq_gaps"].to_list()[:6] == [0, 0, 2, 0, 0, 0]
    assert grid["bad_book"].to_list()[:6] == [True, False, True, True, False, False]


@pytest.fixture
def flow(table):
    depths = {"depth_start": [10, 7, 7], "depth_end": [7, 7, 12]}
    lots = {
        "add": [2, 0, 6],
        "cancel": [4, 0, 1],
        "fill": [1, 0, 0],
        "shift": [0, 0, 0],
        "modified": [0, 0, 0],
    }
    numbers = {name: [1, 0, 1] for name in ("adds", "cancels", "fills", "modifies")}
    return table("ts_second", [3, 4, 9], side=["B"] * 3, band=["touch"] * 3, **depths, **lots, **numbers)


def test_depth_ends_where_the_flows_take_it(flow, session):
    grid = bands(flow, session)
    assert grid["depth_end_b_touch"].to_list()[:11] == [None] * 3 + [7] * 6 + [12] * 2
    assert grid["depth_start_b_touch"].to_list()[:11] == [None] * 3 + [10] + [7] * 6 + [12]
    moved = sum(
        way * grid[f"{name}_b_touch"] for name, way in (("add", 1), ("can", -1), ("fil", -1), ("shift", 1))
    )
    assert (grid["depth_start_b_touch"] + moved == grid["depth_end_b_touch"])[3:].all(ignore_nulls=False)
    assert grid["can_int_b_touch"][3] == 4 / 11
    assert grid["liq_vel_b_touch"][3] == pytest.approx((2 - 4 - 1) / 11)


def test_what_rests_in_a_band_is_not_known_before_its_first_row(flow, session):
    grid = bands(flow, session)
    assert grid["depth_end_a_deep"].to_list() == [None] * 60
    assert grid.select("can_int_b_touch", "liq_vel_b_touch").rows()[:3] == [(0, 0)] * 3


def test_nor_long_after_the_last_or_from_before_the_open(flow, session, table):
    assert bands(flow, session, 3)["depth_end_b_touch"].to_list()[6:14] == [7, 7, None] + [12] * 4 + [None]
    early = flow.with_columns(pl.col("ts_second") - pl.duration(seconds=5))
    assert bands(early, session)["depth_end_b_touch"].to_list()[:5] == [None] * 4 + [12]


def test_pressure_is_measured_in_levels(table, session):
    columns = {f"ofi_{n}": [6] for n in range(1, 11)} | {f"size_sum_{n}": [24] for n in range(1, 11)}
    grid = pressure(table("ts_second", [1], events=[3], max_wait_ns=[7], **columns), session)
    assert grid["max_gap_ns"].to_list()[:3] == [0, 7, 0]
    assert grid["ofi_1"].to_list()[:3] == [0, 6, 0]
    assert grid["ofi_int"].to_list()[:3] == [0, 6 / 4, 0]


def test_the_causes_of_a_move_add_up_to_it(table, session, bbo):
    columns = {
        "from_trade": [1, 0],
        "from_cancel": [0, 2],
        "from_add": [1, 0],
        "from_modify": [0, 0],
        "from_reset": [0, 0],
    }
    grid = causes(table("ts_recv", [1, 1.5], **columns), bbo, session, TICK, laid(bbo, session).starts)
    assert grid.row(1) == (1, 2, 1, 0, 0)


def test_motion_is_unknown_before_there_is_enough_of_it(session):
    quoted = pl.DataFrame({"mid": [100.0] * 30 + [101.0] * 30, "mid_obs": [True] * 60})
    grid = motion(quoted, np.zeros(60, bool), 0.25)
    assert grid["ret_1s"].to_list()[:2] == [None, 0]
    assert grid["rv_10s"].null_count() == 10
    assert grid["accel_10s"][30] == 10
    assert grid["vel_10s"][30] == 0.4


def test_a_minutes_anomalies_are_known_when_it_is_over(table, session):
    spans = table("ts_start", [2.5, 10], ts_end=table("x", [4.5, 11])["x"], kind=["halt", "gap"])
    anomalies = table("ts_minute", [-30, 30], **{"class": ["orphan", "orphan"], "count": [3, 9]})
    grid = health(spans, anomalies, session)
    assert grid["anomalies_1m"].to_list() == [0] * 30 + [3] * 30
    assert np.flatnonzero(grid["halted"]).tolist() == [2, 3, 4]
    assert np.flatnonzero(~grid["flow_valid"].to_numpy()).tolist() == [2, 3, 4, 10]
