"""Ten million order records shaped like a day of CME ES, from a seed, in a few seconds; imported by book.py beside it."""

import numpy as np
import numpy.typing as npt
from numba import njit

from lakeflow.market.records import MBO

TICK = 250_000_000
TICKS = 65_536
ADD, CANCEL, MODIFY, TRADE, FILL = (ord(letter) for letter in "ACMTF")
BID, ASK, SIDES = 66, 65, (66, 65)
ENDED = 130  # F_LAST and a bit of the publisher, as CME's records have


def flow(records: int, live: int = 4_000, seed: int = 7) -> npt.NDArray[np.void]:
    """Adds 45 %, cancels 42 %, modifies 10 %, the rest trades and fills, around `live` resting orders that never cross."""
    rows = np.zeros(records, MBO)
    rows["length"], rows["rtype"], rows["publisher_id"], rows["instrument_id"] = 14, 160, 1, 42_140_878
    letters = np.zeros((2, records), np.uint8)
    _fill(records, live, seed, rows["order_id"], rows["price"], rows["size"], rows["flags"], letters)
    rows["action"], rows["side"] = letters[0].view("S1"), letters[1].view("S1")
    rows["ts_event"] = 1_767_700_000_000_000_000 + np.arange(records) * 5_000
    rows["ts_recv"] = rows["ts_event"] + 85_000
    rows["sequence"] = np.arange(records)
    return rows


@njit(cache=True)
def _fill(records, live, seed, out_id, out_price, out_size, out_flags, out_letters):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913, PLR0917, PLR0912, PLR0915, C901  a kernel in one loop
    np.random.seed(seed)  # noqa: NPY002  numba has its own generator, seeded in here
    room = live * 4
    tick, size, side = np.zeros(room, np.int64), np.zeros(room, np.int64), np.zeros(room, np.int64)
    ids, place = np.zeros(room, np.int64), np.zeros(room, np.int64)
    before, behind = np.zeros(room, np.int64), np.zeros(room, np.int64)  # on a level; 0 is nobody
    front = np.zeros((2, TICKS), np.int64)
    best = np.array([TICKS // 2, TICKS // 2 + 1])
    slots, free = np.arange(room), np.arange(room)  # slots[:resting] are alive
    resting, last_id, n, opening = 0, 6_413_000_000_000, 0, live
    while n < records:
        kind = np.random.random()
        crowding = 0.06 * min(1.0, max(-1.0, (resting - live) / live))
        action = TRADE
        if opening > 0 or kind < 0.46 - crowding:
            action = ADD
            opening -= 1
        elif kind < 0.89:
            action = CANCEL
        elif kind < 0.985:
            action = MODIFY
        if action == ADD:
            slot = free[room - 1 - resting]
            if slot == 0:
                slot = free[0]
                free[0], free[room - 1 - resting] = 0, slot
            slots[resting], place[slot] = slot, resting
            resting += 1
            last_id += 1 + int(np.random.random() * 9)
            ids[slot], side[slot] = last_id, int(np.random.random() * 2)
            size[slot] = 1 + int(np.random.random() ** 3 * 20)
        elif action == TRADE:
            s = int(np.random.random() * 2)
            slot = front[s, best[s]]
        else:
            slot = slots[int(np.random.random() * resting)]
        s = side[slot]
        gone = size[slot]
        moves = action == ADD
        if action == CANCEL and np.random.random() < 0.15:
            gone = max(1, size[slot] // 2)
        if action == TRADE:
            gone = min(size[slot], 1 + int(np.random.random() * 6))
        if action == MODIFY:
            what = np.random.random()
            if what < 0.4 and size[slot] > 1:
                size[slot] -= 1
            elif what < 0.6:
                size[slot] += 3
            else:
                moves = True
        if action == TRADE:
            for letter, whose in ((TRADE, SIDES[1 - s]), (FILL, SIDES[s])):
                if n < records:
                    out_id[n], out_price[n], out_size[n] = ids[slot], tick[slot] * TICK, gone
                    out_letters[0, n], out_letters[1, n] = letter, whose
                    n += 1
            # CME tells a full fill as a cancel and a partial one as a modify to what is left.
            action = CANCEL if gone == size[slot] else MODIFY
            if action == MODIFY:
                size[slot] -= gone
        leaves = (action == CANCEL and gone == size[slot]) or (action == MODIFY and moves)
        if leaves:
            if before[slot] != 0:
                behind[before[slot]] = behind[slot]
            else:
                front[s, tick[slot]] = behind[slot]
            if behind[slot] != 0:
                before[behind[slot]] = before[slot]
        if action == CANCEL:
            size[slot] -= gone
        if moves:
            chance = np.random.random()
            away = int(chance * chance * 60) - 1
            if np.random.random() < 0.01:
                away = int(np.random.random() * 10_000)
            tick[slot] = min(best[0] - away, best[1] - 1) if s == 0 else max(best[1] + away, best[0] + 1)
            head = front[s, tick[slot]]
            front[s, tick[slot]], behind[slot], before[slot] = slot, head, 0
            if head != 0:
                before[head] = slot
            if (s == 0 and tick[slot] > best[0]) or (s == 1 and tick[slot] < best[1]):
                best[s] = tick[slot]
        while front[0, best[0]] == 0 and best[0] > 0 and resting > 8:
            best[0] -= 1
        while front[1, best[1]] == 0 and best[1] < TICKS - 1 and resting > 8:
            best[1] += 1
        if n < records:
            out_id[n], out_price[n] = ids[slot], tick[slot] * TICK
            out_size[n] = gone if action == CANCEL else size[slot]
            out_flags[n] = ENDED
            out_letters[0, n], out_letters[1, n] = action, SIDES[s]
            n += 1
        if action == CANCEL and leaves:
            resting -= 1
            slots[place[slot]] = slots[resting]
            place[slots[resting]] = place[slot]
            free[room - 1 - resting] = slot
