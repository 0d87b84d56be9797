"""A day's answers as silver tables, some answers at a time: each item in one of them or in quarantine, and a ledger of what was asked."""

from collections.abc import Collection, Iterator
from contextlib import closing
from datetime import date

import polars as pl

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.answers import Fetch, answer
from lakeflow.vendors.polymarket.found import Found
from lakeflow.vendors.polymarket.leaving_out import left_out
from lakeflow.vendors.polymarket.once import fills, once
from lakeflow.vendors.polymarket.shapes import SHAPES
from lakeflow.vendors.polymarket.sorting import ROOM
from lakeflow.vendors.polymarket.sweeps import begun_before, ledger, unfinished
from lakeflow.vendors.polymarket.texts import TEXTS, asked_of, with_texts

Tables = dict[str, pl.DataFrame]


def parsed(
    fetches: pl.LazyFrame,
    exchanges: Collection[str] = (),
    earlier: pl.LazyFrame | None = None,
    dt: date | None = None,
    room: int = ROOM,
) -> Iterator[Tables]:
    """The tables of a day. A sweep that lacks a page publishes nothing: what was known before stays known.

    One that went on past midnight is of the day of its last page; `earlier` has the answers of the day before.
    """
    own = asked_of(fetches)
    begun = own.clear() if earlier is None else begun_before(own, asked_of(earlier))
    every = pl.concat([begun, own])
    with closing(Found(dt, room)) as found:
        if earlier is not None:
            for part in with_texts(begun, earlier, min(room, TEXTS)):
                found.take(part)
        for part in with_texts(own, fetches, min(room, TEXTS)):
            found.take(part)
        incomplete, cut = unfinished(every, found.unread), left_out(found.pages)
        for name in SHAPES:
            rows = found.published(name, incomplete)
            told = fills(rows, exchanges, room) if name == "fills" else once(name, rows)
            for table, faulty in told:
                found.refuse(faulty)
                yield {name: table}
        yield {"fetch_ledger": ledger(own, incomplete, found.unread, found.counts[begun.height :], cut)}
        pages = lost_pages(own, incomplete)
        for part in with_texts(pages, fetches, min(room, TEXTS)):
            found.refuse(list(lost(part, found.unread)))
        yield from ({"quarantine": rows} for rows in found.quarantine(incomplete))


def nothing_told(fetches: pl.DataFrame) -> Tables:
    """Every table without a row: what another venue begins with, which tells some of them."""
    return {name: rows for tables in parsed(fetches.clear().lazy()) for name, rows in tables.items()}


def lost_pages(asked: pl.DataFrame, incomplete: frozenset[str]) -> pl.DataFrame:
    """The pages of sweeps that are not all there."""
    name = pl.concat_str("capture_id", pl.lit(" "), "sweep_id")
    return asked.filter(pl.col("sweep_id") != "", name.is_in(sorted(incomplete)))


def lost(pages: pl.DataFrame, unread: Collection[int]) -> Iterator[faults.Fault]:
    """Each of these pages as a fault; the one that is no listing says itself what it is."""
    for *given, sweep, row in pages.select(*Fetch._fields, "sweep_id", "row").iter_rows():
        fetch = Fetch(*given)
        is_garbled = row in unread and fetch.status == 200
        said = answer(fetch).items if is_garbled else [whole(fetch, f"{fetch.capture} {sweep}")]
        yield from (each for each in said if isinstance(each, faults.Fault))


def whole(fetch: Fetch, sweep: str) -> faults.Fault:
    """A page of a sweep that is not all there."""
    detail, where = f"a page of {sweep} is missing", f"{fetch.endpoint} {fetch.params}"
    told = (fetch.observed, fetch.capture, where, fetch.payload)
    return faults.Fault("answers", faults.INCOMPLETE_SWEEP, detail, *told)
