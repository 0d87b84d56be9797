"""Whether the best bid and ask can be: crossed only where trading allows it, the first levels of depth, news in every row."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import polars as pl

from lakeflow.audit.broken import broken, has, said
from lakeflow.audit.instrument import of_the_instrument

TRADING = 7  # the status in which orders match as they come; in every other one a book may be crossed
NO_PHASE = (0, 14)  # told of something else than the phase: no action, a restriction of short sales
BAD_BOOK = 1 << 10
OPENING = timedelta(minutes=1)  # in which what crossed before trading began is still being matched
QUOTE = [f"{side}_{what}" for side in ("bid", "ask") for what in ("price", "size", "count")]


class Hours(Protocol):
    """A session, as far as it matters here."""

    open: datetime
    close: datetime


def is_uncrossed(
    bbo: pl.LazyFrame, orders: pl.LazyFrame, status: pl.LazyFrame, sessions: Sequence[Hours]
) -> pl.LazyFrame:
    """The bid of a market in continuous trading is not above its ask, unless a gap makes the book doubtful.

    Continuous trading begins a minute after its status; where no status was delivered, a minute after a session's open.
    """
    whole = crossed(bbo.filter(~has("flags", BAD_BOOK)))
    return while_trading(whole.join_asof(phases(orders, status), on="ts_recv"), sessions)


def is_uncrossed_at_each_venue(
    venue_bbo: pl.LazyFrame, orders: pl.LazyFrame, status: pl.LazyFrame, sessions: Sequence[Hours]
) -> pl.LazyFrame:
    """As of one book, by the venue's own status; venues together may be crossed, but none by itself."""
    own = phases(orders, status)
    rows = crossed(venue_bbo).join_asof(own, on="ts_recv", by="publisher_id", check_sortedness=False)
    return while_trading(rows, sessions)


def crossed(quotes: pl.LazyFrame) -> pl.LazyFrame:
    return quotes.filter(~pl.col("suspect"), pl.col("bid_price") > pl.col("ask_price")).sort("ts_recv")


def phases(orders: pl.LazyFrame, status: pl.LazyFrame) -> pl.LazyFrame:
    """From when on trading was continuous, by publisher, and from when on it was not."""
    own = of_the_instrument(status, orders).filter(~pl.col("action").is_in(NO_PHASE)).sort("ts_recv", "row")
    is_trading = pl.col("action") == TRADING
    begins = is_trading & ~is_trading.shift(1).over("publisher_id")
    return own.select(
        "ts_recv", "publisher_id", is_trading=is_trading, opened=pl.when(begins).then("ts_recv")
    )


def while_trading(rows: pl.LazyFrame, sessions: Sequence[Hours]) -> pl.LazyFrame:
    is_opening = (pl.col("ts_recv") - pl.col("opened") < OPENING).fill_null(value=False)
    inside = [pl.col("ts_recv").is_between(s.open + OPENING, s.close, closed="left") for s in sessions]
    is_trading = pl.col("is_trading").fill_null(pl.any_horizontal(inside) if inside else pl.lit(value=False))
    return broken(
        rows,
        is_trading & ~is_opening,
        at=["row", "ts_recv"],
        expected=pl.lit("a bid of at most ") + said(pl.col("ask_price")),
        found=pl.col("bid_price"),
    )


def is_news(bbo: pl.LazyFrame) -> pl.LazyFrame:
    """A row differs from the one before it in a price, a size, a count or in being suspect."""
    same = [pl.col(name).eq_missing(pl.col(name).shift(1)) for name in (*QUOTE, "suspect")]
    rows = bbo.with_columns(is_same=pl.all_horizontal(same), place=pl.row_index())
    return broken(
        rows,
        pl.col("is_same") & (pl.col("place") > 0),
        at=["row"],
        expected="a change",
        found="the row before it again",
    )


def is_the_first_level(bbo: pl.LazyFrame, depth: pl.LazyFrame) -> pl.LazyFrame:
    """At the end of a second the best bid and ask are the first levels of depth."""
    first = depth.select("ts_second", "row", "suspect", **{name: f"{name}_1" for name in QUOTE})
    both = first.join_asof(bbo.select("row", "suspect", *QUOTE), on="row", suffix="_of_bbo")
    names = (*QUOTE, "suspect")
    return broken(
        both,
        pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_of_bbo")) for name in names),
        at=["ts_second", "row"],
        expected=in_words(QUOTE),
        found=in_words([f"{name}_of_bbo" for name in QUOTE]),
    )


def in_words(names: list[str]) -> pl.Expr:
    """Quotes as price, size and count of both sides."""
    return pl.concat_str([said(pl.col(name)) for name in names], separator=" ")
