"""What several answers say alike is one row, of the first that said so; what they say otherwise at one instant is named."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing

import polars as pl

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.chain import taker_legs, unknown_exchanges
from lakeflow.vendors.polymarket.coverage import stands_until
from lakeflow.vendors.polymarket.otherwise import KEYS, said_otherwise
from lakeflow.vendors.polymarket.shapes import SHAPES, TIMES
from lakeflow.vendors.polymarket.sorting import Sorting

MILLION = 1_000_000
BESIDE = ("is_taker", "maker_count")  # no part of what a trade is: one list says it, another does not
TRADES = ["ts_event", "transaction", "token_id", "wallet", "side", "price", "size", "ordinal"]
Told = Iterator[tuple[pl.DataFrame, list[faults.Fault]]]


def once(name: str, parts: Iterable[pl.DataFrame]) -> Told:
    """Each part of a table with every row once, and what is otherwise; rows that may be one are in one part, in their order."""
    for rows in parts:
        faulty = list(said_otherwise(name, rows)) if name in KEYS else []
        yield timed(ONCE[name](rows)), faulty


def timed(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with instants for their numbers."""
    times = [name for name in rows.columns if name in TIMES]
    return rows.with_columns(pl.col(times).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC"))


def first_of(rows: pl.DataFrame, *key: str) -> pl.DataFrame:
    """The first row of each key, and what a table has of it."""
    first = rows.unique(key, keep="first", maintain_order=True)
    return first.drop("listing", "capture_id", "again", "nth")


def sightings(rows: pl.DataFrame) -> pl.DataFrame:
    """With all events that named the market at that instant: each event lists its markets as if there were no other."""
    of = ["condition_id", "ts_observed"]
    named = rows.select(*of, "event_ids").explode("event_ids", empty_as_null=True, keep_nulls=True)
    together = named.group_by(of).agg(pl.col("event_ids").drop_nulls().unique().sort())
    found = first_of(rows, *of)
    whole = found.drop("event_ids").join(together, on=of, how="left", maintain_order="left")
    return whole.select(found.columns)


def said_of_markets(rows: pl.DataFrame) -> pl.DataFrame:
    return first_of(rows, "condition_id", "ts_observed")


def rest_books(rows: pl.DataFrame) -> pl.DataFrame:
    """With how long each can stand."""
    return timed(first_of(rows, "token_id", "ts_observed")).with_columns(ts_stands_until=stands_until())


def price_points(rows: pl.DataFrame) -> pl.DataFrame:
    """Each known when its bucket ends."""
    first = timed(first_of(rows, "token_id", "ts_event", "resolution_s"))
    ends = pl.col("ts_event") + pl.duration(seconds="resolution_s", time_unit="ns")
    return first.with_columns(source=pl.lit("HIST"), ts_known=ends)


def trades(rows: pl.DataFrame) -> pl.DataFrame:
    """A trade that one listing tells again is another one like it; one that another listing, or the page once more, tells is the same."""
    said = [name for name in SHAPES["trades"] if name not in BESIDE]
    ordinal = pl.int_range(pl.len()).over("listing", "again", *said).cast(pl.Int64)
    numbered = rows.sort("nth").with_columns(ordinal=ordinal).sort("ts_observed", maintain_order=True)
    paid = (pl.col("price").cast(pl.Int128) * pl.col("size") // MILLION).cast(pl.Int64)
    told = numbered.with_columns(pl.col(BESIDE).max().over(*said, "ordinal"), paid=paid)
    return (
        first_of(told, *said, "ordinal").select("ts_observed", "ordinal", *said, "paid", *BESIDE).sort(TRADES)
    )


def resolution_events(rows: pl.DataFrame) -> pl.DataFrame:
    """An event that is told again is one, also where a listing tells it twice."""
    order = ["condition_id", "ts_observed", "source", "status", "proposed"]
    return first_of(rows, *SHAPES["resolution_events"]).sort(order, nulls_last=True, maintain_order=True)


def fills(parts: Iterable[pl.DataFrame], exchanges: Collection[str], room: int) -> Told:
    """Fills by time, each once, with whether it is its match's leg of the taker; and counterparties that nobody knows."""
    by_time, by_match = (Sorting(order, 1, room // 2) for order in (("ts_event", "fill_id"), ("transaction", "fill_id")))  # fmt: skip
    with closing(by_time), closing(by_match):
        for rows in parts:
            known = taker_legs(first_of(rows, "fill_id"), exchanges)
            by_time.add(known)
            by_match.add(known)
        yield timed(known.clear()), list(unknown_exchanges(by_match.rows()))
        yield from ((timed(rows), []) for rows in by_time.rows())


ONCE: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "sightings": sightings, "open_interest": said_of_markets, "trading_terms": said_of_markets, "rest_books": rest_books,
    "price_points": price_points, "trades": trades, "resolution_events": resolution_events,
}  # fmt: skip
