"""What a project knows better than the calendars shipped: sessions it drops, adds or closes early, with a source."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from lakeflow.calendar_table import CLOSED, Row, Table
from lakeflow.wallclock import instant, read_clock

# Under each key, what an entry must hold and what it may. Drops come first: a dropped session can be added anew.
KEYS: Mapping[str, tuple[set[str], set[str]]] = {
    "drop_sessions": ({"date", "source"}, set()),
    "add_sessions": ({"date", "open", "close", "source"}, {"breaks", "kind", "trade_date"}),
    "early_close": ({"date", "close", "source"}, set()),
}
KINDS = ("half", "regular", "special")


def overlaid(table: Table, overrides: object) -> tuple[Table, list[str]]:
    """The table with the overrides on top and every fault of theirs; what is at fault is left out of the table."""
    words = ", ".join(sorted(KEYS))
    if not isinstance(overrides, Mapping):
        return table, [f"expected a map of {words}, found {overrides!r}"]
    faults = [f"expected one of {words}, found {key}" for key in overrides if key not in KEYS]
    shipped = table.special
    for key in KEYS:
        entries = [] if overrides.get(key) is None else overrides[key]
        if not isinstance(entries, list):
            faults.append(f"{key}: expected a list, found {entries!r}")
            continue
        table, found = applied(table, key, entries)
        faults += found
    changed = {day for day, row in table.special.items() if row != shipped.get(day)}
    return table, faults or list(neighbour_faults(table, changed))


def applied(table: Table, key: str, entries: list[Any]) -> tuple[Table, list[str]]:
    """The table with the entries of one key on top, and their faults."""
    special, faults, seen = dict(table.special), [], set[date]()
    for number, entry in enumerate(entries, start=1):
        found = [f"{key}: entry {number}: {fault}" for fault in shape_faults(key, entry)]
        if not found:
            day = as_date(entry["date"])
            reasons = ["said twice; keep one"] if day in seen else entry_faults(key, table, day, entry)
            found = [f"{key}: {day}: {fault}" for fault in reasons]
            seen.add(day)
            if not found:
                special[day] = row_of(key, table, day, entry)
        faults += found
    return replace(table, special=special), faults


def shape_faults(key: str, entry: object) -> Iterator[str]:
    """What is wrong with an entry whatever the calendar."""
    must, may = KEYS[key]
    if not isinstance(entry, Mapping):
        yield f"expected {', '.join(sorted(must))}, found {entry!r}"
        return
    for name in sorted(must - set(entry)):
        yield f"{name} is missing"
    for name, value in entry.items():
        if name not in must | may:
            yield f"expected {', '.join(sorted(must | may))}, found {name}"
        else:
            yield from value_faults(name, value)


def value_faults(name: str, value: Any) -> Iterator[str]:
    """What is wrong with one value of an entry."""
    try:
        if name in ("date", "trade_date"):
            as_date(value)
        elif name in ("open", "close"):
            read_clock(value)
        elif name == "breaks":
            for clock in [clock for pair in as_pairs(value) for clock in pair]:
                read_clock(clock)
        elif name == "kind" and value not in KINDS:
            yield f"kind: expected one of {', '.join(KINDS)}, found {value!r}"
        elif name == "source" and not (isinstance(value, str) and value.strip()):
            yield f"source: expected who says so, as text, found {value!r}"
    except ValueError as error:
        yield f"{name}: {error}"


def as_date(value: Any) -> date:
    """A date, which YAML gives as one or as text."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"expected a date such as 2026-01-06, found {value!r}") from None


def as_pairs(value: Any) -> tuple[tuple[str, str], ...]:
    """Breaks: a list of [start, end]."""
    pairs = value if isinstance(value, list) else [value]
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise ValueError(f"expected a list of [start, end], found {value!r}")
    return tuple((start, end) for start, end in pairs)


def entry_faults(key: str, table: Table, day: date, entry: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with an entry in this calendar, on its date."""
    if not table.first <= day <= table.last:
        yield f"expected a date from {table.first} to {table.last}, which {table.name} covers"
        return
    row = table.row(day)
    is_open = row is not None and row.kind != CLOSED
    if key == "add_sessions" and is_open:
        yield "there is a session already; drop it as well, to replace it"
    elif key != "add_sessions" and not is_open:
        yield f"there is no session: {row.source if row else f'{day:%A}'}"
    elif key != "drop_sessions":
        old = row if key == "early_close" else None
        yield from time_faults(old, row_of(key, table, day, entry), table, day)


def time_faults(old: Row | None, new: Row, table: Table, day: date) -> Iterator[str]:
    """Times that no clock of the zone shows once, or that stand in the wrong order."""
    try:
        times = [instant(day, clock, table.zone) for clock in (new.open, *sum(new.breaks, ()), new.close)]
        if old and instant(day, old.close, table.zone) <= times[-1]:
            yield f"expected a close before {old.close}, which it is already, found {new.close}"
    except ValueError as error:
        yield str(error)
        return
    if any(later <= earlier for earlier, later in pairwise(times)):
        found = " ".join((new.open, *(f"{start}/{end}" for start, end in new.breaks), new.close))
        yield f"expected an open, breaks and a close one after the other, found {found}"


def row_of(key: str, table: Table, day: date, entry: Mapping[str, Any]) -> Row:
    """The row that an entry puts in the table."""
    source = f"datasets.yaml: {entry['source']}"
    if key == "drop_sessions":
        return Row(CLOSED, "", "", (), None, source)
    if key == "early_close":
        old, close = table.row(day), entry["close"]
        assert old is not None
        breaks = tuple(pair for pair in old.breaks if read_clock(pair[0])[::-1] < read_clock(close)[::-1])
        return old._replace(kind="half", close=close, breaks=breaks, source=source)
    trade_date = as_date(entry["trade_date"]) if "trade_date" in entry else None
    kind, breaks = entry.get("kind", "special"), as_pairs(entry.get("breaks", []))
    return Row(kind, entry["open"], entry["close"], breaks, trade_date, source)


def neighbour_faults(table: Table, changed: set[date]) -> Iterator[str]:
    """Sessions that run into the next one, or clear for a date that has none."""
    dates = dict.fromkeys(table.open_dates())
    for day, later in pairwise(dates):
        row, after = table.row(day), table.row(later)
        if row and after and changed & {day, later} and ends(row, day, table) > opens(after, later, table):
            yield f"{day}: ends at {row.close}, after the session of {later} opens at {after.open}"
    for day, row in table.special.items():
        if row.trade_date and row.trade_date not in dates:
            yield f"{day}: its trade_date {row.trade_date} has no session; drop it and add it with another"


def opens(row: Row, day: date, table: Table) -> datetime:
    return instant(day, row.open, table.zone)


def ends(row: Row, day: date, table: Table) -> datetime:
    return instant(day, row.close, table.zone)
