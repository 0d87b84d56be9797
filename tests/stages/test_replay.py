"""The silver tables of a simulated day: what the contracts promise, whatever the chunks, and what the orders say."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from lakeflow.market.book import QUOTES
from lakeflow.market.levels import levels_after_events
from lakeflow.market.records import UNDEF_PRICE
from stages.bronze.databento import normalise
from stages.silver.levels import after_events as levels
from stages.silver.replay import tables
from stages.silver.venues import tables as venue_tables

S = 10**9
TABLES = ("bbo", "depth", "trades", "flow", "ofi", "moves")


@pytest.fixture(scope="module")
def bronze(day_files):
    """Orders of the front contract, definition and status of a simulated day."""
    from datetime import date

    parts: dict[str, list[pl.DataFrame]] = {}
    for made in normalise(day_files, "ES", date(2026, 1, 6), "future_mbo"):
        for name, rows in made.items():
            if isinstance(rows, pl.DataFrame):
                parts.setdefault(name, []).append(rows)
    front = [
        rows.filter(pl.col("symbol").cast(pl.String) == "ESH6").drop("symbol") for rows in parts["orders"]
    ]
    return pl.concat(front), pl.concat(parts["definition"]), pl.concat(parts["status"])


def made(stage, bronze, cuts=()):
    orders, definition, status = bronze
    edges = [0, *cuts, orders.height]
    found: dict[str, list[pl.DataFrame]] = {}
    for frames in stage(
        (orders[first:last] for first, last in pairwise(edges)), definition, status, "ESH6", {}
    ):
        for name, frame in frames.items():
            found.setdefault(name, []).append(frame)
    return {name: pl.concat(frames) for name, frames in found.items()}


def test_every_table_is_what_its_contract_says(bronze, fits):
    found = made(tables, bronze)
    assert set(TABLES) <= set(found)
    assert all(fits(f"silver/{name}", frame) for name, frame in found.items())


def test_where_the_orders_are_cut_changes_no_row(bronze):
    whole, cut = made(tables, bronze), made(tables, bronze, (1, 7, 7, 1000))
    assert all(whole[name].equals(cut[name]) for name in whole)
    assert whole.keys() == cut.keys()


def test_trades_are_the_trades_of_the_orders(bronze):
    traded = bronze[0].filter(pl.col("action") == "T")
    assert (
        made(tables, bronze)["trades"]
        .select("row", "price", "size")
        .equals(traded.select("row", "price", pl.col("size").cast(pl.Int64)))
    )


def test_levels_after_every_event_end_as_the_seconds_do(bronze, fits):
    mbp, depth = made(levels, bronze)["mbp"], made(tables, bronze)["depth"]
    assert fits("silver/mbp", mbp)
    tens = [name for name in depth.columns if name[-1].isdigit() and "lots" not in name]
    assert mbp.tail(1).select(tens).equals(depth.tail(1).select(tens))


def test_levels_as_a_stream_of_arrays_are_those_of_the_dataset_byte_for_byte(bronze):
    orders, definition, _ = bronze
    tick = definition.filter(pl.col("instrument_id") == orders["instrument_id"][0])["min_price_increment"][0]
    mbp = made(levels, bronze)["mbp"].fill_null(int(UNDEF_PRICE))
    rows = np.concatenate([rows.copy() for rows in levels_after_events([orders[:999], orders[999:]], tick)])
    assert rows["number"].tobytes() == mbp["row"].to_numpy().tobytes()
    for quote in QUOTES:
        stored = mbp.select(f"{quote}_{n}" for n in range(1, 11)).to_numpy()
        assert np.ascontiguousarray(rows[quote]).tobytes() == np.ascontiguousarray(stored).tobytes()


def test_one_venue_is_all_venues(bronze, fits):
    found = made(venue_tables, bronze)
    assert fits("silver/venue_bbo", found["venue_bbo"])
    own = found["venue_bbo"].drop("publisher_id")
    assert own.equals(found["bbo"].drop("flags", "ts_second"))


def test_moves_add_up_to_the_change_of_the_mid(bronze):
    found = made(tables, bronze)
    whole = found["bbo"].drop_nulls(["bid_price", "ask_price"])
    mids = (whole["bid_price"] + whole["ask_price"]) // 250_000_000
    assert found["moves"]["half_ticks"].sum() == mids[-1] - mids[0]


def test_a_halt_is_flagged_from_its_status_on(bronze):
    orders, definition, status = bronze
    bbo = made(tables, bronze)["bbo"]
    when = bbo["ts_recv"][bbo.height // 2]
    own = status.filter(pl.col("instrument_id") == orders["instrument_id"][0]).head(1)
    halt = own.with_columns(
        ts_recv=pl.lit(when).cast(own.schema["ts_recv"]), action=pl.lit(8, own.schema["action"])
    )
    flags = made(tables, (orders, definition, halt))["bbo"]["flags"]
    assert (flags & (1 << 20) != 0).equals(bbo["ts_recv"] >= when, check_names=False)


def test_a_day_without_a_tick_is_refused_and_says_what_to_do(bronze):
    orders, definition, status = bronze
    with pytest.raises(ValueError, match="expected a definition with min_price_increment"):
        list(tables(iter([orders]), definition.clear(), status, "ESH6-ESM6", {"ES": 0.25}))


def test_no_orders_at_all_are_no_rows(bronze):
    orders, definition, status = bronze
    assert list(tables(iter([orders.clear()]), definition, status, "ESH6", {})) == []
