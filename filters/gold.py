"""Flags that a second of the market truth shows by itself at its end: nothing is dropped; True sets the bit of the name."""

import polars as pl

OLD_S = 5


def crossed() -> pl.Expr:
    """Somebody bids more than somebody asks."""
    return pl.col("crossed")


def one_sided() -> pl.Expr:
    """Nobody bids, or nobody asks, or neither has been seen."""
    return pl.col("bid_px").is_null() | pl.col("ask_px").is_null()


def stale() -> pl.Expr:
    """Nothing was heard of the book for over five seconds, or no quote has been seen yet."""
    return (pl.col("quote_age_s") > OLD_S).fill_null(value=True)


def bad_book() -> pl.Expr:
    """A gap was reported and no clear has come since."""
    return pl.col("bad_book")


def halted() -> pl.Expr:
    """The venue had stopped trading in some part of it."""
    return pl.col("halted")


def auction() -> pl.Expr:
    """The instrument was in an auction in some part of it."""
    return pl.col("auction")
