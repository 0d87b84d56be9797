"""The price of a market at an instant, from what was known by then: a fresh two-sided book, else a trade, else a history point."""

from typing import NamedTuple

import polars as pl

from lakeflow.forecast.tables.evidence import WHOLE

WIDE = 100_000  # ten cents: a mid between quotes this far apart is nobody's price
FRESH_S, TRADE_S, HOUR_S = 900, 86_400, 3_600
MID, UNVERIFIED, LAST, HIST = "MID", "MID_UNVERIFIED", "LAST", "HIST"
KINDS = (MID, UNVERIFIED, LAST, HIST)
NO_QUOTE, ONE_SIDED = "NO_QUOTE", "ONE_SIDED"
VERIFIED = "MATCH"
WIPED = "WIPED"  # what is thought of a book that was emptied for all at once, from then on
BELIEVED = (VERIFIED, "UNVERIFIABLE")  # what nothing contradicts
TIME = pl.Datetime("ns", "UTC")


class Sources(NamedTuple):
    """Where prices come from: states of books by when they were received, trades, and history points."""

    tops: pl.DataFrame
    heard: pl.DataFrame  # the instants at which anything was heard of a token's book
    trades: pl.DataFrame
    points: pl.DataFrame


def priced(asked: pl.DataFrame, sources: Sources) -> pl.DataFrame:
    """For each `token_id`, `other_token_id` and `ts_cutoff`: the price of outcome 0 in millionths, its kind and its age, or why none."""
    rows = asked.sort("ts_cutoff")
    rows = last_before(rows, sources.tops, "ts_recv", ("bid", "ask", "near_2c", "verify_status"))
    rows = last_before(rows, sources.heard, "ts_recv", ("ts_heard",))
    rows = last_before(rows, both_ways(sources.trades, rows), "ts_event", ("last_price", "ts_last"))
    rows = last_before(
        rows, points(sources.points), "ts_known", ("hist_price", "ts_hist", "hist_s", "ts_hist_known")
    )
    return rows.with_columns(known_book()).pipe(chosen)


def last_before(rows: pl.DataFrame, known: pl.DataFrame, when: str, columns: tuple[str, ...]) -> pl.DataFrame:
    """The last of what was known of each token at its cutoff."""
    right = known.select("token_id", pl.col(when).cast(TIME).alias("_known"), *columns).sort(
        "_known", maintain_order=True
    )
    found = rows.sort("ts_cutoff").join_asof(
        right,
        left_on="ts_cutoff",
        right_on="_known",
        by="token_id",
        strategy="backward",
        check_sortedness=False,
    )
    return found.drop("_known", strict=False)


def both_ways(trades: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Trades of either outcome as prices of outcome 0: what one costs, the other lacks to a dollar."""
    pairs = asked.select("token_id", "other_token_id").unique()
    own = trades.join(pairs.select("token_id"), on="token_id", how="inner").select(
        "token_id", "ts_event", "price", "order"
    )
    other = trades.join(pairs, left_on="token_id", right_on="other_token_id", how="inner").select(
        token_id=pl.col("token_id_right"), ts_event="ts_event", price=WHOLE - pl.col("price"), order="order"
    )
    traded = (pl.col("price") > 0) & (pl.col("price") < WHOLE)  # nothing and all are payouts, not prices
    every = pl.concat([own, other]).filter(traded).sort("ts_event", "order")
    return every.with_columns(last_price="price", ts_last=pl.col("ts_event"))


def points(found: pl.DataFrame) -> pl.DataFrame:
    """History points that are prices; a point without a bucket tells how the market ended."""
    return found.filter(pl.col("resolution_s") > 0).select(
        "token_id",
        "ts_known",
        hist_price="price",
        ts_hist="ts_event",
        hist_s="resolution_s",
        ts_hist_known="ts_known",
    )


def known_book() -> list[pl.Expr]:
    """The book's sides where it can be believed, is not crossed and was heard of lately."""
    age = seconds(pl.col("ts_cutoff") - pl.col("ts_heard"))
    crossed = (pl.col("bid") >= pl.col("ask")).fill_null(value=False)
    good = pl.col("verify_status").is_in(BELIEVED) & (age <= FRESH_S) & ~crossed
    return [pl.when(good).then(name).alias(name) for name in ("bid", "ask", "near_2c")]


def chosen(rows: pl.DataFrame) -> pl.DataFrame:
    """The price by the order of preference; every column that was not used is gone."""
    bid, ask = pl.col("bid"), pl.col("ask")
    has_both = bid.is_not_null() & ask.is_not_null()
    one_sided = bid.is_not_null() != ask.is_not_null()
    narrow = has_both & (ask - bid <= WIDE)
    traded = seconds(pl.col("ts_cutoff") - pl.col("ts_last")) <= TRADE_S
    hist_age = seconds(pl.col("ts_cutoff") - pl.col("ts_hist"))
    recent = hist_age <= pl.max_horizontal(2 * pl.col("hist_s"), HOUR_S)
    kind = (
        pl.when(narrow & (pl.col("verify_status") == VERIFIED))
        .then(pl.lit(MID))
        .when(narrow)
        .then(pl.lit(UNVERIFIED))
        .when(((has_both & ~narrow) | one_sided) & traded.fill_null(value=False))
        .then(pl.lit(LAST))
        .when(recent.fill_null(value=False))
        .then(pl.lit(HIST))
    )
    return (
        rows.with_columns(p_kind=kind)
        .with_columns(
            p=pick((bid + ask) // 2, pl.col("last_price"), pl.col("hist_price")),
            ts_quote=pick(pl.col("ts_heard"), pl.col("ts_last"), pl.col("ts_hist")),
            ts_quote_known=pick(pl.col("ts_heard"), pl.col("ts_last"), pl.col("ts_hist_known")),
            no_price=pl.when(kind.is_null()).then(
                pl.when(one_sided).then(pl.lit(ONE_SIDED)).otherwise(pl.lit(NO_QUOTE))
            ),
        )
        .drop("verify_status", "ts_heard", "hist_price", "ts_hist", "hist_s", "ts_hist_known", "ts_last")
    )


def pick(mid: pl.Expr, last: pl.Expr, hist: pl.Expr) -> pl.Expr:
    """One of three by the kind of price."""
    kind = pl.col("p_kind")
    return (
        pl.when(kind.is_in([MID, UNVERIFIED]))
        .then(mid)
        .when(kind == LAST)
        .then(last)
        .when(kind == HIST)
        .then(hist)
    )


def seconds(span: pl.Expr) -> pl.Expr:
    """A duration in seconds, rounded up: what is a nanosecond too old is too old. In whole numbers, or a minute has 61 of them."""
    return -((-span.dt.total_nanoseconds()) // 1_000_000_000)


def sources(
    tops: pl.DataFrame, events: pl.LazyFrame, rest_books: pl.DataFrame, trades: pl.DataFrame, last_trades: pl.DataFrame,
    price_points: pl.DataFrame,
) -> Sources:  # fmt: skip
    """All that prices are taken from: the feed and the REST books as one, trades of both services as one."""
    first = [pl.col(name).list.first() for name in ("bid_prices", "ask_prices")]
    is_of_then = (pl.col("ts_stands_until") > pl.col("ts_observed")).fill_null(value=True)
    standing = rest_books.filter(is_of_then)
    rest = standing.select(
        "token_id",
        ts_recv="ts_observed",
        bid=first[0],
        ask=first[1],
        near_2c=near_2c(),
        verify_status="hash_status",
    )
    ended = standing.filter(pl.col("ts_stands_until").is_not_null())
    wiped = ended.select("token_id", ts_recv="ts_stands_until", verify_status=pl.lit(WIPED)).unique()
    columns, heard = rest.columns, events.select("token_id", "ts_recv").unique().collect()
    states = pl.concat([wiped, tops.select(columns), rest], how="diagonal_relaxed").sort(
        "ts_recv", "token_id", maintain_order=True
    )
    instants = pl.concat([heard, rest.select("token_id", "ts_recv")]).unique()
    traded = trades.select(
        "token_id", "ts_event", "price", order=pl.col("transaction") + pl.col("ordinal").cast(pl.String)
    )
    fed = last_trades.select("token_id", ts_event="ts_recv", price="price", order=pl.lit(""))
    return Sources(
        states, instants.with_columns(ts_heard="ts_recv"), pl.concat([traded, fed]).sort("ts_event", "order"), price_points
    )  # fmt: skip


def near_2c() -> pl.Expr:
    """Dollars within two cents of the best level of each side of a REST book."""
    return sum((side_2c(side) for side in ("bid", "ask")), pl.lit(0, pl.Int64))


def side_2c(side: str) -> pl.Expr:
    near = (pl.col(f"{side}_prices") - pl.col(f"{side}_prices").list.first()).list.eval(
        (pl.element().abs() <= 20_000).cast(pl.Int64)
    )
    prices, sizes = pl.col(f"{side}_prices"), pl.col(f"{side}_sizes")
    paid = (
        prices * (sizes // WHOLE) + prices * (sizes % WHOLE) // WHOLE
    )  # price times size is more than 64 bits hold
    return (paid * near).list.sum().fill_null(0)
