"""Answers that leave something out: one that says there is more, or is as full as it can be, while the page after it was not fetched."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lakeflow.vendors.polymarket.answered import next_cursor
from lakeflow.vendors.polymarket.answers import Fetch
from lakeflow.vendors.polymarket.asked import named
from lakeflow.vendors.polymarket.bodies import service_and_name

EVENTS = "gamma/events"
# Items of a page; a larger limit is cut in silence.
MOST = {"gamma/markets": 100, EVENTS: 100, "data/trades": 1_000}
CAPS = (3_500, 10_000)  # where listings by offset ended: a listing of just so many items was cut there
CAPPED = frozenset({"data/trades", "clob/trades", "clob/data", "data/activity"})
CURSORS = ("cursor", "after_cursor", "next_cursor")


class Place(NamedTuple):
    """Where an answer stands: its row, its listing, the page in it, and the cursors that led to it and on."""

    row: int
    sweep: str
    number: int
    came_by: str | None
    leads_to: str | None


class Page(NamedTuple):
    """An answer as a page of a listing."""

    row: int
    observed: int
    status: int
    capture: str
    name: str
    asked: Mapping[str, Any]
    sweep: str
    number: int
    came_by: str | None  # the cursor that led to it
    leads_to: str | None  # the cursor to the next
    has_more: bool | None  # None where it does not say
    size: int

    @property
    def may_lack(self) -> bool:
        """Whether it can be one that leaves something out at all, which few are."""
        return self.size >= 100 or self.has_more is True or bool(self.asked.keys() & {"limit", "first"})


def left_out(every: Sequence[Page]) -> frozenset[int]:
    """The rows of answers after which something is missing, and of those before them in the same listing."""
    every = [each for each in every if each.size]
    if not any(each.may_lack for each in every):
        return frozenset()
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


def page_of(at: Place, fetch: Fetch, size: int) -> Page:
    """An answer with so many items as a page."""
    asked, body = named(fetch.params), named(fetch.payload) if '"has_more"' in fetch.payload else {}
    pages = body.get("pagination")
    has_more = {**body, **(pages if isinstance(pages, Mapping) else {})}.get("has_more")
    came_by = at.came_by or next((str(asked[name]) for name in CURSORS if asked.get(name)), None)
    name = service_and_name(fetch.endpoint)
    return Page(
        at.row, fetch.observed, fetch.status, fetch.capture, name, asked, at.sweep, at.number, came_by, at.leads_to or next_cursor(body),
        has_more if isinstance(has_more, bool) else None,
        size if name != EVENTS or at.leads_to or not size else events(fetch.payload),
    )  # fmt: skip


def events(payload: str) -> int:
    """Events of a page: its items are their markets, and a page is full of events."""
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError):
        return 0
    found = body.get("events", body) if isinstance(body, Mapping) else body
    return len(found) if isinstance(found, list) else 1


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
