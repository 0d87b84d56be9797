"""Venn-Abers prediction: for each forecast an interval that holds a calibrated one, from a sample of the past.

The forecast joins the sample once as a row that came out 0 and once as one that came out 1, and isotonic regression answers.
"""

from typing import NamedTuple

import numpy as np

from lakeflow.forecast.compiled import Floats, Ints, kernel
from lakeflow.forecast.sample import Sample


class VennAbers(NamedTuple):
    """What a sample leaves behind: for each knot what it holds, and where the block begins that it ends, and the reverse."""

    knots: Floats
    mass: Floats  # the mass before each knot, and all of it
    hits: Floats
    block_start: Ints
    block_end: Ints

    def apply(self, p: Floats) -> Floats:
        """The recalibrated forecasts: the one between the bounds that loses least."""
        return answer(self, p).merged


class Answer(NamedTuple):
    """The bounds, and the one forecast between them that loses least in log score."""

    low: Floats
    high: Floats
    merged: Floats


def venn_abers(rows: Sample) -> VennAbers | None:
    """The predictor that has seen these rows; None of no rows."""
    if not rows.p.size:
        return None
    mass, hits = (np.concatenate([[0.0], np.cumsum(each)]) for each in (rows.mass, rows.hits))
    start, end = np.empty(rows.knots.size, np.int64), np.empty(rows.knots.size, np.int64)
    _blocks(mass, hits, start, end)
    return VennAbers(rows.knots, mass, hits, start, end)


def answer(seen: VennAbers, p: Floats) -> Answer:
    """The interval of each forecast."""
    before = np.searchsorted(seen.knots, p, side="left")
    after = np.searchsorted(seen.knots, p, side="right")
    bounds = np.empty((2, p.size))
    for label in (0, 1):
        _join(seen.mass, seen.hits, seen.block_start, seen.block_end, before, after, label, bounds[label])
    low, high = bounds
    return Answer(low, high, high / (1 - low + high))


@kernel
def _blocks(mass: Floats, hits: Floats, start: Ints, end: Ints) -> None:
    """start[k]: where the last block begins of the fit of knots up to k; end[k]: where the first one ends of those from k on.

    The other blocks of the first k knots are those of the knots before start[k], so every fit of a part is kept at once.
    """
    for k in range(start.size):
        begin = k
        while begin > 0:
            left = start[begin - 1]
            here = (hits[k + 1] - hits[begin]) * (mass[begin] - mass[left])
            if here > (hits[begin] - hits[left]) * (mass[k + 1] - mass[begin]):
                break
            begin = left
        start[k] = begin
    for k in range(end.size - 1, -1, -1):
        stop = k
        while stop < end.size - 1:
            right = end[stop + 1]
            here = (hits[stop + 1] - hits[k]) * (mass[right + 1] - mass[stop + 1])
            if here < (hits[right + 1] - hits[stop + 1]) * (mass[stop + 1] - mass[k]):
                break
            stop = right
        end[k] = stop


@kernel
def _join(  # noqa: PLR0913  a kernel takes arrays, no objects
    mass: Floats,
    hits: Floats,
    start: Ints,
    end: Ints,
    before: Ints,
    after: Ints,
    label: int,
    out: Floats,
) -> None:
    """Join one more row to the knots before .. after - 1 of each test, and then the blocks on both sides that it violates."""
    for test in range(out.size):
        left, right = before[test], after[test]
        value = (hits[right] - hits[left] + label) / (mass[right] - mass[left] + 1.0)
        moved = True
        while moved:
            moved = False
            if left > 0:
                far = start[left - 1]
                if (hits[left] - hits[far]) >= value * (mass[left] - mass[far]):
                    left, moved = far, True
            if right < end.size:
                stop = end[right] + 1
                if (hits[stop] - hits[right]) <= value * (mass[stop] - mass[right]):
                    right, moved = stop, True
            value = (hits[right] - hits[left] + label) / (mass[right] - mass[left] + 1.0)
        out[test] = value
