"""Redrawn samples: CORP's parts, AUC and points of the curve of each draw, whatever the proper score.

Redrawn by clusters they say how far a figure may be off; with outcomes drawn by a chance, what it would be by that chance.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from lakeflow.forecast import pooling
from lakeflow.forecast.bootstrap import Statistic, add, drawn, read
from lakeflow.forecast.compiled import Counts, Floats, Ints
from lakeflow.forecast.draws import Stream
from lakeflow.forecast.sample import Sample, pooled_rows
from lakeflow.forecast.scores import Score, costs, quadratic, unclipped
from lakeflow.forecast.sums import sums

BLOCK = 1 << 20  # floats of one array held at a time: 8 MiB
NOWHERE = np.zeros(0, np.int64)


class Parts(NamedTuple):
    """CORP's parts of one score, a value a draw."""

    score: Floats
    mcb: Floats
    dsc: Floats
    unc: Floats


class Resampled(NamedTuple):
    """A row a draw: the parts by each score, AUC (NaN in a draw of one class), the curve at knots, and other figures."""

    parts: tuple[Parts, ...]
    auc: Floats
    curves: Floats
    others: tuple[Floats, ...] = ()


class Wanted(NamedTuple):
    """What to look at in each draw; statistics are of redrawn clusters only."""

    scores: Sequence[Score] = (quadratic,)
    at: Ints = NOWHERE
    statistics: Sequence[Statistic] = ()


BRIER = Wanted()


def redrawn(rows: Sample, draws: int, seed: int, wanted: Wanted = BRIER) -> Resampled:
    """Samples of as many clusters, drawn with replacement."""
    found, totals, always = [], [], np.zeros((1, rows.clusters))
    columns = np.hstack([np.zeros((rows.clusters, 0)), *(each.columns for each in wanted.statistics)])
    for counts in drawn(rows.clusters, draws, seed):
        totals.append(add(columns, counts))
        found += [
            _resample(rows, rows.y, counts[some], always, wanted)
            for some in _blocks(len(counts), rows.knots.size)
        ]
    return _join(found)._replace(others=tuple(read(wanted.statistics, np.concatenate(totals))))


def by_chance(rows: Sample, chance: Floats, draws: int, seed: int, wanted: Wanted = BRIER) -> Resampled:
    """The same forecasts with outcomes that come true by the chance of their knot.

    Rows of one cluster come true together as far as their chances let them: bands that claim too little, never too much.
    """
    stream, of_row, found = Stream(seed), chance[pooled_rows(rows)], []
    once = np.ones((1, rows.clusters), np.int32)
    for some in _blocks(draws, max(rows.knots.size, rows.clusters)):
        size = some.stop - some.start
        uniform = stream.uniform(size * rows.clusters).reshape(size, rows.clusters)
        found.append(_resample(rows, of_row, once, uniform, wanted))
    return _join(found)


def _resample(rows: Sample, chance: Floats, counts: Counts, uniform: Floats, wanted: Wanted) -> Resampled:
    size = max(len(counts), len(uniform))
    losses = np.array([[score(rows.knots, 0.0), score(rows.knots, 1.0)] for score in wanted.scores])
    losses = np.ascontiguousarray(np.moveaxis(losses, 2, 0))
    totals, blocks = np.zeros((size, 3 + len(wanted.scores))), np.empty(size, np.int64)
    curves = np.empty((size, wanted.at.size))
    hits, mass = np.empty(size * rows.knots.size), np.empty(size * rows.knots.size)
    pooling.resample(
        rows.first, rows.cluster, rows.w, chance, losses, wanted.at, counts, uniform,
        totals, curves, blocks, hits, mass,
    )  # fmt: skip
    came, total, ordered, *given = totals.T
    held = Blocks(np.repeat(np.arange(size), blocks), hits[: blocks.sum()], mass[: blocks.sum()])
    parts = (
        _parts(came, total, cost, held, unclipped(score))
        for cost, score in zip(given, wanted.scores, strict=True)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        return Resampled(tuple(parts), ordered / (came * (total - came)), curves)


class Blocks(NamedTuple):
    """What the blocks of isotonic fits hold, and of which draw each is."""

    draw: Ints
    hits: Floats
    mass: Floats


def _parts(came: Floats, total: Floats, given: Floats, held: Blocks, score: Score) -> Parts:
    each = costs(held.hits, held.mass, held.hits / held.mass, score)
    calibrated = sums(held.draw, each, total.size) / total
    uncertain = costs(came, total, came / total, score) / total
    return Parts(given / total, given / total - calibrated, uncertain - calibrated, uncertain)


def _join(found: list[Resampled]) -> Resampled:
    parts = zip(*(each.parts for each in found), strict=True)
    return Resampled(
        tuple(Parts(*map(np.concatenate, zip(*each, strict=True))) for each in parts),
        np.concatenate([each.auc for each in found]),
        np.concatenate([each.curves for each in found]),
    )


def _blocks(draws: int, width: int) -> Iterator[slice]:
    many = max(1, BLOCK // max(width, 1))
    return (slice(start, min(start + many, draws)) for start in range(0, draws, many))
