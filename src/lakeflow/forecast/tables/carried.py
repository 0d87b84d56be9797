"""Prices that a rule against looking ahead forbids: not known yet, no price at all, too old, or carried over a gap."""

import polars as pl

from lakeflow.forecast.tables.attrition import TAKEN
from lakeflow.forecast.tables.books import FRESH_S, seconds
from lakeflow.forecast.tables.breaches import at_cutoff
from lakeflow.forecast.tables.cutoffs import closes
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.quotes import HIST, HOUR_S, LAST, MID, TRADE_S, UNVERIFIED

MIDS = (MID, UNVERIFIED)
EVERY_TOKEN = ""


def early(points: pl.DataFrame) -> pl.DataFrame:
    """Points that are known before their bucket ends."""
    ends = pl.col("ts_event") + pl.duration(seconds="resolution_s", time_unit="ns")
    return points.filter((pl.col("ts_known") < ends).fill_null(value=True))


def unpointed(used: pl.DataFrame, markets: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Snapshots at a price of history that no point with a bucket gave that had ended by the cutoff, and not long before."""
    rows = of_token(used.filter(pl.col("p_kind") == HIST), markets)
    given = points.filter(pl.col("resolution_s") > 0).select(
        "token_id", "ts_known", "resolution_s", ts_quote="ts_event", p="price"
    )
    ends = pl.col("ts_quote") + pl.duration(seconds="resolution_s", time_unit="ns")
    age = seconds(pl.col("ts_cutoff") - pl.col("ts_quote"))
    recent = age <= pl.max_horizontal(2 * pl.col("resolution_s"), HOUR_S)
    at = pl.col("ts_cutoff")
    good = rows.join(given, on=["token_id", "ts_quote", "p"], how="inner").filter(
        (pl.col("ts_known") <= at) & (ends <= at) & recent
    )
    return rows.join(good, on=TAKEN, how="anti")


def endings(points: pl.DataFrame) -> pl.DataFrame:
    """Points that tell how a market ended; none of them is a price."""
    return points.filter(pl.col("resolution_s") == 0)


def settled(used: pl.DataFrame, markets: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Snapshots at the price of a point that tells how the market ended."""
    told = endings(points).select("token_id", ts_quote="ts_event", p="price")
    rows = of_token(used.filter(pl.col("p_kind") == HIST), markets)
    return rows.join(told, on=["token_id", "ts_quote", "p"], how="semi")


def after_the_end(used: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """Snapshots at nothing or all that is no point of history, and those of a quote after the close, whenever it was listed."""
    certain = pl.col("p").is_in([0, WHOLE]) & (pl.col("p_kind") != HIST)
    rows = used.join(closes(markets), on="condition_id", how="left", maintain_order="left")
    late = (pl.col("ts_quote") >= pl.col("ts_close")).fill_null(value=False)
    return rows.filter(certain | late).select(used.columns)


def too_old(used: pl.DataFrame) -> pl.DataFrame:
    """Snapshots of a book or a trade that was out of date at the cutoff, and those of a price of no known kind."""
    age, kind = seconds(pl.col("ts_cutoff") - pl.col("ts_quote")), pl.col("p_kind")
    fresh = (
        pl.when(kind.is_in(MIDS))
        .then(age <= FRESH_S)
        .when(kind == LAST)
        .then(age <= TRADE_S)
        .otherwise(kind == HIST)
    )
    return used.filter(~fresh.fill_null(value=False))


def over_gap(
    used: pl.DataFrame, markets: pl.DataFrame, gaps: pl.DataFrame, rest_books: pl.DataFrame
) -> pl.DataFrame:
    """Snapshots of a book across a gap of the feed, of its token or of every token, that the REST service did not show since.

    A gap counts from when it could be known: before, nobody could tell it from a quiet market. It is of the feed alone: a book that was fetched meanwhile is known whether or not the feed spoke. An instant without a
    length is a wipe of all books, and nothing that was shown before it stands.
    """
    rows = of_token(used.filter(pl.col("p_kind").is_in(MIDS)), markets)
    spans = gaps.select("ts_start", "ts_end", "ts_known", gap_of="token_id")
    own = rows.join(spans, left_on="token_id", right_on="gap_of", how="inner")
    every = rows.join(spans.filter(pl.col("gap_of") == EVERY_TOKEN).drop("gap_of"), how="cross")
    known = (pl.col("ts_start") < pl.col("ts_cutoff")) & (pl.col("ts_known") < pl.col("ts_cutoff"))
    across = known & (pl.col("ts_end") > pl.col("ts_quote"))
    broken = pl.concat([part.select(*TAKEN, "ts_start", "ts_end", "ts_known") for part in (own, every)])
    broken = rows.join(broken, on=TAKEN, how="inner").filter(across)
    wiped = every.filter(across, pl.col("ts_start") == pl.col("ts_end"))
    silent = broken.join(shown(rows, rest_books), on=TAKEN, how="anti")
    return rows.join(pl.concat([part.select(TAKEN) for part in (wiped, silent)]), on=TAKEN, how="semi")


def shown(rows: pl.DataFrame, rest_books: pl.DataFrame) -> pl.DataFrame:
    """Snapshots whose best prices the REST service showed no longer before the cutoff than a book is fresh."""
    first = {f"{side}_shown": pl.col(f"{side}_prices").list.first() for side in ("bid", "ask")}
    seen = rows.join(rest_books.select("token_id", "ts_observed", **first), on="token_id", how="inner")
    age = seconds(pl.col("ts_cutoff") - pl.col("ts_observed"))
    alike = (pl.col("bid") == pl.col("bid_shown")) & (pl.col("ask") == pl.col("ask_shown"))
    return seen.filter(age.is_between(0, FRESH_S) & alike)


def of_token(rows: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """Snapshots with the token of outcome 0, as it was listed at the cutoff."""
    return at_cutoff(rows, markets).with_columns(token_id=pl.col("said_token_ids").list.first())
