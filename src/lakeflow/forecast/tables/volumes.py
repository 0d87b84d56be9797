"""Dollars that changed hands in a market over a span of time: by the service of trades, else by the feed, else nobody knows."""

from typing import NamedTuple

import polars as pl

from lakeflow.forecast.tables.evidence import WHOLE

SERVICE, FEED = "SERVICE", "FEED"
TIME = pl.Datetime("ns", "UTC")
SPAN = ("condition_id", "since", "until")  # a span begins after `since`, and `until` is in it


class Told(NamedTuple):
    """What was told of trades, and what would have been."""

    trades: pl.DataFrame  # condition_id, ts_event, paid: those of takers, as the service lists them
    asked: (
        pl.DataFrame
    )  # condition_id, ts_observed: when the service was asked for all of these, of which market
    fed: pl.DataFrame  # condition_id, ts_event, paid: as the feed told them
    heard: pl.DataFrame  # condition_id, ts_heard: when the feed told anything of a market


def told(
    markets: pl.DataFrame, trades: pl.DataFrame, asked: pl.DataFrame, last_trades: pl.DataFrame, events: pl.LazyFrame
) -> Told:  # fmt: skip
    """Both sources by market. Each match is the taker's once and its makers' once more: only the taker's are summed."""
    of = markets.select("condition_id", pl.col("token_ids").alias("token_id")).explode(
        "token_id", empty_as_null=False
    )
    tokens = of.unique(maintain_order=True).drop_nulls()
    size, price = pl.col("size").cast(pl.Int128), pl.col("price").cast(pl.Int128)
    fed = last_trades.select("token_id", ts_event="ts_recv", paid=(price * size // WHOLE).cast(pl.Int64))
    heard = events.select("token_id", ts_heard="ts_recv").unique().collect()
    return Told(
        trades.filter("is_taker").select("condition_id", "ts_event", "paid"),
        asked.select("condition_id", pl.col("ts_observed").cast(TIME)).unique(),
        fed.join(tokens, on="token_id", how="inner").select("condition_id", "ts_event", "paid"),
        heard.join(tokens, on="token_id", how="inner").select("condition_id", "ts_heard"),
    )


def volumes(spans: pl.DataFrame, said: Told) -> pl.DataFrame:
    """Each span once, with the dollars and trades in it and who told them; null where nobody told all of it.

    The service tells best, where it was asked for all after the span; else the feed. What the service told before the span's end is a part
    of it, as is what it tells of one wallet or one side: a part would read as the whole.
    """
    every = spans.select(SPAN).unique(maintain_order=True)
    whole = asked_since(every, said.asked)
    was_heard = heard_in(every.join(whole, on=SPAN, how="anti"), said.heard)
    told_by = {SERVICE: (whole, said.trades), FEED: (was_heard, said.fed)}
    known = [summed(those, rows, by) for by, (those, rows) in told_by.items()]
    return every.join(pl.concat(known), on=SPAN, how="left", maintain_order="left")


def asked_since(spans: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Spans after which an answer came: it tells of all of them."""
    last = asked.group_by("condition_id").agg(ts_last=pl.col("ts_observed").max())
    found = spans.join(last, on="condition_id", how="inner")
    return found.filter(pl.col("ts_last") >= pl.col("until")).select(SPAN)


def heard_in(spans: pl.DataFrame, heard: pl.DataFrame) -> pl.DataFrame:
    """Spans in which the feed told anything of the market: it would have told its trades."""
    found = spans.sort("until").join_asof(
        heard.sort("ts_heard"), left_on="until", right_on="ts_heard", by="condition_id", check_sortedness=False
    )  # fmt: skip
    return found.filter(pl.col("ts_heard") > pl.col("since")).select(SPAN)


def summed(spans: pl.DataFrame, rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """Spans with what was traded in each; nothing is a sum too."""
    inside = (pl.col("ts_event") > pl.col("since")) & (pl.col("ts_event") <= pl.col("until"))
    found = (
        spans.join(rows, on="condition_id", how="inner")
        .filter(inside)
        .group_by(SPAN)
        .agg(volume=pl.col("paid").sum(), trades=pl.len().cast(pl.Int64))
    )
    return spans.join(found, on=SPAN, how="left").select(
        *SPAN, pl.col("volume", "trades").fill_null(0), volume_by=pl.lit(by)
    )
