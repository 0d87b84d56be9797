"""What each source last said up to an instant: the tables' words and the questions are laid in one line of time and read in order.

Nothing here is shared with what makes snapshots, which are held against it.
"""

from typing import NamedTuple

import polars as pl

from lakeflow.forecast.tables.evidence import WHOLE

SIDES = ("bid", "ask")


class Said(NamedTuple):
    """The tables that tell of prices, of the day and the one before."""

    tops: pl.DataFrame
    heard: pl.DataFrame  # token_id, ts_recv: when the feed told anything of a token
    rest_books: pl.DataFrame
    trades: pl.DataFrame
    last_trades: pl.DataFrame
    points: pl.DataFrame
    open_interest: pl.DataFrame
    requests: pl.DataFrame  # what the services were asked, and whether all of it came


def heard(  # noqa: PLR0913, PLR0917  the tables that it is made of
    markets: pl.DataFrame, tops: pl.LazyFrame, events: pl.LazyFrame, rest_books: pl.DataFrame, trades: pl.DataFrame,
    last_trades: pl.DataFrame, points: pl.DataFrame, open_interest: pl.DataFrame, requests: pl.DataFrame,
) -> Said:  # fmt: skip
    """All that tells of prices and dollars; of books, what tells of an outcome 0."""
    tokens = markets.lazy().select("token_ids", token_id=pl.col("token_ids").list.first())
    fed = tops.join(tokens.unique("token_id"), on="token_id", how="semi")
    books = fed.select("token_id", "ts_recv", "row", "message_no", *SIDES, "near_2c", "verify_status")
    either = tokens.select(pl.col("token_ids").alias("token_id")).explode("token_id", empty_as_null=False)
    spoken = events.join(either, on="token_id", how="semi").select("token_id", "ts_recv").unique()
    return Said(
        books.collect(), spoken.collect(), rest_books, trades, last_trades, points, open_interest, requests
    )


def in_line(asked: pl.DataFrame, words: pl.DataFrame, when: str, by: str = "token_id") -> pl.DataFrame:
    """Questions with the last words up to their `ts_cutoff`, nulls where there are none; of words of one instant the later row counts."""
    questions, said = asked.with_row_index("question"), words.with_row_index("word")
    line = pl.concat(
        [
            said.select(by, "word", at=pl.col(when).dt.epoch("ns")),
            questions.select(by, "question", at=pl.col("ts_cutoff").dt.epoch("ns")),
        ],
        how="diagonal",
    )
    read = line.sort(by, "at", "question", "word", nulls_last=[False, False, False, True])
    last = read.with_columns(pl.col("word").forward_fill()).drop_nulls(["question", "word"])
    found = last.select("question", "word", by).join(said, on=["word", by], how="inner").drop("word", by)
    return questions.join(found, on="question", how="left", maintain_order="left").drop("question")


def with_words(asked: pl.DataFrame, said: Said) -> pl.DataFrame:
    """Questions of `token_id`, `other_token_id` and `ts_cutoff` with what all sources last said, times as nanoseconds."""
    here = asked.select(pl.col("token_id").unique())
    fed = said.tops.join(here, on="token_id", how="semi").sort("ts_recv", "row", "message_no")
    rows = in_line(
        asked,
        fed.select(
            "token_id",
            ts_fed="ts_recv",
            **{f"{name}_fed": name for name in (*SIDES, "near_2c", "verify_status")},
        ),
        "ts_fed",
    )
    heard = said.heard.join(here, on="token_id", how="semi").select("token_id", ts_heard_fed="ts_recv")
    rows = in_line(rows, heard, "ts_heard_fed")
    rows = in_line(rows, shown(said.rest_books.join(here, on="token_id", how="semi")), "ts_shown")
    rows = in_line(rows, traded(said, asked), "ts_traded")
    rows = in_line(rows, pointed(said.points.join(here, on="token_id", how="semi")), "ts_pointed")
    return rows.with_columns(pl.selectors.datetime().dt.epoch("ns"))


def shown(rest_books: pl.DataFrame) -> pl.DataFrame:
    """The REST service's answers, and the instant at which every order of one was wiped; an answer of the same instant is of after it."""
    until = pl.col("ts_stands_until")
    standing = rest_books.filter(until.is_null() | (until > pl.col("ts_observed")))
    levels = [f"{side}_{what}" for side in SIDES for what in ("prices", "sizes")]
    answers = standing.select("token_id", *levels, "hash_status", ts_shown="ts_observed", ts_said="ts_event")
    wiped = standing.filter(until.is_not_null()).select(
        "token_id", ts_shown=until, hash_status=pl.lit("WIPED")
    )
    return pl.concat([wiped, answers], how="diagonal")


def traded(said: Said, asked: pl.DataFrame) -> pl.DataFrame:
    """The prices of outcome 0 at which either outcome was traded, by instant: within one, nothing says which came last."""
    service = said.trades.select("token_id", "price", at="ts_event")
    every = pl.concat([service, said.last_trades.select("token_id", "price", at="ts_recv")])
    pairs = asked.select("token_id", "other_token_id").unique()
    own = every.join(pairs, on="token_id", how="semi")
    other = every.rename({"token_id": "other_token_id"}).join(pairs, on="other_token_id", how="inner")
    both = pl.concat(
        [own, other.select("token_id", price=WHOLE - pl.col("price"), at="at").select(own.columns)]
    )
    real = both.filter(pl.col("price") > 0, pl.col("price") < WHOLE)  # nothing and all are payouts
    return real.group_by("token_id", ts_traded="at").agg(traded=pl.col("price").unique())


def pointed(points: pl.DataFrame) -> pl.DataFrame:
    """Points of history by when their bucket had ended."""
    priced = points.filter(pl.col("resolution_s") > 0)
    each = pl.struct("price", "resolution_s", at=pl.col("ts_event").dt.epoch("ns"))
    return priced.group_by("token_id", ts_pointed="ts_known").agg(points=each)
