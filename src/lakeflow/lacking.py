"""Whether enough of what a read wants is there; in words, why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # inputs asks for this
    from lakeflow.catalog import Read
    from lakeflow.inputs import Look
    from lakeflow.step import StepKey


def lacks(
    read: Read,
    days: Sequence[str],
    wanted: Sequence[tuple[str, str]],
    absent: Mapping[tuple[str, str], Look],
    key: StepKey,
) -> str:
    """Why a read cannot be satisfied; a window may do with `min` of its partitions, and a history begins somewhere.

    A history does not begin anew because yesterday's partition failed.
    """
    first = next((look.why for look in absent.values()), "")
    if read.previous:
        return first if any(look.is_failed for look in absent.values()) else ""
    there = [dt for symbol, dt in wanted if (symbol, dt) not in absent]
    if len(wanted) == 1 and not there and read.min != 0:
        return first
    if lacking := too_few(read, days, there, len(wanted), key):
        return f"{key}: {read.name}: expected {lacking}{first and f': {first}'}"
    return ""


def too_few(read: Read, days: Sequence[str], there: Sequence[str], wanted: int, key: StepKey) -> str:
    """What was expected of a window and what was found, where that is too little; `there` are the dates found."""
    if read.min is not None:
        least = read.min
    elif not days:
        return f"a session with all of its window in the calendar, found none on {key.dt}"
    elif not read.is_of_many:
        least = wanted
    else:
        bare = sorted(set(days) - set(there))
        return f"a symbol of {read.dataset} on {bare[0]}, found none" if bare else ""
    return "" if len(there) >= least else f"at least {least} partitions of {read.dataset}, found {len(there)}"
