"""Rows put by for a symbol until they are many: none lost, none twice, each in its order, however they come."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.simulate.wire import filled
from lakeflow.vendors.databento import trays as module
from lakeflow.vendors.databento.orders import words
from lakeflow.vendors.databento.schemas import LAYOUTS
from lakeflow.vendors.databento.trays import FULL, HELD, Trays


def adds(count: int):
    records = np.repeat(filled(LAYOUTS["mbo"][3], [{"action": "A", "side": "B"}]), count)
    records["order_id"] = np.arange(count)
    return records


@given(st.lists(st.tuples(st.sampled_from("XYZ"), st.integers(1, 700)), max_size=12))
def test_every_row_comes_out_once_under_its_symbol(puts):
    held, frames, expected, first = Trays(), [], [], 0
    for symbol, count in puts:
        chosen = np.arange(0, count, 2)
        frames += held.put(symbol, words(adds(count)), chosen, first)
        expected += [(symbol, first + n, n) for n in chosen.tolist()]
        first += count
    frames += held.rest()
    rows = [
        row for f in frames for row in f.select(pl.col("symbol").cast(pl.String), "row", "order_id").rows()
    ]
    assert sorted(rows, key=lambda row: row[1]) == expected


def test_a_tray_is_emptied_when_it_is_full_and_not_before():
    held, part = Trays(), adds(FULL // 2 + 1)
    chosen = np.arange(len(part))
    assert list(held.put("X", words(part), chosen, 0)) == []
    (full,) = held.put("X", words(part), chosen, len(part))
    (rest,) = held.rest()
    assert (full.height, rest.height) == (FULL, 2)
    assert rest["row"].to_list() == [FULL, FULL + 1]


def test_a_frame_keeps_its_rows_when_its_tray_goes_on():
    held, part = Trays(), adds(FULL)
    (first,) = held.put("X", words(part), np.arange(FULL), 0)
    list(held.put("X", words(part[::-1].copy()), np.arange(FULL), FULL))
    assert first["order_id"].to_list() == list(range(FULL))


def test_many_symbols_hold_no_more_than_a_bound(monkeypatch):
    monkeypatch.setattr(module, "HELD", 1_000)
    held, part, out = Trays(), adds(300), 0
    for n in range(40):
        out += sum(frame.height for frame in held.put(f"S{n}", words(part), np.arange(300), n * 300))
        assert (n + 1) * 300 - out < 1_000
    assert HELD > 1_000
