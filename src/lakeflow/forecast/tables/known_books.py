"""For how long of a day the books of some tokens were known: what the gaps leave, each second of a token once, whatever covers it."""

from datetime import date

import polars as pl

from lakeflow.forecast.tables import cutoffs

EVERY_TOKEN = ""  # in whose name a gap is that nobody was there in
SECONDS = 86_400


def known_seconds(gaps: pl.DataFrame, tokens: pl.Series, dt: date) -> int:
    """The seconds of all tokens together that lie in no gap, of their own or of every token."""
    begins, ends = (pl.lit(at, cutoffs.TIME) for at in cutoffs.bounds(dt))
    each = tokens.unique().alias("token_id").to_frame()
    spans = gaps.select(
        "token_id",
        since=pl.max_horizontal("ts_start", begins),
        until=pl.min_horizontal("ts_end", ends),
    ).filter(pl.col("since") < pl.col("until"))
    shared = each.join(spans.filter(pl.col("token_id") == EVERY_TOKEN).drop("token_id"), how="cross")
    every = pl.concat([spans.join(each, on="token_id", how="semi"), shared.select(spans.columns)])
    so_far = pl.col("until").cum_max().shift(1).over("token_id")
    lost = (
        every.sort("token_id", "since", "until")
        .with_columns(begun=pl.max_horizontal("since", so_far))
        .filter(pl.col("begun") < pl.col("until"))
        .select((pl.col("until") - pl.col("begun")).sum().dt.total_seconds())
        .item()
    )
    return each.height * SECONDS - int(lost or 0)
