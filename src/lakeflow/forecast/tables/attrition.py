"""Cutoffs that have no forecast, counted with why: a market that is over once, when it ended; one that nobody could ask, as long as it is open."""

import polars as pl

from lakeflow.forecast.tables import cutoffs

NO_TOKENS, NOT_BINARY, INACTIVE, NO_END = "NO_TOKENS", "NOT_BINARY", "INACTIVE", "NO_END"
TAKEN = ("condition_id", "anchor", "horizon_s", "ts_cutoff")
LOST = ("condition_id", "category", "horizon_s", "anchor", "reason")
DAY = pl.duration(days=1, time_unit="ns")


def not_askable() -> pl.Expr:
    """Why a market has no outcome 0 to ask about, or is a place kept for somebody; null of one that can be asked."""
    tokens = pl.col("token_ids").list.len().fill_null(0)
    return (
        pl.when(tokens == 0).then(pl.lit(NO_TOKENS))
        .when(tokens != 2).then(pl.lit(NOT_BINARY))
        .when(~pl.col("active").fill_null(value=True)).then(pl.lit(INACTIVE))
    )  # fmt: skip


def ended_now(ended: pl.DataFrame, markets: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The cutoffs of markets that were over by then. By the calendar each market once: at the first noon after it ended.

    One that had ended before anybody saw it was never asked, and is none of those that were lost.
    """
    noons = ended.filter(is_noon()).join(before, on=TAKEN[:3], how="anti")
    was_open = (
        markets.filter(~cutoffs.said_over()).select("condition_id").unique().with_columns(was_open=True)
    )
    lately = pl.coalesce("ts_closed", "ts_valid_from") > pl.col("ts_cutoff") - DAY
    first = noons.join(was_open, on="condition_id", how="left").filter(lately | pl.col("was_open"))
    others = ended.filter(~is_noon())
    return pl.concat([others, first.select(others.columns)])


def endless(ended: pl.DataFrame) -> pl.DataFrame:
    """The horizons of markets that are over and never had an end to be asked before, counted when their noon is."""
    noons = ended.filter(is_noon(), pl.col("ts_scheduled_end").is_null())
    every = noons.drop("horizon_s", "anchor").join(pl.DataFrame({"horizon_s": cutoffs.HORIZONS}), how="cross")
    return because(every.with_columns(anchor=pl.lit(cutoffs.SCHED_END)), NO_END)


def not_counted(lost: pl.DataFrame, taken: pl.DataFrame) -> pl.DataFrame:
    """What was lost of the questions that have not been taken, each once: a market is asked one time a horizon, and no moved end asks it again."""
    of = list(TAKEN[:3])
    noons, others = (lost.filter(which) for which in (is_noon(), ~is_noon()))
    once = others.join(taken, on=of, how="anti").unique(of, keep="first", maintain_order=True)
    return pl.concat([noons, once])


def is_noon() -> pl.Expr:
    return pl.col("anchor") == cutoffs.CALENDAR


def because(rows: pl.DataFrame, reason: pl.Expr | str) -> pl.DataFrame:
    """Cutoffs that were lost, with why."""
    why = pl.lit(reason) if isinstance(reason, str) else reason
    return rows.with_columns(reason=why).select(LOST)


def counted(lost: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame:
    """How many cutoffs of each category and horizon were taken, and how many were not, by reason."""
    kept = because(made.filter(~pl.col("excluded")), "TAKEN")
    without = because(made.filter("excluded"), pl.col("exclude_reason"))
    of = ("anchor", "horizon_s", "category", "reason")
    return (
        pl.concat([lost, without, kept])
        .group_by(of)
        .agg(markets=pl.col("condition_id").n_unique().cast(pl.Int64))
        .sort(of)
    )
