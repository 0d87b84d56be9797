"""A day's answers as silver tables: each item in one of them or in quarantine, and a ledger of what was asked."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

import polars as pl

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.answers import Answer, Fetch, Row, answer
from lakeflow.vendors.polymarket.backfilled import of_its_day
from lakeflow.vendors.polymarket.books import Book
from lakeflow.vendors.polymarket.chain import Fill, taker_legs, unknown_exchanges
from lakeflow.vendors.polymarket.coverage import stands_until
from lakeflow.vendors.polymarket.gamma import Sighting
from lakeflow.vendors.polymarket.items import Interest, Point, Resolution, Trade
from lakeflow.vendors.polymarket.leaving_out import left_out
from lakeflow.vendors.polymarket.otherwise import Asked, said_otherwise
from lakeflow.vendors.polymarket.paging import but_cursor, first_pages
from lakeflow.vendors.polymarket.shapes import SHAPES, TIMES
from lakeflow.vendors.polymarket.sweeps import begun_before, ledger, unfinished
from lakeflow.vendors.polymarket.terms import Terms

T = TypeVar("T")
TABLE_OF: dict[type, str] = {
    Sighting: "sightings", Point: "price_points", Trade: "trades", Interest: "open_interest", Resolution: "resolution_events",
    Book: "rest_books", Fill: "fills", Terms: "trading_terms",
}  # fmt: skip


FETCH = (pl.col("ts_observed").dt.epoch("ns"), "capture_id", "endpoint", "params", "http_status", "payload")


def parsed(
    fetches: pl.DataFrame,
    exchanges: Collection[str] = (),
    earlier: pl.LazyFrame | None = None,
    dt: date | None = None,
) -> dict[str, pl.DataFrame]:
    """The tables of a day. A sweep that lacks a page publishes nothing: what was known before stays known.

    One that went on past midnight is of the day of its last page; `earlier` has the answers of the day before.
    """
    begun = fetches.clear() if earlier is None else begun_before(fetches, earlier)
    every = pl.concat([begun, fetches])
    found: dict[str, list[tuple[Asked, tuple[Any, ...]]]] = {table: [] for table in SHAPES}
    refused: list[tuple[Asked, faults.Fault]] = []
    counts: list[int] = []
    sizes: list[int] = []
    unread: set[int] = set()
    for row, asked, got in answers(every):
        items = of_its_day(got.items, asked, dt)
        sizes.append(len(got.items))
        counts.append(sum(not isinstance(item, faults.Fault) for item in items))
        unread |= set() if got.is_listing else {row}
        for item in items:
            if isinstance(item, faults.Fault):
                refused.append((asked, item))
            else:
                found[TABLE_OF[type(item)]] += [(asked, each) for each in spread(item)]
    incomplete, cut = unfinished(every, unread), left_out(every, sizes)
    found["trades"] = of_listings(found["trades"], every)
    kept = {name: published(found[name], incomplete) for name in SHAPES}
    tables = {name: frame(name, rows_of) for name, rows_of in kept.items()}
    made = {name: once(name, rows_of) for name, rows_of in tables.items()}
    made["fills"] = taker_legs(made["fills"], exchanges)
    told = [fault for _, fault in published(refused, incomplete)]
    told += [
        *unknown_exchanges(made["fills"]),
        *(each for name in SHAPES for each in said_otherwise(name, kept[name])),
    ]
    return {
        **made,
        "fetch_ledger": ledger(fetches, incomplete, unread, counts[begun.height :], cut),
        "quarantine": faults.quarantine([*told, *lost(fetches, incomplete, unread)]),
    }


BESIDE = ("ts_observed", "maker_count")  # no part of what a row is


def of_listings(told: list[tuple[Asked, T]], fetches: pl.DataFrame) -> list[tuple[Asked, T]]:
    """Trades with the listing that their page is of, where a cursor led to it and no name says so."""
    begun = {f"row {row}": f"row {first}" for row, first in first_pages(fetches).items()}
    return [(asked._replace(listing=begun.get(asked.listing, asked.listing)), each) for asked, each in told]


def answers(fetches: pl.DataFrame) -> Iterator[tuple[int, Asked, Answer]]:
    """Every answer, in the order in which they came, with its row among the fetches."""
    columns = fetches.sort("row").select(*FETCH, "sweep_id", "row", "page_no")
    told: Counter[Any] = Counter()
    for *given, sweep, row, number in columns.iter_rows():
        fetch, got = Fetch(*given), answer(Fetch(*given))
        listing = f"{fetch.capture} {sweep}" if sweep else f"row {row}"
        of = (listing, fetch.endpoint, number, but_cursor(fetch.params))
        yield row, Asked(fetch.observed, listing, fetch.capture, told[of]), got
        told[of] += got.is_listing


def published(told: Sequence[tuple[Asked, T]], incomplete: frozenset[str]) -> list[tuple[Asked, T]]:
    """What is of no listing that lacks a page."""
    return [(asked, each) for asked, each in told if asked.listing not in incomplete]


def lost(
    fetches: pl.DataFrame, incomplete: frozenset[str], unread: Collection[int]
) -> Iterator[faults.Fault]:
    """The pages of sweeps that are not all there; the one that is no listing says itself what it is."""
    name = pl.concat_str("capture_id", pl.lit(" "), "sweep_id")
    pages = fetches.filter(pl.col("sweep_id") != "", name.is_in(sorted(incomplete))).sort("row")
    for *given, sweep, row in pages.select(*FETCH, name.alias("sweep"), "row").iter_rows():
        fetch = Fetch(*given)
        is_garbled = row in unread and fetch.status == 200
        said = answer(fetch).items if is_garbled else [whole(fetch, sweep)]
        yield from (each for each in said if isinstance(each, faults.Fault))


def whole(fetch: Fetch, sweep: str) -> faults.Fault:
    """A page of a sweep that is not all there."""
    detail, where = f"a page of {sweep} is missing", f"{fetch.endpoint} {fetch.params}"
    told = (fetch.observed, fetch.capture, where, fetch.payload)
    return faults.Fault("answers", faults.INCOMPLETE_SWEEP, detail, *told)


def spread(item: Row) -> Sequence[tuple[Any, ...]]:
    """The rows of an item: of a book its sides as lists, of all others their fields."""
    if not isinstance(item, Book):
        return [tuple(item)]
    sides = ([level.price for level in item.bids], [level.size for level in item.bids])
    against = ([level.price for level in item.asks], [level.size for level in item.asks])
    return [(item.condition_id, item.token_id, item.ts_event, *sides, *against, item.hash_status)]


def frame(name: str, found: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """Rows with what their answer adds: the instant they were observed, and their ordinal among equals in one listing."""
    seen: Counter[Any] = Counter()
    shaped: list[tuple[Any, ...]] = []
    for asked, row in found:
        ordinal = 0
        if name == "trades":
            key = (asked.listing, asked.again, *row[:-1])  # how many makers is told is no part of it
            ordinal, seen[key] = seen[key], seen[key] + 1
        shaped.append((asked.observed, ordinal, *row))
    columns = pl.DataFrame(
        shaped, schema={"ts_observed": pl.Int64, "ordinal": pl.Int64} | SHAPES[name], orient="row"
    )
    times = [c for c in columns.columns if c in TIMES]
    return columns.with_columns(pl.col(times).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC"))


def once(name: str, found: pl.DataFrame) -> pl.DataFrame:
    """What several answers say alike is one row, of the first that said so."""
    if name in ("sightings", "open_interest", "rest_books", "trading_terms"):
        key = ["condition_id", "ts_observed"] if name != "rest_books" else ["token_id", "ts_observed"]
        rows = found.drop("ordinal") if name != "sightings" else of_every_event(found.drop("ordinal"))
        rows = rows.with_columns(ts_stands_until=stands_until()) if name == "rest_books" else rows
        return rows.unique(key, keep="first", maintain_order=True).sort(key)
    if name == "fills":
        first = found.drop("ordinal").sort("ts_observed", maintain_order=True)
        return first.unique("fill_id", keep="first", maintain_order=True).sort("ts_event", "fill_id")
    if name == "price_points":
        known = found.with_columns(
            source=pl.lit("HIST"),
            ts_known=pl.col("ts_event") + pl.duration(seconds="resolution_s", time_unit="ns"),
        )
        key = ["token_id", "ts_event", "resolution_s"]
        return known.drop("ordinal").sort(*key, "ts_observed").unique(key, keep="first", maintain_order=True)
    key = [c for c in found.columns if c not in BESIDE]
    told = found.with_columns(pl.col("maker_count").max().over(key)) if name == "trades" else found
    first = told.sort("ts_observed", maintain_order=True).unique(key, keep="first", maintain_order=True)
    if name == "trades":
        paid = (pl.col("price").cast(pl.Int128) * pl.col("size") // 1_000_000).cast(pl.Int64)
        order = ["ts_event", "transaction", "token_id", "wallet", "side", "price", "size", "ordinal"]
        return first.with_columns(paid=paid).select(pl.exclude("maker_count"), "maker_count").sort(order)
    return first.drop("ordinal").sort(
        "condition_id", "ts_observed", "source", "status", "proposed", nulls_last=True
    )


def of_every_event(sightings: pl.DataFrame) -> pl.DataFrame:
    """Sightings with all events that named the market at that instant: each event lists its markets as if there were no other."""
    of = ["condition_id", "ts_observed"]
    named = sightings.select(*of, "event_ids").explode("event_ids", empty_as_null=True, keep_nulls=True)
    together = named.group_by(of).agg(pl.col("event_ids").drop_nulls().unique().sort())
    return (
        sightings.drop("event_ids")
        .join(together, on=of, how="left", maintain_order="left")
        .select(sightings.columns)
    )
