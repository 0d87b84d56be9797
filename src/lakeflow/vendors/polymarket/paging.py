"""Pages of one listing of trades that no name holds together: each was asked for by the cursor that the one before it gave."""

import json
from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from lakeflow.vendors.polymarket.bodies import service_and_name
from lakeflow.vendors.polymarket.leaving_out import COLUMNS, CURSORS, Page, loaded, page

TRADES = frozenset({"data/trades", "clob/trades", "clob/data"})
PAUSE = timedelta(hours=1).total_seconds() * 1e9  # between two pages of one listing at most, in nanoseconds
Way = tuple[str, str, str]  # recorder, service and name, cursor


def first_pages(fetches: pl.DataFrame) -> dict[int, int]:
    """The row of each later page of trades with that of the first page of its listing.

    Where a page ends no trade does: what is alike on both sides of its end happened twice. A page that is fetched again is a listing of its own.
    """
    first: dict[int, int] = {}
    waiting: dict[Way, tuple[int, int]] = {}
    for at, each in pages(fetches):
        came_by = way(each, each.came_by)
        begun, since = waiting.pop(came_by, (each.row, at)) if came_by else (each.row, at)
        follows = begun != each.row and at - since <= PAUSE
        if follows:
            first[each.row] = begun
        if leads_to := way(each, each.leads_to):
            told = (begun if follows else each.row, at)
            waiting[leads_to] = told if follows or not came_by else waiting.get(leads_to, told)
    return first


def pages(fetches: pl.DataFrame) -> Iterator[tuple[int, Page]]:
    """The pages of trades of no named listing, in the order in which they came."""
    when = pl.col("ts_observed").dt.epoch("ns")
    unnamed = fetches.sort("row").filter(pl.col("sweep_id") == "", pl.col("http_status") == 200)
    for at, *values in unnamed.select(when, *COLUMNS, size=0).iter_rows():
        if service_and_name(values[COLUMNS.index("endpoint")]) in TRADES:
            yield at, page(*values)


def but_cursor(params: str) -> str:
    """What was asked, but for where the page begins."""
    asked = loaded(params)
    return json.dumps({name: asked[name] for name in sorted(asked) if name not in (*CURSORS, "offset")})


def way(of: Page, cursor: str | None) -> Way | None:
    return (of.capture, of.name, cursor) if cursor else None
