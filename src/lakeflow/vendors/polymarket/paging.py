"""Pages of one listing of trades that no name holds together: each was asked for by the cursor that the one before it gave."""

import json
from collections.abc import Sequence
from datetime import timedelta

from lakeflow.vendors.polymarket.asked import named
from lakeflow.vendors.polymarket.leaving_out import CURSORS, Page

TRADES = frozenset({"data/trades", "clob/trades", "clob/data"})
PAUSE = timedelta(hours=1).total_seconds() * 1e9  # between two pages of one listing at most, in nanoseconds
Way = tuple[str, str, str]  # recorder, service and name, cursor


def first_pages(every: Sequence[Page]) -> dict[int, int]:
    """The row of each later page of trades with that of the first page of its listing.

    Where a page ends no trade does: what is alike on both sides of its end happened twice. A page that is fetched again is a listing of its own.
    """
    first: dict[int, int] = {}
    waiting: dict[Way, tuple[int, int]] = {}
    for each in every:
        if each.sweep or each.name not in TRADES:
            continue
        at, came_by = each.observed, way(each, each.came_by)
        begun, since = waiting.pop(came_by, (each.row, at)) if came_by else (each.row, at)
        follows = begun != each.row and at - since <= PAUSE
        if follows:
            first[each.row] = begun
        if leads_to := way(each, each.leads_to):
            told = (begun if follows else each.row, at)
            waiting[leads_to] = told if follows or not came_by else waiting.get(leads_to, told)
    return first


def but_cursor(params: str) -> str:
    """What was asked, but for where the page begins."""
    asked = named(params)
    return json.dumps({name: asked[name] for name in sorted(asked) if name not in (*CURSORS, "offset")})


def way(of: Page, cursor: str | None) -> Way | None:
    return (of.capture, of.name, cursor) if cursor else None
