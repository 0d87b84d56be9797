"""A dull twin of the books of all publishers added up: lots at every price, levels, the best, and depth in bands."""

from collections import Counter

from tests.market.measured.event_twin import band_of

EMPTY = (2**63 - 1, 0, 0)


class Total:
    """Looked up from end to end whenever it is asked."""

    def __init__(self, tick):
        self.venues, self.tick = {}, tick

    def total(self):
        """Lots and orders at every price, of all publishers together."""
        found = ({}, {})
        for twin in self.venues.values():
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

    def banded(self):
        best, depths = self.best(), Counter()
        for n, side in enumerate(self.total()):
            for price, (lots, _) in side.items():
                depths[n, band_of(n, price, best, self.tick)] += lots
            prices = sorted(side, reverse=n == 0)
            depths["20", n] = sum(side[price][0] for price in prices[:20])
            depths["10t", n] = sum(
                side[price][0] for price in prices if abs(price - prices[0]) <= 10 * self.tick
            )
        return depths
