"""Soft flags that a row of price levels shows by itself, by its best level; as filters.silver of quotes."""

import polars as pl


def crossed() -> pl.Expr:
    """Somebody bids more than somebody asks."""
    return pl.col("bid_price_1") > pl.col("ask_price_1")


def locked() -> pl.Expr:
    """Somebody bids what somebody asks."""
    return pl.col("bid_price_1") == pl.col("ask_price_1")


def one_sided() -> pl.Expr:
    """Nobody bids, or nobody asks."""
    return pl.col("bid_price_1").is_null() | pl.col("ask_price_1").is_null()
