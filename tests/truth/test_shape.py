"""What the best levels say, by the printed values."""

import polars as pl
import pytest

from lakeflow.truth import book

TOP = pl.DataFrame({"bid_px": [100.0, 100.0], "bid_sz": [30, 0], "ask_px": [101.0, 101.0], "ask_sz": [10, 0]})


def test_the_microprice_leans_to_the_thin_side():
    assert TOP.select(x=book.microprice())["x"].to_list() == [100.75, None]


def test_the_heavier_side_has_the_sign():
    assert TOP.select(x=book.imbalance(pl.col("bid_sz"), pl.col("ask_sz")))["x"].to_list() == [0.5, None]


@pytest.mark.parametrize(("ticks", "lots"), [(1, 1), (3, 3), (10, 7)])
def test_lots_within_some_ticks_of_the_best(ticks, lots):
    prices = {f"bid_price_{n}": [price] for n, price in enumerate([1000, 990, 970, 960, *[None] * 6], 1)}
    sizes = {f"bid_size_{n}": [size] for n, size in enumerate([1, 2, 3, 1, *[0] * 6], 1)}
    frame = pl.DataFrame(prices | sizes)
    assert frame.select(x=book.within("bid", ticks, 10))["x"].to_list() == [lots]
