"""Bars of a token's mid and trades, for the minutes in which something was seen; a minute without has no bar."""

import polars as pl

MINUTE = 60_000_000_000
BAR = (
    "token_id", "ts_bar", "open", "high", "low", "close", "twap", "spread_mean", "vwap", "trades", "volume", "coverage",
)  # fmt: skip


def bars(tops: pl.DataFrame, traded: pl.DataFrame, minutes: int) -> pl.DataFrame:
    """Bars of so many minutes; `coverage` is the share of a bar in which the book was known."""
    every, length = f"{minutes}m", minutes * MINUTE
    mids = states(tops, every, length)
    fills = (
        traded.with_columns(ts_bar=pl.col("ts_recv").dt.truncate(every))
        .group_by("token_id", "ts_bar")
        .agg(
            vwap=paid_a_share(),
            trades=pl.len().cast(pl.Int64),
            volume=pl.col("size").sum(),
        )
    )
    joined = mids.join(fills, on=["token_id", "ts_bar"], how="full", coalesce=True)
    whole = pl.col("open", "high", "low", "close", "twap", "spread_mean", "vwap").round().cast(pl.Int64)
    return (
        joined.with_columns(
            whole, pl.col("trades", "volume").fill_null(0), pl.col("coverage").fill_null(0.0).cast(pl.Float64)
        )
        .select(BAR)
        .sort("token_id", "ts_bar")
    )


def paid_a_share() -> pl.Expr:
    """The mean price by size; none of trades of nothing.

    Sums are exact: 128 bits, as 20 million shares at 0.5 are more than 64 hold. A tie to be rounded may fall either way.
    """
    size = pl.col("size").cast(pl.Int128)
    paid, volume = (pl.col("price") * size).sum(), size.sum()
    return pl.when(volume > 0).then(paid.cast(pl.Float64) / volume.cast(pl.Float64))


def states(tops: pl.DataFrame, every: str, length: int) -> pl.DataFrame:
    """The mid over each bar that saw a change of it: what held when the bar began counts until the first change in it."""
    ordered = tops.sort("token_id", "ts_recv", "row", "message_no").with_columns(
        ts_bar=pl.col("ts_recv").dt.truncate(every), spread=pl.col("ask") - pl.col("bid")
    )
    begins = (
        ordered.with_columns(
            mid=pl.col("mid").shift(1).over("token_id"), spread=pl.col("spread").shift(1).over("token_id")
        )
        .unique(["token_id", "ts_bar"], keep="first", maintain_order=True)
        .with_columns(at=pl.col("ts_bar"), carried=pl.lit(value=True))
    )
    inside = ordered.with_columns(at=pl.col("ts_recv"), carried=pl.lit(value=False))
    columns = ["token_id", "ts_bar", "at", "mid", "spread", "carried"]
    spans = pl.concat([begins.select(columns), inside.select(columns)]).sort(
        "token_id", "ts_bar", "at", maintain_order=True
    )
    end = pl.col("ts_bar") + pl.duration(nanoseconds=length, time_unit="ns")
    until = pl.coalesce(pl.col("at").shift(-1).over("token_id", "ts_bar"), end)
    held = (
        pl.when(pl.col("mid").is_not_null()).then((until - pl.col("at")).dt.total_nanoseconds()).otherwise(0)
    )
    weight, seen = pl.col("held"), pl.col("mid").filter(~pl.col("carried")).drop_nulls()
    return (
        spans.with_columns(held=held)
        .group_by("token_id", "ts_bar")
        .agg(
            open=pl.col("mid").drop_nulls().first(),
            high=pl.col("mid").max(),
            low=pl.col("mid").min(),
            close=pl.col("mid").drop_nulls().last(),
            twap=weighted("mid", weight),
            spread_mean=weighted("spread", weight),
            coverage=weight.sum() / length,
            seen=seen.len(),
        )
        .filter(pl.col("seen") > 0)
    )


def weighted(column: str, weight: pl.Expr) -> pl.Expr:
    """The mean of a column over the time that it held; of no time, none."""
    return pl.when(weight.sum() > 0).then((pl.col(column) * weight).sum() / weight.sum())
