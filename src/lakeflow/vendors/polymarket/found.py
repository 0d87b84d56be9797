"""What was read of a day's answers while they are read: rows of every table and faults wait in files, and of each answer stays how much it held."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.answers import Answer, Fetch, Row, answer
from lakeflow.vendors.polymarket.backfilled import of_its_day
from lakeflow.vendors.polymarket.books import Book
from lakeflow.vendors.polymarket.chain import Fill
from lakeflow.vendors.polymarket.gamma import Sighting
from lakeflow.vendors.polymarket.items import Interest, Point, Resolution, Trade
from lakeflow.vendors.polymarket.leaving_out import Page, Place, page_of
from lakeflow.vendors.polymarket.otherwise import Asked
from lakeflow.vendors.polymarket.paging import but_cursor, first_pages
from lakeflow.vendors.polymarket.shapes import COUNT, SHAPES, TEXT
from lakeflow.vendors.polymarket.sorting import Sorting
from lakeflow.vendors.polymarket.sweeps import OK
from lakeflow.vendors.polymarket.terms import Terms

TABLE_OF: dict[type, str] = {
    Sighting: "sightings", Point: "price_points", Trade: "trades", Interest: "open_interest", Resolution: "resolution_events",
    Book: "rest_books", Fill: "fills", Terms: "trading_terms",
}  # fmt: skip
# What comes with each row: when it was observed, of which listing and recorder, how often its page had come, and its place among all rows.
WITH: dict[str, Any] = {
    "ts_observed": COUNT,
    "listing": TEXT,
    "capture_id": TEXT,
    "again": COUNT,
    "nth": COUNT,
}
OF_MARKET, OF_TOKEN = ("condition_id", "ts_observed", "nth"), ("token_id", "ts_observed", "nth")
# The order that rows are looked at in, and by how much of it those that may be one row are together; that much has no null.
ORDER: dict[str, tuple[tuple[str, ...], int]] = {
    "sightings": (OF_MARKET, 2),
    "open_interest": (OF_MARKET, 2),
    "trading_terms": (OF_MARKET, 2),
    "rest_books": (OF_TOKEN, 2),
    "price_points": (("token_id", "ts_event", "resolution_s", "ts_observed", "nth"), 3),
    "fills": (("fill_id", "ts_observed", "nth"), 1),
    "trades": (("ts_event", "ts_observed", "nth"), 1),
    "resolution_events": (OF_MARKET, 1),
}  # fmt: skip


class Found:
    """The rows and faults of the answers that were read so far."""

    def __init__(self, dt: date | None, room: int) -> None:
        each = room // (len(SHAPES) + 1)
        self.unread: set[int] = set()  # answers that are no listing
        self.counts: list[int] = []  # of each answer, the items that are rows
        self.pages: list[Page] = []
        self._dt, self._nth = dt, 0
        self._again: Counter[tuple[Any, ...]] = Counter()
        self._rows = {name: Sorting(*ORDER[name], each) for name in SHAPES}
        self._refused = Sorting(faults.ORDER, len(faults.ORDER), each)

    def close(self) -> None:
        for each in (*self._rows.values(), self._refused):
            each.close()

    def take(self, fetches: pl.DataFrame) -> None:
        """Read some answers."""
        found: dict[str, list[tuple[Any, ...]]] = {table: [] for table in SHAPES}
        refused: dict[str, list[faults.Fault]] = {}
        for asked, got, page in self._answers(fetches):
            items = of_its_day(got.items, asked, self._dt)
            good = [item for item in items if not isinstance(item, faults.Fault)]
            self.counts.append(len(good))
            self.unread |= set() if got.is_listing else {page.row}
            self.pages += [page] if page.status == OK else []
            for item in good:
                found[TABLE_OF[type(item)]].append((*asked, self._nth, *told(item)))
                self._nth += 1
            if bad := [*(item for item in items if isinstance(item, faults.Fault)), *got.beside]:
                refused.setdefault(asked.listing, []).extend(bad)
        for name, rows in found.items():
            self._rows[name].add(pl.DataFrame(rows, schema=WITH | SHAPES[name], orient="row"))
        for listing, each in refused.items():
            self.refuse(each, listing)

    def _answers(self, fetches: pl.DataFrame) -> Iterator[tuple[Asked, Answer, Page]]:
        """Some answers in their order: what was asked, what each holds, and as a page of its listing."""
        places = ("row", "sweep_id", "page_no", "cursor_in", "cursor_out")
        for *place, observed, capture, endpoint, params, status, payload in fetches.select(
            *places, *Fetch._fields
        ).iter_rows():
            at, fetch = Place(*place), Fetch(observed, capture, endpoint, params, status, payload)
            got = answer(fetch)
            listing = f"{capture} {at.sweep}" if at.sweep else f"row {at.row}"
            of = (listing, endpoint, at.number, but_cursor(params))
            yield Asked(observed, listing, capture, self._again[of]), got, page_of(at, fetch, len(got.items))
            self._again[of] += got.is_listing

    def refuse(self, found: Sequence[faults.Fault], listing: str = "") -> None:
        """Take faults; those of a listing that is not published are told by its pages."""
        rows = faults.timed(faults.quarantine(list(found)))
        self._refused.add(rows.with_columns(listing=pl.lit(listing)))

    def published(self, name: str, incomplete: Collection[str]) -> Iterator[pl.DataFrame]:
        """The rows of a table in its order, of listings that are whole; of none, a frame without rows."""
        begun = (
            {f"row {row}": f"row {first}" for row, first in first_pages(self.pages).items()}
            if name == "trades"
            else {}
        )
        yield pl.DataFrame(schema=WITH | SHAPES[name])
        for rows in self._rows[name].rows():
            whole = rows.filter(~pl.col("listing").is_in(sorted(incomplete)))
            yield whole.with_columns(pl.col("listing").replace(begun)) if begun else whole

    def quarantine(self, incomplete: Collection[str]) -> Iterator[pl.DataFrame]:
        """All faults in their order."""
        yield faults.quarantine([])
        for rows in self._refused.rows():
            kept = rows.filter(~pl.col("listing").is_in(sorted(incomplete)))
            yield kept.drop("at", "listing")


def told(item: Row) -> tuple[Any, ...]:
    """The values of an item: of a book its sides as lists, of all others their fields."""
    if not isinstance(item, Book):
        return tuple(item)
    sides = ([level.price for level in item.bids], [level.size for level in item.bids])
    against = ([level.price for level in item.asks], [level.size for level in item.asks])
    return (item.condition_id, item.token_id, item.ts_event, *sides, *against, item.hash_status)
