"""Answers that leave something out: one that says there is more, or is as full as it can be, while the page after it was not fetched."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from lakeflow.vendors.polymarket.answered import next_cursor
from lakeflow.vendors.polymarket.bodies import service_and_name

EVENTS = "gamma/events"
# Items of a page; a larger limit is cut in silence.
MOST = {"gamma/markets": 100, EVENTS: 100, "data/trades": 1_000}
CAPS = (3_500, 10_000)  # where listings by offset ended: a listing of just so many items was cut there
CAPPED = frozenset({"data/trades", "clob/trades", "clob/data", "data/activity"})
CURSORS = ("cursor", "after_cursor", "next_cursor")
SAYS_MORE = r'"has_more"\s*:\s*true'
COLUMNS = (
    "row",
    "capture_id",
    "endpoint",
    "params",
    "sweep_id",
    "page_no",
    "cursor_in",
    "cursor_out",
    "payload",
)


class Page(NamedTuple):
    """An answer as a page of a listing."""

    row: int
    capture: str
    name: str
    asked: Mapping[str, Any]
    sweep: str
    number: int
    came_by: str | None  # the cursor that led to it
    leads_to: str | None  # the cursor to the next
    has_more: bool | None  # None where it does not say
    size: int


def left_out(fetches: pl.DataFrame, sizes: Sequence[int]) -> frozenset[int]:
    """The rows of answers after which something is missing, and of those before them in the same listing."""
    good = (
        fetches.sort("row")
        .with_columns(size=pl.Series(sizes, dtype=pl.Int64))
        .filter(pl.col("http_status") == 200)
    )
    if not good.filter(may_lack()).height:
        return frozenset()
    every = [page(*values) for values in good.filter(pl.col("size") > 0).select(*COLUMNS, "size").iter_rows()]
    totals = counted(every)
    after = followers(every)
    found: set[int] = set()
    for each in reversed(every):  # the page after one came later
        following = next((after[key] for key in ways_on(each) if key in after), each.row)
        is_last = following == each.row
        if following in found or (is_last and lacks(each, totals[listing(each)])):
            found.add(each.row)
    swept = {listing(each) for each in every if each.row in found and each.sweep}
    return frozenset(each.row for each in every if each.row in found or listing(each) in swept)


def may_lack() -> pl.Expr:
    """Whether an answer can be one that leaves something out at all, which few are."""
    is_full = (pl.col("size") >= 100) | pl.col("params").str.contains(r'"(?:limit|first)"')
    return pl.col("payload").str.contains(SAYS_MORE) | is_full


def page(  # noqa: PLR0913, PLR0917  the columns of an answer
    row: int, capture: str, endpoint: str, params: str, sweep: str, number: int, cursor_in: str | None, cursor_out: str | None, payload: str, size: int
) -> Page:  # fmt: skip
    asked, body = loaded(params), loaded(payload) if '"has_more"' in payload else {}
    pages = body.get("pagination")
    said = {**body, **pages} if isinstance(pages, Mapping) else body
    has_more = said.get("has_more")
    came_by = cursor_in or next((str(asked[name]) for name in CURSORS if asked.get(name)), None)
    name = service_and_name(endpoint)
    size = size if name != EVENTS or cursor_out else events(payload)
    return Page(
        row, capture, name, asked, sweep, number, came_by, cursor_out or next_cursor(body),
        has_more if isinstance(has_more, bool) else None, size,
    )  # fmt: skip


def events(payload: str) -> int:
    """Events of a page: its items are their markets, and a page is full of events."""
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError):
        return 0
    found = body.get("events", body) if isinstance(body, Mapping) else body
    return len(found) if isinstance(found, list) else 1


def loaded(text: str) -> Mapping[str, Any]:
    """An object of JSON; of what is none there is nothing to read."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}


def listing(of: Page) -> tuple[str, str]:
    """The listing that a page is of; an answer that stands alone is one of its own."""
    return of.capture, of.sweep or f"row {of.row}"


def counted(every: Sequence[Page]) -> dict[tuple[str, str], int]:
    """Items of each listing."""
    found: dict[tuple[str, str], int] = {}
    for each in every:
        found[listing(each)] = found.get(listing(each), 0) + each.size
    return found


def followers(every: Sequence[Page]) -> dict[tuple[str, ...], int]:
    """The row of the page that a number, a cursor or an offset led to."""
    return {key: each.row for each in every for key in ways_to(each)}


def ways_to(this: Page) -> Iterator[tuple[str, ...]]:
    if this.sweep:
        yield *listing(this), str(this.number)
    if this.came_by:
        yield this.capture, this.name, "cursor", this.came_by
    yield this.capture, this.name, "offset", *same(this), str(offset(this))


def ways_on(this: Page) -> Iterator[tuple[str, ...]]:
    """The same of the page after this one."""
    if this.sweep:
        yield *listing(this), str(this.number + 1)
    if this.leads_to:
        yield this.capture, this.name, "cursor", this.leads_to
    yield this.capture, this.name, "offset", *same(this), str(offset(this) + this.size)


def same(of: Page) -> tuple[str, ...]:
    """What was asked, but for where the page begins."""
    return of.sweep, json.dumps({name: of.asked[name] for name in sorted(of.asked) if name != "offset"})


def offset(of: Page) -> int:
    return whole(of.asked.get("offset")) or 0


def whole(value: Any) -> int | None:
    return int(value) if str(value).isdecimal() and len(str(value)) < 10 else None


def lacks(last: Page, total: int) -> bool:
    """Whether something comes after a page that nothing was fetched after: by its own word, or else by how full it is."""
    if last.has_more is not None:
        return last.has_more
    if last.name in CAPPED and total in CAPS:
        return True
    most = MOST.get(last.name)
    room = whole(last.asked.get("limit", last.asked.get("first"))) or (most if last.sweep else None)
    return room is not None and last.size >= min(room, most or room)
