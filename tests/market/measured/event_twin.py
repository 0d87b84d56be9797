"""A dull twin of one event: the flows that its records bring about, its fills, and its trades with their signs."""

from collections import Counter, defaultdict

import numpy as np

from tests.market.measured.flags_twin import times_of

UNDEF, S = 2**63 - 1, 10**9
SNAPSHOT, STRANGE = 32, 32 | 64 | 16


def band_of(side, price, best, tick):
    """Touch, near or deep, by the distance from the best of before the event; None beyond them."""
    if best[side] is None:
        return 0
    away = max(0, (best[side] - price) * (1, -1)[side]) // tick
    return next((n for n, end in enumerate((0, 4, 20)) if away <= end), None)


class Tape:
    """The last price that was traded, and which way it went when it last changed."""

    def __init__(self):
        self.last_price, self.turn = None, 0

    def sign(self, price, side, bid, ask):
        """Who was hasty in a trade, and by which of the rules that is told."""
        if price != UNDEF:
            if self.last_price is not None and price != self.last_price:
                self.turn = 1 if price > self.last_price else -1
            self.last_price = price
        sign, method = {"B": (1, 0), "A": (-1, 0)}.get(side, (0, 3))
        if side not in "AB" and price != UNDEF:
            known = None not in (bid, ask) and max(abs(bid), abs(ask), abs(price)) < 2**61
            above = 2 * price - bid - ask if known else 0
            sign, method = ((above > 0) - (above < 0), 1) if above else (self.turn, 2 if self.turn else 3)
        return sign, method


class EventTwin:
    """What has happened in an event so far, judged by the book that stood before it."""

    def __init__(self, best, depths, tick, tape):
        self.best, self.depths, self.tick, self.tape = best, depths, tick, tape
        self.flows, self.moves, self.fills, self.trades = defaultdict(Counter), Counter(), [], []
        self.reset = False

    def note(self, number, r, was, now, wrong, clock):
        """What a record brings about besides its change of the book; says what it may move the mid by."""
        action, venue, flags = r["action"].decode(), int(r["publisher_id"]), int(r["flags"])
        if (
            action == "R"
            or "implicit_clear" in wrong
            or (action in "ACM" and flags & SNAPSHOT and r["side"] in (b"A", b"B"))
        ):
            self.reset = True
        if action == "T":
            self.trades.append(self.trade(number, r, clock))
        elif action == "F":
            for trade in reversed(self.trades):
                if (trade[3], trade[12]) == (int(r["price"]), venue) and trade[5] != {"A": 0, "B": 1}.get(
                    r["side"].decode()
                ):
                    trade[8] += int(r["size"])
                    trade[9] += 1
                    break
            if "unknown_fill" not in wrong:
                self.fills.append([venue, int(r["order_id"]), int(r["size"])])
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
            at = self.flows["BA".index(was[0]), band_of("BA".index(was[0]), was[1], self.best, self.tick)]
            for what, lots in (("fill", filled), ("cancel", gone - filled), ("modified", gone * altered)):
                at[what] += lots
                at[what + "s"] += bool(lots)
        if came:
            self.come(now[0], now[1], came, altered)
        return "trade" if filled and action == "C" else cause

    def come(self, side, price, lots, altered):
        n = "BA".index(side)
        at = self.flows[n, band_of(n, price, self.best, self.tick)]
        at.update({"add": lots, "adds": 1, "modified": lots * altered, "modifieds": int(altered)})

    def use(self, venue, order, lots):
        left = lots
        for fill in self.fills:
            if fill[:2] == [venue, order]:
                used = min(left, fill[2])
                fill[2] -= used
                left -= used
        return lots - left

    def trade(self, number, r, clock):
        price, side = int(r["price"]), r["side"].decode()
        sign, method = self.tape.sign(price, side, *self.best)
        return [number, *times_of(r), price, int(r["size"]), {"A": 0, "B": 1}.get(side, 2), sign, method,
                0, 0, int(np.uint64(r["order_id"]).view(np.int64)), int(r["sequence"]), int(r["publisher_id"]),
                clock // S * S]  # fmt: skip
