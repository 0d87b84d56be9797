"""Seconds and minutes that are over, written down: six flows, the order flow imbalance, the levels, what was wrong."""

import numpy as np

from lakeflow.market.anomalies import CLASSES
from lakeflow.market.bands import BANDS
from lakeflow.market.compiled import piece, rare
from lakeflow.market.machine import FOUR, ONE, THREE, TWO, ZERO
from lakeflow.market.meter import (
    CAME,
    CHANGES,
    CLOCK,
    DIRTY,
    EVENTS,
    FILLED,
    FIRST,
    FIRST_TOLD,
    FLOW,
    JUMP_BITS,
    LAST_FLAGS,
    LAST_RECEIVED,
    LAST_ROW,
    LEVELS,
    MINUTE_ENDS,
    NEVER,
    ORPHANS,
    SECOND,
    SECOND_ENDS,
    SIDE,
    SPIKED,
    START,
    STAYED,
    TAKEN,
    TOLD_SUSPECT,
    WAITED,
    WAS_ORPHANED,
    WENT,
)
from lakeflow.market.quality import SECOND_NS, note_state
from lakeflow.market.sheets import (
    ANOMALIES,
    DEPTH,
    OFI,
    copy_columns,
    next_row,
    write_event,
    write_four,
    write_levels,
    write_state,
)
from lakeflow.market.sheets import FLOW as FLOW_SHEET

MINUTE_NS = np.int64(60 * 10**9)
KINDS = np.uint64(len(CLASSES))


@piece
def open_second(gauge):
    """Begin the second of the clock; it starts with the depths that the one before ended with."""
    gauge.now[SECOND] = gauge.now[CLOCK] // SECOND_NS * SECOND_NS
    gauge.now[SECOND_ENDS] = gauge.now[SECOND] + SECOND_NS
    gauge.now[JUMP_BITS] = 0


@rare
def close_second(gauge, flows, paper):
    """Write down a second; its depths are those of `bands`, and they begin the next one."""
    write_flows(gauge, flows, paper)
    for n in range(LEVELS):
        both = gauge.shown[LEVELS + n] + gauge.shown[SIDE + LEVELS + n]
        gauge.ofi[LEVELS + n] += both * gauge.now[EVENTS]
    row, room = next_row(paper, OFI)
    paper.ofi[row] = gauge.now[SECOND]
    paper.ofi[row + room] = gauge.now[EVENTS]
    to = copy_columns(paper.ofi, row + TWO * room, room, gauge.now, WAITED, FOUR)
    copy_columns(paper.ofi, to, room, gauge.ofi, ZERO, TWO * LEVELS)
    for n in range(TWO * LEVELS):
        gauge.ofi[n] = 0
    if gauge.now[DIRTY] != 0 or has_changed_behind(gauge):
        write_depth(gauge, paper)
    note_state(gauge)
    gauge.now[EVENTS], gauge.now[DIRTY], gauge.now[WAITED] = 0, 0, 0
    gauge.now[SECOND] = gauge.now[TAKEN] = gauge.now[SPIKED] = gauge.now[STAYED] = NEVER


@piece
def write_flows(gauge, flows, paper):
    """Six rows: what is left of the change of a depth when all that came and went is counted is its shift."""
    for band in range(TWO * BANDS):
        row, room = next_row(paper, FLOW_SHEET)
        at, ends = band * FLOW, gauge.bands[band]
        write_event(paper.flow, row, room, gauge.now[SECOND], np.int64(band // BANDS), np.int64(band % BANDS))
        to, starts = row + THREE * room, flows[at + START]
        paper.flow[to] = starts
        paper.flow[to + room] = ends
        to = copy_columns(paper.flow, to + TWO * room, room, flows, at + CAME, FILLED)
        paper.flow[to] = ends - starts - flows[at + CAME] + flows[at + WENT] + flows[at + FILLED]
        copy_columns(paper.flow, to + room, room, flows, at + FILLED + ONE, FLOW - FILLED - TWO)
        for n in range(FLOW):
            gauge.flows[at + n] -= flows[at + n]
        gauge.flows[at + START] = ends


@piece
def has_changed_behind(gauge):
    """Whether a sum of lots is another than was told, though none of the levels that are shown has changed."""
    changed = np.int64(0)
    for n in range(FOUR):
        changed |= gauge.bands[FIRST + n] ^ gauge.bands[FIRST_TOLD + n]
    return changed != 0


@piece
def write_depth(gauge, paper):
    row, room = next_row(paper, DEPTH)
    write_event(paper.depth, row, room, gauge.now[SECOND], gauge.now[LAST_ROW], gauge.now[LAST_RECEIVED])
    at = write_levels(paper.depth, row, room, gauge.shown, ONE)
    at = copy_columns(paper.depth, at, room, gauge.bands, FIRST, FOUR)
    for n in range(FOUR):
        gauge.bands[FIRST_TOLD + n] = gauge.bands[FIRST + n]
    write_state(paper.depth, at, room, gauge.now[TOLD_SUSPECT], gauge.now[LAST_FLAGS])


@piece
def note_wrong(gauge, wrong, row):
    """Count the classes of what was wrong with a record."""
    for kind in range(KINDS):
        if (wrong >> kind) & ONE != ZERO:
            if gauge.wrong[kind] == 0:
                gauge.wrong[KINDS + kind] = row
            gauge.wrong[kind] += 1


@rare
def turn_minute(gauge, paper):
    """Write down what was wrong in a minute, and begin the minute of the clock."""
    for kind in range(KINDS):
        if gauge.wrong[kind] != 0:
            row, room = next_row(paper, ANOMALIES)
            began = gauge.now[MINUTE_ENDS] - MINUTE_NS
            count, first = gauge.wrong[kind], gauge.wrong[KINDS + kind]
            write_four(paper.anomalies, row, room, began, np.int64(kind), count, first)
            gauge.wrong[kind] = 0
    gauge.now[WAS_ORPHANED] = np.int64(gauge.now[ORPHANS] * 1000 > gauge.now[CHANGES])
    gauge.now[ORPHANS], gauge.now[CHANGES] = 0, 0
    gauge.now[MINUTE_ENDS] = gauge.now[CLOCK] // MINUTE_NS * MINUTE_NS + MINUTE_NS
