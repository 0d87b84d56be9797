"""A dull twin of all that is measured of books, flags and all, that the kernel is judged by."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import median_low

import numpy as np
import pytest

from lakeflow.market.anomalies import CLASSES

TICK, UNDEF, S = 25, 2**63 - 1, 10**9
LAST, SNAPSHOT, STRANGE = 128, 32, 32 | 64 | 16
CAUSES = ("trade", "cancel", "add", "modify", "reset")
EMPTY = (UNDEF, 0, 0)


@dataclass
class Rows:
    """Rows of every table as the contracts describe them; halts and price limits come later."""

    bbo: list = field(default_factory=list)
    venue_bbo: list = field(default_factory=list)
    mbp: list = field(default_factory=list)
    depth: list = field(default_factory=list)
    trades: list = field(default_factory=list)
    flow: list = field(default_factory=list)
    ofi: list = field(default_factory=list)
    moves: list = field(default_factory=list)
    anomalies: list = field(default_factory=list)


def flat(levels):
    """Both sides as a table has them: prices, sizes and counts of ten levels, bids first."""
    return [value for side in levels for column in zip(*side, strict=True) for value in column]


class MeasuresTwin:
    """Slow and plain: the state is copied before every event, and looked up from end to end."""

    def __init__(self, book, tick=TICK, largest=None):
        self.book, self.tick, self.books, self.rows = book, tick, {}, Rows()
        self.flags, self.largest, self.last_flags, self.venues = Flags(tick), largest, 0, {}
        self.clock, self.last_price, self.turn = 0, None, 0
        self.last_levels = self.suspect = self.half = self.told_half = None
        self.second, self.minute, self.depths, self.event = None, None, Counter(), None
        self.wrong, self.told_first, self.ended = {}, (0,) * 4, None

    def total(self):
        """Lots and orders at every price, of all publishers together."""
        found = ({}, {})
        for twin in self.books.values():
            for n, side in enumerate("BA"):
                for price, queue in twin.sides[side].levels.items():
                    lots, orders = found[n].get(price, (0, 0))
                    own = sum(r.order_id is not None for r in queue)
                    found[n][price] = (lots + sum(r.size for r in queue), orders + own)
        return found

    def levels(self):
        tops = []
        for n, side in enumerate(self.total()):
            best = [(price, *side[price]) for price in sorted(side, reverse=n == 0)[:10]]
            tops.append(best + [EMPTY] * (10 - len(best)))
        return tops

    def best(self):
        return [
            max(side, default=None) if n == 0 else min(side, default=None)
            for n, side in enumerate(self.total())
        ]

    def band(self, side, price, best):
        if best[side] is None:
            return 0
        away = max(0, (best[side] - price) * (1, -1)[side]) // self.tick
        return next((n for n, end in enumerate((0, 4, 20)) if away <= end), None)

    def banded(self):
        best, depths = self.best(), Counter()
        for n, side in enumerate(self.total()):
            for price, (lots, _) in side.items():
                depths[n, self.band(n, price, best)] += lots
            prices = sorted(side, reverse=n == 0)
            depths["20", n] = sum(side[price][0] for price in prices[:20])
            depths["10t", n] = sum(
                side[price][0] for price in prices if abs(price - prices[0]) <= 10 * self.tick
            )
        return depths

    def apply(self, records):
        for number, r in enumerate(records):
            self.record(number, r)
        return self

    def record(self, number, r):
        self.clock = max(self.clock, int(r["ts_recv"]))
        if self.minute is None or self.clock // (60 * S) != self.minute:
            self.turn_minute()
            self.flags.turn_minute()
        twin = self.books.setdefault(int(r["publisher_id"]), self.book())
        if self.event is None:
            self.event = {"best": self.best(), "depths": self.banded(), "flows": defaultdict(Counter), "moves": Counter(),
                          "fills": [], "trades": [], "reset": False}  # fmt: skip
        before = self.best()
        order, was = int(r["order_id"]), twin.place(int(r["order_id"]))
        was = was and (*was[:2], was[2].size)
        wrong = twin.apply(r)
        now = twin.place(order)
        now = now and (*now[:2], now[2].size)
        for kind in wrong:
            count, first = self.wrong.get(kind, (0, number))
            self.wrong[kind] = (count + 1, first)
        self.flags.record(r, wrong)
        cause = self.note(number, r, was, now, wrong)
        self.move(before, cause)
        if r["flags"] & LAST:
            self.end(number, r)
            self.venue(number, r, twin)

    def venue(self, number, r, twin):
        """The best of one publisher, where it is news."""
        told = *(value for side in twin.quotes(1) for value in side[0]), twin.suspect
        if self.venues.get(int(r["publisher_id"])) != told:
            self.venues[int(r["publisher_id"])] = told
            self.rows.venue_bbo.append((number, int(r["publisher_id"]), *times_of(r), *told))

    def note(self, number, r, was, now, wrong):
        """What a record brings about besides its change of the book; says what it may move the mid by."""
        action, venue, flags = r["action"].decode(), int(r["publisher_id"]), int(r["flags"])
        if (
            action == "R"
            or "implicit_clear" in wrong
            or (action in "ACM" and flags & SNAPSHOT and r["side"] in (b"A", b"B"))
        ):
            self.event["reset"] = True
        if action == "T":
            self.event["trades"].append(self.trade(number, r))
        elif action == "F":
            for trade in reversed(self.event["trades"]):
                if (trade[3], trade[12]) == (int(r["price"]), venue) and trade[5] != {"A": 0, "B": 1}.get(
                    r["side"].decode()
                ):
                    trade[8] += int(r["size"])
                    trade[9] += 1
                    break
            if "unknown_fill" not in wrong:
                self.event["fills"].append([venue, int(r["order_id"]), int(r["size"])])
        if action not in "ACM" or flags & STRANGE:
            return "reset"
        return self.flow(action, venue, int(r["order_id"]), was, now, "duplicate_add" in wrong)

    def flow(self, action, venue, order, was, now, again):
        cause = {"A": "add", "C": "cancel", "M": "modify"}[action]
        altered = action == "M"
        if was and now and was[:2] == now[:2] and not again:
            if now[2] > was[2]:
                self.come(now[0], now[1], now[2] - was[2], altered)
            gone, came, may_fill = max(0, was[2] - now[2]), 0, True
        else:
            gone, came, may_fill = (was[2] if was else 0), (now[2] if now else 0), not now
        filled = self.use(venue, order, gone) if may_fill else 0
        if gone:
            at = self.event["flows"][
                "BA".index(was[0]), self.band("BA".index(was[0]), was[1], self.event["best"])
            ]
            for what, lots in (("fill", filled), ("cancel", gone - filled), ("modified", gone * altered)):
                at[what] += lots
                at[what + "s"] += bool(lots)
        if came:
            self.come(now[0], now[1], came, altered)
        return "trade" if filled and action == "C" else cause

    def come(self, side, price, lots, altered):
        n = "BA".index(side)
        at = self.event["flows"][n, self.band(n, price, self.event["best"])]
        at.update({"add": lots, "adds": 1, "modified": lots * altered, "modifieds": int(altered)})

    def use(self, venue, order, lots):
        left = lots
        for fill in self.event["fills"]:
            if fill[:2] == [venue, order]:
                used = min(left, fill[2])
                fill[2] -= used
                left -= used
        return lots - left

    def trade(self, number, r):
        price, side = int(r["price"]), r["side"].decode()
        if price != UNDEF:
            if self.last_price is not None and price != self.last_price:
                self.turn = 1 if price > self.last_price else -1
            self.last_price = price
        bid, ask = self.event["best"]
        sign, method = {"B": (1, 0), "A": (-1, 0)}.get(side, (0, 3))
        if side not in "AB" and price != UNDEF:
            known = None not in (bid, ask) and max(abs(bid), abs(ask), abs(price)) < 2**61
            above = 2 * price - bid - ask if known else 0
            sign, method = ((above > 0) - (above < 0), 1) if above else (self.turn, 2 if self.turn else 3)
        return [number, *times_of(r), price, int(r["size"]), {"A": 0, "B": 1}.get(side, 2), sign, method,
                0, 0, int(np.uint64(r["order_id"]).view(np.int64)), int(r["sequence"]), int(r["publisher_id"]),
                self.clock // S * S]  # fmt: skip

    def move(self, before, cause):
        after = self.best()
        if None in after:
            return
        half = sum(price // self.tick for price in after)
        if self.half is not None and half != self.half:
            self.event["moves"][cause if None not in before else "reset"] += half - self.half
        self.half = half

    def end(self, number, r):
        event, second = self.event, self.clock // S
        if self.second is None or second > self.second["second"]:
            self.close(event["depths"])
            self.second = {"second": second, "start": self.depths, "flows": defaultdict(Counter), "ofi": [0] * 10,
                           "sizes": [0] * 10, "events": 0, "wait": 0, "dirty": False}  # fmt: skip
        levels, suspect = self.levels(), any(twin.suspect for twin in self.books.values())
        flags = self.flags.end(r, self.clock, levels, suspect=suspect)
        last = self.last_levels or [[EMPTY] * 10] * 2
        times = (number, *times_of(r))
        if [side[0] for side in levels] != [side[0] for side in last] or suspect != self.suspect:
            best = (value for side in levels for value in side[0])
            self.rows.bbo.append((*times, *best, second * S, suspect, flags))
        if levels != last or suspect != self.suspect:
            self.second["dirty"], self.last_flags = True, flags
            self.rows.mbp.append((*times, *flat(levels), suspect, flags))
        self.imbalance(last, levels, reset=event["reset"])
        self.last_levels, self.suspect = levels, suspect
        self.second["events"] += 1
        self.second["wait"] = max(self.second["wait"], self.clock - (self.ended or self.clock))
        self.ended = self.clock
        self.second["row"] = times[:2]
        for key, flows in event["flows"].items():
            self.second["flows"][key].update(flows)
        self.tell_trades(suspect, flags)
        moves = [event["moves"][cause] for cause in CAUSES]
        had, whole = self.told_half is not None, None not in self.best()
        self.half = self.told_half = self.half if whole else self.told_half
        if any(moves) and had and whole:
            self.rows.moves.append((*times, sum(moves), *moves, second * S))
        self.event = None

    def tell_trades(self, suspect, flags):
        for trade in self.event["trades"]:
            large = 1 << 7 if self.largest is not None and trade[4] > self.largest else 0
            shown = state_flags(*(side[0][0] for side in self.last_levels or [[EMPTY]] * 2))
            self.rows.trades.append((*trade, suspect, flags | shown | large))

    def imbalance(self, last, levels, *, reset):
        for m in range(10):
            (pb, qb, _), (pa, qa, _) = (side[m] for side in last)
            (nb, sb, _), (na, sa, _) = (side[m] for side in levels)
            pb, nb = (-(2**64) if price == UNDEF else price for price in (pb, nb))
            bids = sb * (nb >= pb) - qb * (nb <= pb)
            asks = sa * (na <= pa) - qa * (na >= pa)
            self.second["ofi"][m] += 0 if reset else bids - asks
            self.second["sizes"][m] += sb + sa

    def close(self, depths):
        """Write down the second under way, with the depths that it ended with."""
        if self.second is None:
            return
        start = self.second["second"] * S
        for n in range(2):
            for band in range(3):
                f, begin, stop = self.second["flows"][n, band], self.second["start"][n, band], depths[n, band]
                shift = stop - begin - f["add"] + f["cancel"] + f["fill"]
                self.rows.flow.append((start, n, band, begin, stop, f["add"], f["cancel"], f["fill"], shift, f["modified"],
                                       f["adds"], f["cancels"], f["fills"], f["modifieds"]))  # fmt: skip
        self.rows.ofi.append(
            (
                start,
                self.second["events"],
                self.second["wait"],
                *self.flags.known,
                *self.second["ofi"],
                *self.second["sizes"],
            )
        )
        first = tuple(depths[reach, n] for reach in ("20", "10t") for n in (0, 1))
        if self.second["dirty"] or first != self.told_first:
            self.rows.depth.append(
                (start, *self.second["row"], *flat(self.last_levels), *first, self.suspect, self.last_flags)
            )
            self.told_first = first
        self.flags.second(*(side[0][0] for side in self.last_levels))
        self.depths = depths

    def turn_minute(self):
        for kind in sorted(self.wrong, key=CLASSES.index):
            self.rows.anomalies.append((self.minute * 60 * S, CLASSES.index(kind), *self.wrong[kind]))
        self.minute, self.wrong = self.clock // (60 * S), {}

    def finish(self):
        if self.event is not None:
            self.tell_trades(bool(self.suspect), self.last_flags)
        if self.flags.jump:
            self.flags.settle(0)
        self.close(self.banded() if self.event is None else self.event["depths"])
        self.turn_minute()
        return self.rows


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


@pytest.fixture(scope="session")
def measures_twin():
    return MeasuresTwin
