"""All that is measured of books against a dull twin, for any stream, any chunks; and the oracles worked out by hand."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.market.anomalies import CLASSES
from lakeflow.market.measures import Measures
from lakeflow.market.records import words
from lakeflow.market.sheets import COLUMNS
from lakeflow.market.state import Room

TICK, UNDEF, S = 25, 2**63 - 1, 10**9
LAST, SNAPSHOT, STRANGE = 128, 32, 32 | 64 | 16
CAUSES = ("trade", "cancel", "add", "modify", "reset")
EMPTY = (UNDEF, 0, 0)


@dataclass
class Rows:
    """Rows of every table, without their flags, as the contracts describe them."""

    bbo: list = field(default_factory=list)
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

    def __init__(self, book, tick=TICK):
        self.book, self.tick, self.books, self.rows = book, tick, {}, Rows()
        self.clock, self.last_levels, self.suspect, self.half, self.last_price, self.turn = (
            0,
            None,
            None,
            None,
            None,
            0,
        )
        self.second, self.minute, self.depths, self.event = None, None, Counter(), None
        self.wrong = {}

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
        return depths

    def apply(self, records):
        for number, r in enumerate(records):
            self.record(number, r)
        return self

    def record(self, number, r):
        self.clock = max(self.clock, int(r["ts_recv"]))
        if self.minute is None or self.clock // (60 * S) != self.minute:
            self.turn_minute()
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
        cause = self.note(number, r, was, now, wrong)
        self.move(before, cause)
        if r["flags"] & LAST:
            self.end(number, r)

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
        return [number, int(r["ts_recv"]), int(r["ts_event"]), price, int(r["size"]), {"A": 0, "B": 1}.get(side, 2), sign, method,
                0, 0, int(np.uint64(r["order_id"]).view(np.int64)), int(r["sequence"]), int(r["publisher_id"])]  # fmt: skip

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
                           "sizes": [0] * 10, "events": 0, "dirty": False}  # fmt: skip
        levels, suspect = self.levels(), any(twin.suspect for twin in self.books.values())
        last = self.last_levels or [[EMPTY] * 10] * 2
        times = (number, int(r["ts_recv"]), int(r["ts_event"]))
        if [side[0] for side in levels] != [side[0] for side in last] or suspect != self.suspect:
            self.rows.bbo.append((*times, *(value for side in levels for value in side[0]), suspect))
        self.second["dirty"] |= levels != last or suspect != self.suspect
        self.imbalance(last, levels, reset=event["reset"])
        self.last_levels, self.suspect = levels, suspect
        self.second["events"] += 1
        self.second["row"] = times[:2]
        for key, flows in event["flows"].items():
            self.second["flows"][key].update(flows)
        self.rows.trades += [(*trade, suspect) for trade in event["trades"]]
        moves = [event["moves"][cause] for cause in CAUSES]
        if any(moves):
            self.rows.moves.append((*times, sum(moves), *moves))
        self.event = None

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
        self.rows.ofi.append((start, self.second["events"], *self.second["ofi"], *self.second["sizes"]))
        if self.second["dirty"]:
            self.rows.depth.append((start, *self.second["row"], *flat(self.last_levels), self.suspect))
        self.depths = depths

    def turn_minute(self):
        for kind in sorted(self.wrong, key=CLASSES.index):
            self.rows.anomalies.append((self.minute * 60 * S, CLASSES.index(kind), *self.wrong[kind]))
        self.minute, self.wrong = self.clock // (60 * S), {}

    def finish(self):
        if self.event is not None:
            self.rows.trades += [(*trade, bool(self.suspect)) for trade in self.event["trades"]]
        self.close(self.banded() if self.event is None else self.event["depths"])
        self.turn_minute()
        return self.rows


def measured(records, chunk=4096, **how):
    """Rows of every table as the twin writes them."""
    measures, rows, numbers = Measures(how.pop("tick", TICK), **how), Rows(), np.arange(len(records))
    parts = [
        measures.apply(words(records[at : at + chunk]), numbers[at : at + chunk])
        for at in range(0, len(records), chunk)
    ]
    for told in [*parts, measures.finish()]:
        for name in vars(rows):
            flagged = COLUMNS[name][-1] == "flags"
            getattr(rows, name).extend(map(tuple, told[name][: -1 if flagged else None].T.tolist()))
    return rows


ids = st.sampled_from([0, 1, 2, 3, 4, 5, 2**63, 2**64 - 1])
near = st.integers(-30, 30).map(lambda ticks: ticks * TICK)
odd = near | st.sampled_from([-26, 3, 26, 100_001, UNDEF, UNDEF - 1, -(2**62), 199_999 * 10**9])
good, foul = (
    st.sampled_from([0, 128, 130]),
    st.sampled_from([0, 128, 130, 130, 40, 168, 64 | 128, 16 | 128, 4, 132]),
)


def lines(actions, sides, prices, sizes, flags):
    return st.tuples(st.sampled_from(actions), st.sampled_from(sides), ids, prices, sizes, flags)


valid = st.lists(lines("AAACMMTFFC", "AB", near, st.integers(1, 4), good), max_size=50)
anything = st.lists(
    lines("AAACCMMMTFFNRZ", "AABBN", odd, st.integers(1, 4) | st.sampled_from([0, 2**32 - 1]), foul),
    max_size=50,
)
steps = st.lists(st.sampled_from([0, 0, 1, S // 3, 2 * S, 61 * S, -S]), min_size=50, max_size=50)
venues = st.lists(st.sampled_from([1, 1, 2, 3]), min_size=50, max_size=50)


def stream(mbo, said, times, places=(1,) * 50):
    """Records of these lines at times that are told by their steps, each from a publisher."""
    records = np.concatenate([mbo(*said), mbo()])
    for record, step, place in zip(records, np.cumsum(times), places, strict=False):
        record["publisher_id"], record["ts_recv"] = place, int(record["ts_recv"]) + int(step)
    return records


def assert_equal(records, twin, chunk, **how):
    found, wanted = measured(records, chunk, **how), MeasuresTwin(twin).apply(records).finish()
    for name, rows in vars(wanted).items():
        assert getattr(found, name) == rows, name


@pytest.mark.parametrize("chunk", [1, 7, 4096])
@given(said=valid, times=steps)
def test_a_valid_stream_is_measured_as_the_twin_measures_it(mbo, twin, said, times, chunk):
    assert_equal(stream(mbo, said, times), twin, chunk)


@pytest.mark.parametrize("chunk", [1, 7, 4096])
@settings(max_examples=200)
@given(said=anything, times=steps, places=venues)
def test_any_stream_of_any_publishers_is_measured_as_the_twin_measures_it(
    mbo, twin, said, times, places, chunk
):
    assert_equal(stream(mbo, said, times, places), twin, chunk)


@given(said=anything, times=steps, places=venues, chunk=st.integers(1, 9))
def test_neither_room_nor_window_changes_a_row(mbo, said, times, places, chunk):
    records = stream(mbo, said, times, places)
    assert measured(records, chunk, room=Room(2, 1), window=4096) == measured(records)


@given(said=anything, times=steps, cut=st.integers(0, 50))
def test_what_comes_later_changes_nothing_that_is_over(mbo, said, times, cut):
    records = stream(mbo, said, times)
    ends = [n + 1 for n in range(min(cut, len(records))) if records["flags"][n] & LAST]
    whole, short = measured(records), measured(records[: ends[-1] if ends else 0])
    for name, held in vars(short).items():
        over = held if COLUMNS[name][0] == "row" else [row for row in held if row[0] < held[-1][0]]
        assert getattr(whole, name)[: len(over)] == over


@given(said=anything, times=steps, places=venues)
def test_flows_account_for_every_depth_and_go_on_where_they_stopped(mbo, said, times, places):
    rows, ends = measured(stream(mbo, said, times, places)).flow, {}
    for _, side, band, start, end, add, cancel, fill, shift, *_ in rows:
        assert end == start + add - cancel - fill + shift
        assert start == ends.get((side, band), 0)
        ends[side, band] = end
