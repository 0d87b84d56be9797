"""A dull twin of the flags that remember something, each worked out from all that has been so far."""

from collections import Counter
from statistics import median_low

import numpy as np

TICK, UNDEF, S = 25, 2**63 - 1, 10**9


LAST, SNAPSHOT, STRANGE = 128, 32, 32 | 64 | 16


EMPTY = (UNDEF, 0, 0)


def times_of(r):
    """Receipt and event, the latter -1 where it is not told."""
    return int(r["ts_recv"]), int(np.uint64(r["ts_event"]).view(np.int64))


def state_flags(bid, ask):
    """One-sided, crossed or locked, as the best prices show by themselves."""
    if UNDEF in (bid, ask):
        return 1 << 9
    return (bid > ask) << 0 | (bid == ask) << 2


class Flags:
    """The flags of section 6 that remember something, each worked out from all that has been so far."""

    def __init__(self, tick):
        self.tick, self.mids, self.spreads = tick, [], []
        self.crossed_since = self.jump = None
        self.settles, self.second_flags, self.known = -1, 0, [-1] * 3
        self.latest, self.event, self.touch = {}, Counter(), (EMPTY, EMPTY)
        self.minute, self.was_orphaned = Counter(), False

    def turn_minute(self):
        self.was_orphaned = self.minute["orphans"] > self.minute["changes"] / 1000
        self.minute = Counter()

    def record(self, r, wrong):
        venue, happened = int(r["publisher_id"]), times_of(r)[1]
        self.minute["changes"] += r["action"] in (b"C", b"M")
        self.minute["orphans"] += bool(wrong & {"unknown_cancel", "unknown_modify"})
        self.event["bad_clock"] += bool(r["flags"] & 8)
        self.event["snapshot"] += bool(r["flags"] & SNAPSHOT)
        if not r["flags"] & SNAPSHOT and happened >= 0:
            self.event["backwards"] += happened < self.latest.get(venue, 0) - 1_000_000
            self.latest[venue] = happened

    def second(self, bid, ask):
        """What a second leaves behind when it is over."""
        self.second_flags, self.known = 0, [-1] * 3
        if UNDEF not in (bid, ask):
            self.mids.append(bid // self.tick + ask // self.tick)
            self.spreads.append(max(0, ask - bid) // self.tick)

    def end(self, r, clock, levels, *, suspect):
        event, self.event = self.event, Counter()
        bid, ask = (side[0][0] for side in levels)
        whole = UNDEF not in (bid, ask)
        if self.jump and clock >= self.jump["at"] + 2 * S:
            self.settle(clock // S * S)
        touch = levels[0][0], levels[1][0]
        if touch != self.touch and whole:
            self.watch(clock, bid // self.tick + ask // self.tick)
        self.touch = touch
        if not (whole and bid > ask):
            self.crossed_since = None
        elif self.crossed_since is None:
            self.crossed_since = clock
        if event["snapshot"]:
            self.settles, self.known[0] = clock + 5 * S, clock
        received, happened = times_of(r)
        usual = max(1, median_low(self.spreads[-60:])) if self.spreads else 1
        orphaned = self.minute["orphans"] > self.minute["changes"] / 1000
        bits = {
            1: self.crossed_since is not None and clock - self.crossed_since > S,
            3: whole and ask - bid > 10 * usual * self.tick,
            8: not event["snapshot"] and happened >= 0 and received - happened > 5 * S,
            10: suspect or self.was_orphaned or orphaned,
            11: event["backwards"] > 0,
            12: event["bad_clock"] > 0,
            22: clock < self.settles,
        }
        return self.second_flags | sum(1 << bit for bit, is_set in bits.items() if is_set)

    def settle(self, second):
        """Two seconds after a jump it is known what became of it; the flag is that second's alone."""
        known, gone = self.jump["at"] + 2 * S, self.jump["back"]
        self.known[1 if gone else 2] = known
        if known >= second:
            self.second_flags |= 1 << 4 if gone else 1 << 5
        self.jump = None

    def watch(self, clock, mid):
        """A mid that is not where mids were, or whether four fifths of that are gone."""
        if self.jump:
            went = self.jump["mid"] - self.jump["base"]
            gone = (self.jump["mid"] - mid) * (1 if went > 0 else -1)
            self.jump["back"] |= gone * 5 >= abs(went) * 4
        elif len(self.mids) >= 10:
            base = median_low(self.mids[-60:])
            mad = min(2**45, median_low([abs(each - base) for each in self.mids[-60:]]))
            if abs(mid - base) * 10_000 > 10 * max(14_826 * mad, 40_000):
                self.jump = {"at": clock, "mid": mid, "base": base, "back": False}
