"""Soft flags that a row of quotes shows by itself: nothing is dropped; True sets the bit of the function's name."""

import polars as pl


def crossed() -> pl.Expr:
    """Somebody bids more than somebody asks."""
    return pl.col("bid_price") > pl.col("ask_price")


def locked() -> pl.Expr:
    """Somebody bids what somebody asks."""
    return pl.col("bid_price") == pl.col("ask_price")


def one_sided() -> pl.Expr:
    """Nobody bids, or nobody asks."""
    return pl.col("bid_price").is_null() | pl.col("ask_price").is_null()
