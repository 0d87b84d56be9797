"""A token's book at an instant: the feed and the REST service are two witnesses, each with its own state, age and verdict, and one of them counts."""

from typing import NamedTuple

import polars as pl

from lakeflow.forecast.tables.evidence import WHOLE

FRESH_S = 900
VERIFIED = "MATCH"
WIPED = "WIPED"  # what is thought of a book that was emptied for all at once, from then on
BELIEVED = (VERIFIED, "UNVERIFIABLE")  # what nothing contradicts
TIME = pl.Datetime("ns", "UTC")
STATE = {"bid": pl.Int64(), "ask": pl.Int64(), "near_2c": pl.Int64(), "verify_status": pl.String()}
FED = {"token_id": pl.String(), "ts_recv": TIME, **STATE}
HEARD = {"token_id": pl.String(), "ts_heard": TIME}
SHOWN = {**FED, "ts_of": TIME}


class Books(NamedTuple):
    """What two sources say of books, each in the order in which it was received."""

    fed: pl.DataFrame  # FED: states of the feed's books
    heard: pl.DataFrame  # HEARD: the instants at which the feed told anything of a token's book
    shown: pl.DataFrame  # SHOWN: the REST service's answers, and since when each was so


def books(tops: pl.DataFrame, events: pl.LazyFrame, rest_books: pl.DataFrame) -> Books:
    """The books of both sources; of what the feed told at one instant the last word, in the order of its capture."""
    ordered = tops.sort("ts_recv", "row", "message_no")
    fed = ordered.select(*FED).unique(["token_id", "ts_recv"], keep="last", maintain_order=True)
    heard = events.select("token_id", ts_heard="ts_recv").unique().collect()
    return Books(fed, heard, shown(rest_books))


def shown(rest_books: pl.DataFrame) -> pl.DataFrame:
    """Answers of the REST service with their best levels, and the instant at which all books were wiped."""
    first = {side: pl.col(f"{side}_prices").list.first() for side in ("bid", "ask")}
    is_of_then = (pl.col("ts_stands_until") > pl.col("ts_observed")).fill_null(value=True)
    standing = rest_books.filter(is_of_then).with_columns(
        **first,
        ts_recv="ts_observed",
        near_2c=near_2c(),
        verify_status="hash_status",
        # What a cache answers was so long ago; a clock that is ahead of ours does not make it later than the answer.
        ts_of=pl.min_horizontal("ts_event", "ts_observed"),
    )
    ended = standing.filter(pl.col("ts_stands_until").is_not_null())
    wiped = ended.select("token_id", ts_recv="ts_stands_until", verify_status=pl.lit(WIPED)).unique()
    every = pl.concat([wiped, standing.select(*SHOWN)], how="diagonal_relaxed")
    return (
        every.select(pl.col(name).cast(dtype) for name, dtype in SHOWN.items())
        .sort("ts_recv", maintain_order=True)
        .unique(["token_id", "ts_recv"], keep="last", maintain_order=True)
    )


def book_at(rows: pl.DataFrame, said: Books) -> pl.DataFrame:
    """Rows with the book of `token_id` at `ts_cutoff`: its sides, its verdict and when it was heard of; nulls where nobody knew it.

    A source that does not know the book, or was not heard of lately, takes nothing from the other. Of two that do, the verified one counts,
    else the one that is of later.
    """
    rows = last_before(rows, as_of("fed", said.fed), "ts_recv", [f"{name}_fed" for name in STATE])
    rows = last_before(rows, said.heard, "ts_heard", ["ts_heard"]).rename({"ts_heard": "ts_heard_fed"})
    by_rest = said.shown.with_columns(ts_heard_shown="ts_recv", ts_of_shown="ts_of")
    named = [f"{name}_shown" for name in (*STATE, "ts_heard", "ts_of")]
    rows = last_before(rows, as_of("shown", by_rest), "ts_recv", named)
    rows = rows.with_columns(ts_of_fed="ts_heard_fed").with_columns(counts=counting())
    return rows.with_columns(taken(name) for name in (*STATE, "ts_heard")).drop(
        "counts", *named, *(f"{name}_fed" for name in (*STATE, "ts_heard", "ts_of"))
    )


def as_of(source: str, states: pl.DataFrame) -> pl.DataFrame:
    return states.rename({name: f"{name}_{source}" for name in STATE})


def last_before(rows: pl.DataFrame, known: pl.DataFrame, when: str, columns: list[str]) -> pl.DataFrame:
    """The last of what was known of each token at its cutoff."""
    right = known.with_columns(pl.col(when).cast(TIME).alias("_known")).select("token_id", "_known", *columns)
    found = rows.sort("ts_cutoff").join_asof(
        right.sort("_known", maintain_order=True), left_on="ts_cutoff", right_on="_known", by="token_id", strategy="backward",
        check_sortedness=False,
    )  # fmt: skip
    return found.drop("_known", strict=False)


def counting() -> pl.Expr:
    """The source whose book counts; null where neither is known."""
    fed, shown = is_known("fed"), is_known("shown")
    is_sure, other_is = vouched("shown"), vouched("fed")
    later = pl.col("ts_of_shown") > pl.col("ts_of_fed")
    better = (is_sure & ~other_is) | ((is_sure == other_is) & later)
    return pl.when(shown & (~fed | better)).then(pl.lit("shown")).when(fed).then(pl.lit("fed"))


def is_known(source: str) -> pl.Expr:
    """Whether a source's book can be believed, is not crossed and was heard of lately."""
    bid, ask = pl.col(f"bid_{source}"), pl.col(f"ask_{source}")
    good = pl.col(f"verify_status_{source}").is_in(BELIEVED) & ~(bid >= ask).fill_null(value=False)
    return (good & is_fresh(f"ts_heard_{source}")).fill_null(value=False)


def vouched(source: str) -> pl.Expr:
    """Whether a book is verified and was so lately: what a cache shows of long ago is no better than what a live feed says unverified."""
    is_verified = pl.col(f"verify_status_{source}") == VERIFIED
    return (is_verified & is_fresh(f"ts_of_{source}")).fill_null(value=False)


def is_fresh(instant: str) -> pl.Expr:
    return seconds(pl.col("ts_cutoff") - pl.col(instant)) <= FRESH_S


def taken(name: str) -> pl.Expr:
    by_source = [
        pl.when(pl.col("counts") == source).then(f"{name}_{source}").otherwise(None)
        for source in ("fed", "shown")
    ]
    return pl.coalesce(by_source).alias(name)


def seconds(span: pl.Expr) -> pl.Expr:
    """A duration in seconds, rounded up: what is a nanosecond too old is too old. In whole numbers, or a minute has 61 of them."""
    return -((-span.dt.total_nanoseconds()) // 1_000_000_000)


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
