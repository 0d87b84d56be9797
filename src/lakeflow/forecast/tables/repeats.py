"""What an earlier day had told already: services list the past again and again, and each thing of it happened once."""

import polars as pl

TRADE = ("transaction", "token_id", "wallet", "side", "price", "size", "ts_event", "condition_id", "ordinal")
FILL = ("fill_id", "ts_event")


def unseen(today: pl.DataFrame, earlier: pl.LazyFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """The rows of a day's answers that no earlier answer had; only what is as old as they are is looked through."""
    if today.is_empty():
        return today
    told = earlier.filter(pl.col("ts_event") >= pl.lit(today["ts_event"].min())).select(key).collect()
    return today.join(told, on=key, how="anti", maintain_order="left")
