"""A second that is over, told as rows: six flows, the imbalance, and the levels if they have changed."""

from lakeflow.simulate.compiled import piece
from lakeflow.simulate.plain import Longs, Number
from lakeflow.simulate.truth.desk import DEPTH, FLOW, NEVER, OFI, Desk, Told


@piece
def end_second(desk: Desk, told: Told) -> None:
    """Six flows, the imbalance and the levels of a second; it ends as the event before this one left it."""
    if desk.second == NEVER:
        return
    for band in range(6):
        tell_flow(desk, band, told)
    tell_imbalance(desk, told)
    for n in range(4):
        desk.is_dirty |= desk.sums[n] != desk.told_sums[n]
    if desk.is_dirty != 0:
        tell_depth(desk, told)
    copy(desk.bands, desk.starts)
    for band in range(6):
        for what in range(8):
            desk.of_second[band, what] = 0
    for n in range(20):
        desk.imbalance[n] = 0
    desk.events, desk.is_dirty, desk.waited, desk.second, desk.taken = 0, 0, 0, NEVER, NEVER


@piece
def tell_flow(desk: Desk, band: Number, told: Told) -> None:
    line, flows = told.flow[told.used[FLOW]], desk.of_second[band]
    told.used[FLOW] += 1
    starts, ends = desk.starts[band], desk.bands[band]
    line[0], line[1], line[2], line[3], line[4] = desk.second, band // 3, band % 3, starts, ends
    line[5], line[6], line[7] = flows[0], flows[1], flows[2]
    line[8] = ends - starts - flows[0] + flows[1] + flows[2]
    for n in range(3, 8):
        line[6 + n] = flows[n]


@piece
def tell_imbalance(desk: Desk, told: Told) -> None:
    line = told.ofi[told.used[OFI]]
    told.used[OFI] += 1
    line[0], line[1], line[2], line[3] = desk.second, desk.events, desk.waited, desk.taken
    for n in range(20):
        line[4 + n] = desk.imbalance[n]


@piece
def tell_depth(desk: Desk, told: Told) -> None:
    line = told.depth[told.used[DEPTH]]
    told.used[DEPTH] += 1
    line[0], line[1], line[2] = desk.second, desk.last_row, desk.last_received
    for n in range(60):
        line[3 + n] = desk.shown[n]
    for n in range(4):
        line[63 + n] = desk.sums[n]
    line[67] = desk.told_suspect
    copy(desk.sums, desk.told_sums)


@piece
def copy(one: Longs, other: Longs) -> None:
    for n in range(len(one)):
        other[n] = one[n]
