"""Another venue's answers as tables: its own reader says what an item means; each row is there once, in order, or in quarantine."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.answers import Fetch, held, loaded, unread
from lakeflow.vendors.polymarket.found import ORDER, WITH
from lakeflow.vendors.polymarket.needed import Refused
from lakeflow.vendors.polymarket.once import ONCE, once
from lakeflow.vendors.polymarket.parsed import Tables, nothing_told
from lakeflow.vendors.polymarket.shapes import COUNT, COUNTS, SHAPES, TEXTS, TRUTH

Values = Mapping[str, Any]
Listed = Callable[[Any], list[Any]]
Told = Callable[[Any, int], Iterable[tuple[str, Values]]]
LONGEST = 2**63
ALWAYS_SAID = frozenset({
    "condition_id", "market_id", "rules_sha256", "has_source", "tags", "event_ids", "parent_event_ids", "neg_risk", "not_understood",
})  # fmt: skip
MAY_LACK: Mapping[str, frozenset[str]] = {
    "sightings": frozenset(SHAPES["sightings"]) - ALWAYS_SAID, "trades": frozenset({"maker_count"}),
    "resolution_events": frozenset({"payouts", "proposed", "ts_event", "token_ids", "transaction"}), "rest_books": frozenset({"ts_event"}),
    "trading_terms": frozenset({"least_size"}),
}  # fmt: skip
STANDS = "ts_stands_until"
ASKED = ("ts_observed", "capture_id", "endpoint", "params", "http_status", "payload")  # as Fetch has them


class Item(NamedTuple):
    """What one item of an answer says: rows, each with the name of its table."""

    fetch: Fetch
    listing: str
    rows: list[tuple[str, Values]]


def tables(fetches: pl.DataFrame, listed: Listed, told: Told) -> Tables:
    """The tables of a day's answers; those of which nothing is told are empty.

    `listed` finds the items of a body; `told` says the rows of an item that was observed at so many nanoseconds. An answer or
    an item that they cannot read is in quarantine, and so is what is said otherwise of one thing at one instant.
    """
    made, found = nothing_told(fetches), list(items(fetches, listed, told))
    refused = [each for each in found if isinstance(each, faults.Fault)]
    read = [each for each in found if isinstance(each, Item)]
    for name in ONCE:
        for table, faulty in once(name, [framed(name, read)]):
            # What wipes the books of one venue is nothing to another's.
            made[name] = table.with_columns(
                pl.lit(None).cast(made[name].schema[each]).alias(each)
                for each in table.columns
                if each == STANDS
            )
            refused += faulty
    return made | {"quarantine": faults.quarantine(refused)}


def items(fetches: pl.DataFrame, listed: Listed, told: Told) -> Iterator[Item | faults.Fault]:
    """Every item of every answer, as rows or as the fault that it is; an answer that is no listing is one fault."""
    observed = pl.col("ts_observed").dt.epoch("ns")
    for place, given in enumerate(fetches.with_columns(observed).select(ASKED).iter_rows()):
        fetch, listing = Fetch(*given), f"row {place}"
        body, broken = loaded(fetch)
        kind: Any = ("items", listed, reader(told, fetch, listing))
        got: Any = unread(fetch, "answers", *broken) if broken else held(fetch, kind, body)
        yield from got.items


def reader(told: Told, fetch: Fetch, listing: str) -> Callable[[Any, Any], Item]:
    """How an item of an answer is read."""

    def read(item: Any, _: Any) -> Item:
        rows = list(told(item, fetch.observed))
        for name, row in rows:
            check(name, row)
        return Item(fetch, listing, rows)

    return read


def check(name: str, row: Values) -> None:
    """Refuse a row that its table cannot hold."""
    if name not in ONCE:
        raise Refused(faults.BAD_JSON, f"answers has no table {name}; it has {sorted(ONCE)}")
    shape = SHAPES[name]
    if unknown := sorted(row.keys() - shape.keys()):
        raise Refused(faults.BAD_JSON, f"{name} has no columns {unknown}; it has {sorted(shape)}")
    for column, kind in shape.items():
        value = row.get(column)
        if not (fits(value, kind) if value is not None else column in MAY_LACK.get(name, ())):
            raise Refused(faults.BAD_JSON, f"{name}: expected {kind} in {column}, found {value!r}"[:200])


def fits(value: Any, kind: Any) -> bool:
    """Whether a column of a kind can hold a value."""
    if kind in (TEXTS, COUNTS):
        return isinstance(value, list) and all(fits(each, kind.inner) for each in value)
    if kind == COUNT:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < LONGEST
    return isinstance(value, bool if kind == TRUTH else str)


def framed(name: str, items: Sequence[Item]) -> pl.DataFrame:
    """The rows of a table in the order in which they are looked at, each with its answer."""
    said = ((each, row) for each in items for table, row in each.rows if table == name)
    rows = [
        (each.fetch.observed, each.listing, each.fetch.capture, 0, nth, *map(row.get, SHAPES[name]))
        for nth, (each, row) in enumerate(said)
    ]
    return pl.DataFrame(rows, schema=WITH | SHAPES[name], orient="row").sort(ORDER[name][0])
