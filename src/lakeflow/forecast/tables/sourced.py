"""Snapshots that do not say what the tables do that they are from: their book, last trade, price, dollars, open interest, or their group's sum."""

import polars as pl

from lakeflow.forecast.tables.breaches import at_cutoff
from lakeflow.forecast.tables.last_words import Said, in_line, with_words
from lakeflow.forecast.tables.members import AT, of_groups
from lakeflow.forecast.tables.priced_again import Price, Row, book, last_prices, prices

KEY = ["condition_id", "anchor", "horizon_s", "ts_cutoff"]
DAY = pl.duration(days=1, time_unit="ns")


def asked(shot: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """Snapshots with the tokens of both outcomes, as they were listed at the cutoff."""
    tokens = pl.col("said_token_ids")
    rows = at_cutoff(shot, markets).with_columns(
        token_id=tokens.list.first(), other_token_id=tokens.list.last()
    )
    return rows.select(*shot.columns, "token_id", "other_token_id")


def misread(shot: pl.DataFrame, markets: pl.DataFrame, said: Said) -> dict[str, pl.DataFrame]:
    """Snapshots whose book, last trade or price is not what the sources said, by which of these."""
    rows = with_words(asked(shot, markets), said)
    tests = {"book": is_book, "trade": is_last, "price": is_price}
    found = {
        name: pl.Series([not of(row) for row in rows.iter_rows(named=True)], dtype=pl.Boolean)
        for name, of in tests.items()
    }
    return {name: shot.filter(wrong) for name, wrong in found.items()}


def is_book(row: Row) -> bool:
    it = book(row)
    spread = None if it.bid is None or it.ask is None else it.ask - it.bid
    return (row["bid"], row["ask"], row["near_2c"], row["spread"]) == (it.bid, it.ask, it.near_2c, spread)


def is_last(row: Row) -> bool:
    found = last_prices(row)
    return row["last_price"] in found if found else row["last_price"] is None


def is_price(row: Row) -> bool:
    """Whether the price is one that the sources give, or there is none and the row says why."""
    if Price(row["p_kind"], row["p"], row["ts_quote"]) not in prices(row):
        return False
    it = book(row)
    why = "ONE_SIDED" if (it.bid is None) != (it.ask is None) else "NO_QUOTE"
    return (row["excluded"], row["exclude_reason"]) == ((True, why) if row["p"] is None else (False, None))


def misheld(shot: pl.DataFrame, said: Said) -> pl.DataFrame:
    """Snapshots whose open interest is not the last that was fetched in the day before the cutoff."""
    words = said.open_interest.sort("ts_observed").select("condition_id", "ts_observed", held="open_interest")
    rows = in_line(shot, words, "ts_observed", "condition_id")
    recent = pl.col("ts_observed") >= pl.col("ts_cutoff") - DAY
    return shot.filter(
        rows.select(pl.when(recent).then("held").ne_missing(pl.col("open_interest"))).to_series()
    )


def missummed(shot: pl.DataFrame, markets: pl.DataFrame, labels: pl.DataFrame, said: Said) -> pl.DataFrame:
    """Snapshots whose group's sum is not that of the prices at the cutoff of all members whose answer had not been told."""
    rows = shot.filter(pl.col("group_sum").is_not_null())
    told = labels.filter(pl.col("ts_told").is_not_null()).select("condition_id", "ts_told")
    members = of_groups(rows, markets).join(told, on="condition_id", how="left")
    still = members.filter((pl.col("ts_told") > pl.col("ts_cutoff")).fill_null(value=True))
    sums = (
        priced(still, said)
        .group_by(AT)
        .agg(pl.col("least", "most").sum(), is_whole=pl.col("least").is_not_null().all() & (pl.len() > 1))
    )
    good = pl.col("group_sum").is_between("least", "most") & pl.col("is_whole")
    return (
        rows.join(sums, on=AT, how="left", maintain_order="left")
        .filter(~good.fill_null(value=False))
        .select(shot.columns)
    )


def priced(members: pl.DataFrame, said: Said) -> pl.DataFrame:
    """Members with the least and the most that the sources let each cost at the cutoff; nulls where one has no price."""
    rows = with_words(members.select("token_id", "other_token_id", "ts_cutoff"), said)
    costs = [[each.p for each in prices(row) if each.p is not None] for row in rows.iter_rows(named=True)]
    least, most = ([of(each) if each else None for each in costs] for of in (min, max))
    return members.select(AT).with_columns(
        least=pl.Series(least, dtype=pl.Int64), most=pl.Series(most, dtype=pl.Int64)
    )
