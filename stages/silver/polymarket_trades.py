"""Trades, fills and price points, each once over all days."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables.repeats import BY_ROLE, FILL, POINT, either, late, unseen
from lakeflow.vendors.polymarket.chain import fills_of, matched


def once(  # noqa: PLR0913  a stage's arguments are its reads and its date
    trades: pl.DataFrame,
    fills: pl.DataFrame,
    points: pl.DataFrame,
    earlier_trades: pl.LazyFrame,
    earlier_fills: pl.LazyFrame,
    earlier_points: pl.LazyFrame,
    dt: date,
) -> dict[str, pl.DataFrame]:
    """What the day's answers told that no answer of the month before had: each is of the day that first told it."""
    told_before = {"trades": (trades, either(earlier_trades), BY_ROLE), "fills": (fills, earlier_fills, FILL)}
    new = {name: unseen(*each) for name, each in told_before.items()}
    told = {name: late(rows, dt) for name, rows in new.items()}
    told["trades"] = matched(told["trades"], fills_of(told["trades"], fills, earlier_fills))
    return told | {"points": unseen(points, earlier_points, POINT)}
