"""Random draws that are the same on every machine: Philox's raw words, never a method of numpy's Generator."""

import numpy as np

from lakeflow.forecast.compiled import Floats, Raws

LOW = np.uint64(0xFFFFFFFF)  # the lower half of a word
WORD_HALF = np.uint64(32)


class Stream:
    """The words of one seed, in order."""

    def __init__(self, seed: int) -> None:
        self._words = np.random.Philox(key=seed)

    def raw(self, count: int) -> Raws:
        """The next `count` words of 64 bits."""
        words: Raws = np.asarray(self._words.random_raw(count), np.uint64)
        return words

    def uniform(self, count: int) -> Floats:
        """The next `count` floats in [0, 1), by the upper 53 bits."""
        return (self.raw(count) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def order_statistics(draws: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Percentile bounds along the first axis: the values ranked ceil(alpha B) and ceil((1 - alpha) B), alpha each tail."""
    count = len(draws)
    if not count:
        raise ValueError("expected one draw or more to read bounds from, found none")
    tail = (1 - level) / 2
    # The product may come out a hair above the whole number that it is.
    low, high = (int(np.ceil(count * share - 1e-9)) for share in (tail, 1 - tail))
    ranked = np.sort(draws, axis=0)
    return ranked[max(low, 1) - 1], ranked[high - 1]
