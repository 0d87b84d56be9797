"""What an earlier day had told already: services list the past again and again, and each thing of it happened once."""

from datetime import UTC, date, datetime, time, timedelta

import polars as pl

TRADE = ("transaction", "token_id", "wallet", "side", "price", "size", "ts_event", "condition_id", "ordinal")
BY_ROLE = (*TRADE, "is_taker")
FILL = ("fill_id", "ts_event")
POINT = (
    "token_id",
    "ts_event",
    "resolution_s",
    "price",
)  # a price that was told otherwise later is told, too
MEMORY = timedelta(
    days=31
)  # how far back the earlier answers go that are looked through, as datasets.yaml has it


def unseen(today: pl.DataFrame, earlier: pl.LazyFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """The rows of a day's answers that no earlier answer had; only what is as old as they are is looked through."""
    if today.is_empty():
        return today
    told = earlier.filter(pl.col("ts_event") >= pl.lit(today["ts_event"].min())).select(key).collect()
    return today.join(told, on=key, how="anti", maintain_order="left")


def either(trades: pl.LazyFrame) -> pl.LazyFrame:
    """Trades that were told, a taker's also as one that nobody says whose it is: another list that tells it so tells nothing new.

    The other way round it does: until a list of takers has it, a trade is no part of a sum.
    """
    takers = trades.filter("is_taker").with_columns(is_taker=pl.lit(value=False))
    return pl.concat([trades, takers])


def late(rows: pl.DataFrame, dt: date) -> pl.DataFrame:
    """The rows with `is_late`: whether they happened so long before the day that told them that an answer out of reach may have told them too.

    Nothing is told before it happens, so what is not late was told first within reach, and is there once over all days.
    """
    reach = datetime.combine(dt, time(), UTC) - MEMORY
    return rows.with_columns(is_late=pl.col("ts_event") < reach)
