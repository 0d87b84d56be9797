"""A day's answers as silver tables: each item in one of them or in quarantine, and a ledger of what was asked."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import polars as pl

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.answers import Fetch, Row, rows
from lakeflow.vendors.polymarket.books import Book
from lakeflow.vendors.polymarket.chain import Fill
from lakeflow.vendors.polymarket.gamma import Sighting
from lakeflow.vendors.polymarket.items import Interest, Point, Resolution, Trade
from lakeflow.vendors.polymarket.shapes import SHAPES, TIMES
from lakeflow.vendors.polymarket.sweeps import ledger, unfinished

TABLE_OF: dict[type, str] = {
    Sighting: "sightings", Point: "price_points", Trade: "trades", Interest: "open_interest", Resolution: "resolution_events",
    Book: "rest_books", Fill: "fills",
}  # fmt: skip


class Asked(NamedTuple):
    """What comes with every row of an answer: when it was observed, and the listing that the answer is a page of."""

    observed: int
    listing: str


def parsed(fetches: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The tables of a day. A sweep that lacks a page publishes nothing: what was known before stays known."""
    incomplete = unfinished(fetches)
    found: dict[str, list[tuple[Any, ...]]] = {table: [] for table in SHAPES}
    refused: list[faults.Fault] = []
    counts: list[int] = []
    for fetch, asked, sweep in answers(fetches):
        items = list(rows(fetch)) if sweep not in incomplete else [whole(fetch, sweep)]
        counts.append(sum(not isinstance(item, faults.Fault) for item in items))
        for item in items:
            if isinstance(item, faults.Fault):
                refused.append(item)
            else:
                found[TABLE_OF[type(item)]] += [(asked, each) for each in spread(item)]
    tables = {name: frame(name, found[name]) for name in SHAPES}
    return {
        **{name: once(name, rows_of) for name, rows_of in tables.items()},
        "fetch_ledger": ledger(fetches, incomplete, counts),
        "quarantine": faults.quarantine(refused),
    }


def answers(fetches: pl.DataFrame) -> Iterator[tuple[Fetch, Asked, str]]:
    """Every answer, in the order in which they came."""
    columns = fetches.sort("row").select(
        pl.col("ts_observed").dt.epoch("ns"), "capture_id", "endpoint", "params", "http_status", "payload", "sweep_id", "row"
    )  # fmt: skip
    for *given, sweep, row in columns.iter_rows():
        fetch = Fetch(*given)
        name = f"{fetch.capture} {sweep}" if sweep else ""
        yield fetch, Asked(fetch.observed, name or f"row {row}"), name


def whole(fetch: Fetch, sweep: str) -> faults.Fault:
    """A page of a sweep that is not all there."""
    where = f"{fetch.endpoint} {fetch.params}"
    return faults.Fault(
        "answers",
        faults.INCOMPLETE_SWEEP,
        f"a page of {sweep} is missing",
        fetch.observed,
        fetch.capture,
        where,
        fetch.payload,
    )


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
            key = (asked.listing, *row)
            ordinal, seen[key] = seen[key], seen[key] + 1
        shaped.append((asked.observed, ordinal, *row))
    columns = pl.DataFrame(
        shaped, schema={"ts_observed": pl.Int64, "ordinal": pl.Int64} | SHAPES[name], orient="row"
    )
    times = [c for c in columns.columns if c in TIMES]
    return columns.with_columns(pl.col(times).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC"))


def once(name: str, found: pl.DataFrame) -> pl.DataFrame:
    """What several answers say alike is one row, of the first that said so."""
    if name in ("sightings", "open_interest", "rest_books"):
        key = ["condition_id", "ts_observed"] if name != "rest_books" else ["token_id", "ts_observed"]
        return found.drop("ordinal").unique(key, keep="first", maintain_order=True).sort(key)
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
    key = [c for c in found.columns if c != "ts_observed"]
    first = found.sort("ts_observed", maintain_order=True).unique(key, keep="first", maintain_order=True)
    if name == "trades":
        paid = (pl.col("price").cast(pl.Int128) * pl.col("size") // 1_000_000).cast(pl.Int64)
        order = ["ts_event", "transaction", "token_id", "wallet", "side", "price", "size", "ordinal"]
        return first.with_columns(paid=paid).sort(order)
    return first.drop("ordinal").sort(
        "condition_id", "ts_observed", "source", "status", "proposed", nulls_last=True
    )
