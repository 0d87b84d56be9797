"""The kernels of isotonic regression: one fit, and the fits of redrawn samples with what their scores are made of."""

import numpy as np

from lakeflow.forecast.compiled import Counts, Floats, Ints, kernel, piece


@piece
def _pool(hits: Floats, mass: Floats, start: Ints, block_hits: Floats, block_mass: Floats) -> int:
    """Pool adjacent violators; answer how many blocks there are, and where each starts and what it holds."""
    top = -1
    for i in range(hits.size):
        if mass[i] <= 0 and top >= 0:
            continue  # a knot that was not drawn is in the block before it
        top += 1
        start[top], block_hits[top], block_mass[top] = i, hits[i], mass[i]
        # Cross-multiplied, so that equal rates of whole counts are equal, and a first block of no mass joins the next.
        while top > 0 and block_hits[top - 1] * block_mass[top] >= block_hits[top] * block_mass[top - 1]:
            block_hits[top - 1] += block_hits[top]
            block_mass[top - 1] += block_mass[top]
            top -= 1
    return top + 1


@kernel
def fit(hits: Floats, mass: Floats, out: Floats) -> None:
    """Fill `out` with the isotonic fit of hits / mass."""
    start, block_hits, block_mass = np.empty(hits.size, np.int64), np.empty(hits.size), np.empty(hits.size)
    end = hits.size
    for block in range(_pool(hits, mass, start, block_hits, block_mass) - 1, -1, -1):
        out[start[block] : end] = block_hits[block] / block_mass[block]
        end = start[block]


@kernel
def resample(  # noqa: PLR0913, PLR0917  a kernel takes arrays, no objects
    first: Ints,
    cluster: Ints,
    weight: Floats,
    chance: Floats,
    losses: Floats,
    at: Ints,
    counts: Counts,
    uniform: Floats,
    sums: Floats,
    curves: Floats,
    blocks: Ints,
    block_hits: Floats,
    block_mass: Floats,
) -> None:
    """Each row comes as often as its cluster is drawn, and comes true if the cluster's uniform is below the row's chance.

    Counts and uniforms have a row a draw, or one for all.

    sums: hits · mass · pairs in order, ties half · the forecasts' cost by each score's losses (if 0, if 1; a row a knot).
    curves: the fit at the knots `at`; blocks: how many the fit has, which lie one draw after another.
    """
    knots = first.size - 1
    hits, mass, start = np.empty(knots), np.empty(knots), np.empty(knots, np.int64)
    begin = 0
    for draw in range(blocks.size):
        times_of, uniform_of = counts[min(draw, len(counts) - 1)], uniform[min(draw, len(uniform) - 1)]
        missed = 0.0  # the mass at lower knots that did not come true
        for knot in range(knots):
            came = held = 0.0
            for row in range(first[knot], first[knot + 1]):
                times = weight[row] * times_of[cluster[row]]
                held += times
                if uniform_of[cluster[row]] < chance[row]:
                    came += times
            hits[knot], mass[knot] = came, held
            sums[draw, 0] += came
            sums[draw, 1] += held
            sums[draw, 2] += came * (missed + (held - came) / 2)
            for score in range(losses.shape[1]):
                sums[draw, 3 + score] += (
                    came * losses[knot, score, 1] + (held - came) * losses[knot, score, 0]
                )
            missed += held - came
        fitted_hits, fitted_mass = block_hits[begin:], block_mass[begin:]
        blocks[draw] = _pool(hits, mass, start, fitted_hits, fitted_mass)
        block = 0
        for place in range(at.size):
            while block + 1 < blocks[draw] and start[block + 1] <= at[place]:
                block += 1
            curves[draw, place] = fitted_hits[block] / fitted_mass[block]
        begin += blocks[draw]
