"""How busy a contract was in each second: adds, cancels, modifies, trades, traded size and the last trade's price."""

from collections.abc import Iterator

import polars as pl

F_SNAPSHOT = 32
COUNTS = {"adds": "A", "cancels": "C", "modifies": "M", "trades": "T"}


def per_second(orders: Iterator[pl.DataFrame], min_size: int) -> Iterator[pl.DataFrame]:
    """A row for every second in which something happened, told when the next such second begins.

    The rows are the same however the orders are cut. Trades smaller than `min_size` count, but add no traded size.
    """
    held = None
    for chunk in orders:
        seconds = summed(chunk, min_size)
        seconds = seconds if held is None else joined(pl.concat([held, seconds]))
        yield seconds.head(-1)
        held = seconds.tail(1)
    if held is not None:
        yield held


def summed(orders: pl.DataFrame, min_size: int) -> pl.DataFrame:
    """The seconds of some orders; a snapshot tells what was, so it is no activity."""
    traded = is_action("T") & (pl.col("size") >= min_size)
    return (
        orders.lazy()
        .filter(pl.col("action").is_in(list(COUNTS.values())), pl.col("flags") & F_SNAPSHOT == 0)
        .group_by(ts_second=pl.col("ts_recv").dt.truncate("1s"), maintain_order=True)
        .agg(
            *(is_action(action).sum().cast(pl.Int64).alias(name) for name, action in COUNTS.items()),
            traded_size=pl.col("size").filter(traded).cast(pl.Int64).sum(),
            last_price=pl.col("price").filter(is_action("T")).drop_nulls().last(),
        )
        .collect()
    )


def joined(seconds: pl.DataFrame) -> pl.DataFrame:
    """Two halves of one second as one."""
    return seconds.group_by("ts_second", maintain_order=True).agg(
        pl.col(*COUNTS, "traded_size").sum(), pl.col("last_price").drop_nulls().last()
    )


def is_action(action: str) -> pl.Expr:
    return pl.col("action") == action
