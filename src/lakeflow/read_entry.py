"""One entry under `reads` of a stage: which dataset, whose symbol, which days."""

from typing import Any

from lakeflow.catalog import Read
from lakeflow.form import Faults, shown

READ = {"dataset": str, "symbol": str, "map": str, "days": list, "previous": str, "min": int, "late": int}
CHOICES = {
    "symbol": ("same", "parent", "underlying", "children", "chosen", "*"),
    "map": ("session_window",),
    "previous": ("self",),
}
SPANS = ("days", "map", "previous")
MOST_LATE = 7  # a day is made anew with each of them that comes


def read(where: str, name: str, given: Any, faults: Faults) -> Read:
    """The read as far as it can be read; a dataset that cannot be is an empty string, and a fault already."""
    if not faults.is_kind(where, given, (str, dict)):
        return Read(name, "")
    entry = {"dataset": given} if isinstance(given, str) else given
    faults.has(where, entry, "dataset")
    good = faults.chosen(where, faults.known(where, entry, READ), CHOICES)
    if len(found := [word for word in SPANS if word in good]) > 1:
        faults.add(where, f"one of {list(SPANS)}", f"{found}")
    days = offsets(f"{where}: days", good.pop("days"), faults) if "days" in good else None
    previous = good.pop("previous", None) is not None
    made = Read(name=name, dataset=good.pop("dataset", ""), days=days, previous=previous, **good)
    at_least(f"{where}: min", made, faults)
    told_late(f"{where}: late", made, faults)
    return made


def offsets(where: str, given: list[Any], faults: Faults) -> tuple[int, int] | None:
    if len(given) != 2 or not all(type(n) is int for n in given) or given[0] > given[1]:
        faults.add(where, "two offsets [first, last] in sessions, first <= last", shown(given))
        return None
    if given[1] > 0:
        faults.add(where, "no session after the step's own (that is looking ahead)", shown(given))
    return given[0], given[1]


def at_least(where: str, made: Read, faults: Faults) -> None:
    """`min` is a count of partitions that a window can have."""
    if made.min is None:
        return
    most = made.days[1] - made.days[0] + 1 if made.days and not made.is_of_many else None
    if made.min < 0 or (most is not None and made.min > most):
        faults.add(where, f"a count from 0 to {most}" if most else "a count of 0 or more", shown(made.min))
    elif not made.is_window:
        faults.add(
            where, 'a window (days, map, or symbol: children, chosen or "*") that may lack some', "none"
        )


def told_late(where: str, made: Read, faults: Faults) -> None:
    """`late` goes on from the step's own day, of its own symbol, and nobody waits for it."""
    if not 0 <= made.late <= MOST_LATE:
        faults.add(where, f"a count of days from 0 to {MOST_LATE}", shown(made.late))
    can_wait = made.symbol == "same" and made.min is not None and made.days is not None and made.days[1] == 0
    if made.late and not can_wait:
        faults.add(
            where, "a window of the same symbol up to the step's own day, with `min:` (days: [-n, 0])", "none"
        )
