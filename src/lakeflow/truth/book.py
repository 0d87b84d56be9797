"""What the best levels of a book say: the price weighted by the other side's size, and which side is the heavier."""

import polars as pl

SIDES = ("bid", "ask")


def mid() -> pl.Expr:
    return (pl.col("bid_px") + pl.col("ask_px")) / 2


def microprice() -> pl.Expr:
    """Leans towards the side that will be used up first; null where a side is empty."""
    bid, ask = pl.col("bid_sz"), pl.col("ask_sz")
    total = bid + ask
    return (pl.col("ask_px") * bid + pl.col("bid_px") * ask) / pl.when(total != 0).then(total)


def imbalance(bid: pl.Expr, ask: pl.Expr) -> pl.Expr:
    """From -1, all is offered, to 1, all is bid; null where nothing rests."""
    total = bid + ask
    return (bid - ask) / pl.when(total != 0).then(total)


def resting(side: str, levels: int) -> pl.Expr:
    """Lots on the first so many occupied levels of a side."""
    return pl.sum_horizontal(f"{side}_size_{level}" for level in range(1, levels + 1)).cast(pl.Int64)
