"""Whether the events of a session lie in it, apart from each other, and are followed one by one into what came after."""

import polars as pl

from lakeflow.audit.broken import broken

BURST, INVALID = 3, 9
COLUMNS = ("event_id", "t0", "t_detect", "t_end", "t_confirm")


def is_inside_the_session(
    bursts: pl.LazyFrame, liquidity_events: pl.LazyFrame, market_truth: pl.LazyFrame
) -> pl.LazyFrame:
    """An event begins and is confirmed in seconds that the session has."""
    rows = together(bursts, liquidity_events).join(market_truth.select(seconds=pl.len()), how="cross")
    return broken(
        rows,
        (pl.col("t0") < 0) | (pl.max_horizontal("t_end", "t_confirm") >= pl.col("seconds")),
        at=["event_id"],
        expected=pl.format("seconds from 0 to below {}", "seconds"),
        found=pl.format("from {} to {}", "t0", "t_confirm"),
    )


def is_apart(bursts: pl.LazyFrame) -> pl.LazyFrame:
    """A burst begins after the one before it has ended."""
    ended = pl.col("t_end").shift(1).fill_null(-1)
    return broken(
        bursts.with_columns(before=ended),
        pl.col("t0") <= pl.col("before"),
        at=["event_id"],
        expected=pl.format("a second after {}", "before"),
        found=pl.col("t0"),
    )


def is_in_the_regimes(bursts: pl.LazyFrame, regimes: pl.LazyFrame) -> pl.LazyFrame:
    """Every second of a burst is one in `regime_final`, and no other second is, but where the book is not to be trusted."""
    inside = (
        bursts.select(sec=pl.int_ranges("t0", pl.col("t_end") + 1))
        .explode("sec")
        .unique()
        .with_columns(told=True)
    )
    rows = regimes.join(inside, on="sec", how="left", maintain_order="left")
    is_told = pl.col("told").fill_null(value=False)
    return broken(
        rows.filter(pl.col("regime_final") != INVALID),
        is_told != (pl.col("regime_final") == BURST),
        at=["ts_second"],
        expected=pl.when(is_told).then(pl.lit("a burst")).otherwise(pl.lit("no burst")),
        found=pl.format("regime {}", "regime_final"),
    )


def is_followed(outcomes: pl.LazyFrame, bursts: pl.LazyFrame, liquidity_events: pl.LazyFrame) -> pl.LazyFrame:
    """There is one outcome for every event, from the second in which it was known."""
    events = together(bursts, liquidity_events).select("event_id", told="t_detect")
    rows = events.join(outcomes.select("event_id", "t_detect"), on="event_id", how="full", coalesce=True)
    return broken(
        rows,
        ~pl.col("told").eq_missing(pl.col("t_detect")),
        at=["event_id"],
        expected=pl.format(
            "an outcome from second {}", pl.col("told").cast(pl.String).fill_null("of no event")
        ),
        found=pl.col("t_detect"),
    )


def is_every_valid_second(exposure: pl.LazyFrame, market_truth: pl.LazyFrame) -> pl.LazyFrame:
    """The cells hold the seconds with a valid book, each of them once."""
    valid = market_truth.select(valid=pl.col("book_valid").sum().cast(pl.Int64))
    rows = exposure.select(seconds=pl.col("seconds").sum()).join(valid, how="cross")
    return broken(
        rows,
        pl.col("seconds") != pl.col("valid"),
        at=["seconds"],
        expected=pl.format("{} seconds with a valid book", "valid"),
        found=pl.col("seconds"),
    )


def hides_what_is_flagged(gold_mask_rate: pl.LazyFrame, features: pl.LazyFrame) -> pl.LazyFrame:
    """In the seconds that any strict flag hides no mid is shown."""
    shown = features.select(valid=pl.col("mid").count().cast(pl.Int64), rows=pl.len().cast(pl.Int64))
    rows = gold_mask_rate.filter(pl.col("flag").cast(pl.String) == "any").join(shown, how="cross")
    return broken(
        rows,
        (pl.col("valid") > pl.col("rows") - pl.col("seconds"))
        | ((pl.col("rate") * pl.col("rows")).round().cast(pl.Int64) != pl.col("seconds")),
        at=["flag"],
        expected=pl.format("at most {} seconds shown of {}", pl.col("rows") - pl.col("seconds"), "rows"),
        found=pl.col("valid"),
    )


def together(bursts: pl.LazyFrame, liquidity_events: pl.LazyFrame) -> pl.LazyFrame:
    return pl.concat([each.select(COLUMNS) for each in (bursts, liquidity_events)])
