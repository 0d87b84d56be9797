"""What the best levels say, by the printed values."""

import polars as pl

from lakeflow.truth import book

TOP = pl.DataFrame({"bid_px": [100.0, 100.0], "bid_sz": [30, 0], "ask_px": [101.0, 101.0], "ask_sz": [10, 0]})


def test_the_microprice_leans_to_the_thin_side():
    assert TOP.select(x=book.microprice())["x"].to_list() == [100.75, None]


def test_the_heavier_side_has_the_sign():
    assert TOP.select(x=book.imbalance(pl.col("bid_sz"), pl.col("ask_sz")))["x"].to_list() == [0.5, None]
