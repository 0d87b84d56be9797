"""Whether what a venue said is kept without contradiction: versions that follow one another, books that do not cross, labels that are one."""

import polars as pl

from lakeflow.audit.broken import broken, said

MEANT = {"RESOLVED_TRUE": 1, "RESOLVED_FALSE": 0}
KNOWN = ("MATCH", "UNVERIFIABLE", "MISMATCH")


def is_one_version_at_a_time(markets: pl.LazyFrame) -> pl.LazyFrame:
    """A version of a market holds until the next one begins, and the last one still does."""
    follows = pl.col("ts_valid_from").shift(-1).over("condition_id", order_by="ts_valid_from")
    return broken(
        markets.with_columns(follows=follows),
        pl.col("ts_valid_to").ne_missing(pl.col("follows"))
        | (pl.col("ts_valid_to") <= pl.col("ts_valid_from")).fill_null(value=False),
        at=["condition_id", "ts_valid_from"],
        expected=pl.lit("until ") + said(pl.col("follows")),
        found=pl.col("ts_valid_to"),
    )


def is_what_its_status_says(labels: pl.LazyFrame) -> pl.LazyFrame:
    """Only a market that is resolved one way or the other has an outcome, the one that its status says, and no conflict."""
    told = pl.col("label_status").replace_strict(MEANT, default=None, return_dtype=pl.Int8)
    expected = pl.when(~pl.col("conflict")).then(told)
    return broken(
        labels,
        pl.col("y").ne_missing(expected),
        at=["condition_id", "label_status", "conflict"],
        expected=expected,
        found=pl.col("y"),
    )


def is_a_market(book_tops: pl.LazyFrame) -> pl.LazyFrame:
    """A book that is known has its bid below its ask; one that is not shows no price."""
    crossed = (pl.col("bid") >= pl.col("ask")).fill_null(value=False)
    shown = ~pl.col("verify_status").is_in(KNOWN) & (
        pl.col("bid").is_not_null() | pl.col("ask").is_not_null()
    )
    return broken(
        book_tops,
        crossed | shown,
        at=["token_id", "row", "message_no", "verify_status"],
        expected="bid below ask, and prices of a known book alone",
        found=pl.format("{} {}", said(pl.col("bid")), said(pl.col("ask"))),
    )


def ends_after_it_begins(book_gaps: pl.LazyFrame) -> pl.LazyFrame:
    """A gap has a length, but for the instant of a wipe or of a book that nobody had announced."""
    has_length = pl.col("reason").is_in(["SILENT", "RECONNECT"])
    return broken(
        book_gaps,
        (pl.col("ts_end") < pl.col("ts_start")) | (has_length & (pl.col("ts_end") == pl.col("ts_start"))),
        at=["token_id", "reason"],
        expected=pl.lit("an end after ") + said(pl.col("ts_start")),
        found=pl.col("ts_end"),
    )
