"""The venue's word on trading, minute by minute: open, closed, halted, about to open."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from lakeflow.simulate.clock import MINUTE, changes
from lakeflow.simulate.contracts import Instrument, nanoseconds
from lakeflow.simulate.schedule import BEFORE_OPEN, HALT
from lakeflow.simulate.wire import Records, filled
from lakeflow.vendors.databento.layouts import Layout

PRE_OPEN, TRADING, HALTED, CLOSED = 1, 7, 8, 12
SCHEDULED, MARKET_EVENT = 1, 3  # the reasons of a change


class Change(NamedTuple):
    """From when on which status holds."""

    moment: int
    action: int


def statuses(
    instruments: tuple[Instrument, ...], day: date, layout: Layout, hazards: Iterable[str] = ()
) -> Records:
    """The status of every instrument at midnight, and each change."""
    rows = [
        {
            "instrument_id": each.instrument_id,
            "ts_event": change.moment,
            "ts_recv": change.moment + (90_000 if n else 0),
            "action": change.action,
            "reason": MARKET_EVENT if change.action == HALTED else SCHEDULED,
            "is_trading": "Y" if change.action == TRADING else "N",
            "is_quoting": "Y" if change.action in {TRADING, PRE_OPEN} else "N",
            "is_short_sell_restricted": "~",
        }
        for n, change in enumerate(phases(day, changes(day), frozenset(hazards)))
        for each in instruments
    ]
    return filled(layout, rows)


def phases(day: date, opens: list[tuple[int, bool]], hazards: frozenset[str]) -> list[Change]:
    """The changes of a day in their order: those of its hours, and what its hazards add."""
    found = [Change(moment, TRADING if is_open else CLOSED) for moment, is_open in opens]
    if "preopen" in hazards:
        later = [each for each in found[1:] if each.action == TRADING]
        found += [Change(each.moment - BEFORE_OPEN * MINUTE, PRE_OPEN) for each in later]
    if "halt" in hazards and any(is_open for _, is_open in opens):
        start = nanoseconds(day) + HALT[0] * MINUTE
        found += [Change(start, HALTED), Change(start + HALT[1] * MINUTE, TRADING)]
    return sorted(found)
