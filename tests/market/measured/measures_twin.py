"""A dull twin of all that is measured of books, flags and all: it copies the state before every event."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from lakeflow.market.anomalies import CLASSES
from tests.market.measured.event_twin import EventTwin, Tape
from tests.market.measured.flags_twin import Flags, state_flags, times_of
from tests.market.measured.total_twin import Total

TICK, UNDEF, S = 25, 2**63 - 1, 10**9
LAST = 128
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
        self.book, self.tick, self.rows = book, tick, Rows()
        self.books = Total(tick)
        self.flags, self.largest, self.last_flags, self.venues = Flags(tick), largest, 0, {}
        self.clock, self.tape = 0, Tape()
        self.last_levels = self.suspect = self.half = self.told_half = None
        self.second, self.minute, self.depths, self.event = None, None, Counter(), None
        self.wrong, self.told_first, self.ended = {}, (0,) * 4, None

    def apply(self, records):
        for number, r in enumerate(records):
            self.record(number, r)
        return self

    def record(self, number, r):
        self.clock = max(self.clock, int(r["ts_recv"]))
        if self.minute is None or self.clock // (60 * S) != self.minute:
            self.turn_minute()
            self.flags.turn_minute()
        twin = self.books.venues.setdefault(int(r["publisher_id"]), self.book())
        if self.event is None:
            self.event = EventTwin(self.books.best(), self.books.banded(), self.tick, self.tape)
        before = self.books.best()
        order, was = int(r["order_id"]), twin.place(int(r["order_id"]))
        was = was and (*was[:2], was[2].size)
        wrong = twin.apply(r)
        now = twin.place(order)
        now = now and (*now[:2], now[2].size)
        for kind in wrong:
            count, first = self.wrong.get(kind, (0, number))
            self.wrong[kind] = (count + 1, first)
        self.flags.record(r, wrong)
        cause = self.event.note(number, r, was, now, wrong, self.clock)
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

    def move(self, before, cause):
        after = self.books.best()
        if None in after:
            return
        half = sum(price // self.tick for price in after)
        if self.half is not None and half != self.half:
            self.event.moves[cause if None not in before else "reset"] += half - self.half
        self.half = half

    def end(self, number, r):
        event, second = self.event, self.clock // S
        if self.second is None or second > self.second["second"]:
            self.close(event.depths)
            self.second = {"second": second, "start": self.depths, "flows": defaultdict(Counter), "ofi": [0] * 10,
                           "sizes": [0] * 10, "events": 0, "wait": 0, "dirty": False}  # fmt: skip
        levels, suspect = self.books.levels(), any(twin.suspect for twin in self.books.venues.values())
        flags = self.flags.end(r, self.clock, levels, suspect=suspect)
        last = self.last_levels or [[EMPTY] * 10] * 2
        times = (number, *times_of(r))
        if [side[0] for side in levels] != [side[0] for side in last] or suspect != self.suspect:
            best = (value for side in levels for value in side[0])
            self.rows.bbo.append((*times, *best, second * S, suspect, flags))
        if levels != last or suspect != self.suspect:
            self.second["dirty"], self.last_flags = True, flags
            self.rows.mbp.append((*times, *flat(levels), suspect, flags))
        self.imbalance(last, levels, reset=event.reset)
        self.last_levels, self.suspect = levels, suspect
        self.second["events"] += 1
        self.second["wait"] = max(self.second["wait"], self.clock - (self.ended or self.clock))
        self.ended = self.clock
        self.second["row"] = times[:2]
        for key, flows in event.flows.items():
            self.second["flows"][key].update(flows)
        self.tell_trades(suspect, flags)
        moves = [event.moves[cause] for cause in CAUSES]
        had, whole = self.told_half is not None, None not in self.books.best()
        self.half = self.told_half = self.half if whole else self.told_half
        if any(moves) and had and whole:
            self.rows.moves.append((*times, sum(moves), *moves, second * S))
        self.event = None

    def tell_trades(self, suspect, flags):
        for trade in self.event.trades:
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
        self.close(self.books.banded() if self.event is None else self.event.depths)
        self.turn_minute()
        return self.rows
