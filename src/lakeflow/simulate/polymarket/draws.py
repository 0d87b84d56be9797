"""Random numbers that are the same on every machine and version: the raw stream of a counter, shaped by exact functions."""

import numpy as np
from scipy.special import ndtri

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


class Draws:
    """A stream of draws from a key."""

    def __init__(self, key: int) -> None:
        self._raws = np.random.Philox(key=key)

    def uniform(self, shape: tuple[int, ...]) -> Floats:
        """Numbers in (0, 1), never at its ends."""
        raws = self._raws.random_raw(int(np.prod(shape)))
        found: Floats = ((raws >> np.uint64(12)).astype(np.float64) + 0.5).reshape(shape) / 2.0**52
        return found

    def normal(self, shape: tuple[int, ...]) -> Floats:
        found: Floats = ndtri(self.uniform(shape))
        return found

    def chance(self) -> float:
        return float(self.uniform((1,))[0])
