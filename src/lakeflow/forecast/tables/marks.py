"""The price of every open market at the end of every hour, and snapshots anchored on closes that nobody knew beforehand."""

from datetime import date, timedelta

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.quotes import Sources, priced
from lakeflow.forecast.tables.snapshots import SHAPE, bucket, shaped

HOURS = 24
MARKED = ("condition_id", "ts_mark", "p", "p_kind", "bid", "ask", "near_2c", "ts_quote")


def hourly(markets: pl.DataFrame, sources: Sources, dt: date, as_of: str = "") -> pl.DataFrame:
    """A row for every hour's end at which a market had a price; an hour without one has no row."""
    begins, _ = cutoffs.bounds(dt)
    ends = pl.Series(
        "ts_cutoff", [begins + timedelta(hours=hour + 1) for hour in range(HOURS)], dtype=cutoffs.TIME
    )
    two = markets.filter(pl.col("token_ids").list.len() == 2, ~pl.col("closed").fill_null(value=False))
    asked = cutoffs.held(
        two.select("condition_id", "token_ids", "ts_valid_from", "ts_valid_to").join(
            cutoffs.reached(ends.to_frame(), as_of), how="cross"
        )
    )
    closed = asked.join(cutoffs.closes(markets), on="condition_id", how="left", maintain_order="left")
    before = closed.filter((pl.col("ts_cutoff") < pl.col("ts_close")).fill_null(value=True))
    pairs = before.with_columns(
        token_id=pl.col("token_ids").list.first(), other_token_id=pl.col("token_ids").list.last()
    )
    rows = priced(pairs, sources).filter(pl.col("p").is_not_null()).rename({"ts_cutoff": "ts_mark"})
    return rows.select(MARKED).sort("condition_id", "ts_mark")


def before_close(markets: pl.DataFrame, marks: pl.DataFrame, dt: date) -> pl.DataFrame:
    """What markets that closed on a day had said so long before; for measuring what such an anchor does to a score, only."""
    asked = closed_on(markets, dt).join(pl.DataFrame({"horizon_s": cutoffs.HORIZONS}), how="cross")
    asked = asked.with_columns(
        ts_cutoff=(pl.col("ts_close") - pl.duration(seconds="horizon_s", time_unit="ns")).cast(cutoffs.TIME)
    ).sort("ts_cutoff")
    known = marks.sort("ts_mark").with_columns(ts_known=pl.col("ts_mark"))
    rows = asked.join_asof(
        known, left_on="ts_cutoff", right_on="ts_mark", by="condition_id", strategy="backward", tolerance="1h", check_sortedness=False
    ).filter(pl.col("p").is_not_null())  # fmt: skip
    empty = {name: pl.lit(None) for name in SHAPE if name not in rows.columns}
    return (
        rows.with_columns(**empty)
        .with_columns(anchor=pl.lit(cutoffs.CLOSE_EXPOST), excluded=pl.lit(value=False), ts_inputs_known="ts_known", spread=pl.col("ask") - pl.col("bid"), liquidity_bucket=bucket(pl.col("near_2c")))
        .select(shaped())
        .sort("condition_id", "horizon_s")
    )  # fmt: skip


def closed_on(markets: pl.DataFrame, dt: date) -> pl.DataFrame:
    """Markets whose first version that says they are closed began on a day, with the instant they closed at."""
    begins, ends = cutoffs.bounds(dt)
    return (
        markets.filter(pl.col("closed"))
        .sort("condition_id", "ts_valid_from")
        .unique("condition_id", keep="first", maintain_order=True)
        .filter(pl.col("ts_valid_from").is_between(begins, ends, closed="left"))
        .with_columns(ts_close=pl.coalesce("ts_closed", "ts_valid_from"))
    )
