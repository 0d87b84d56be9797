"""The cluster bootstrap: whole clusters are drawn, so rows that share an event are never taken for independent.

Statistics of sums are redrawn from the sums of each cluster; those of the sorted rows from how often each cluster was drawn.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from lakeflow.forecast.bins import equal_width
from lakeflow.forecast.compiled import Counts, Floats, Ints, Raws, kernel
from lakeflow.forecast.draws import LOW, WORD_HALF, Stream, order_statistics
from lakeflow.forecast.sample import Sample, pooled_rows
from lakeflow.forecast.sums import sums

CHUNK = 1 << 21  # words drawn at a time: 16 MiB


class Interval(NamedTuple):
    """The bounds between which the middle of the draws lies."""

    low: float
    high: float


def interval(draws: Floats, level: float = 0.95) -> Interval | None:
    """The percentile interval of these draws; draws in which the statistic is not defined are left out."""
    defined = draws[np.isfinite(draws)]
    if not defined.size:
        return None
    low, high = order_statistics(defined, level)
    return Interval(float(low), float(high))


class Statistic(NamedTuple):
    """What is summed over the rows of each cluster (a row a cluster), and the figure of such sums (a row a draw)."""

    columns: Floats
    figure: Callable[[Floats], Floats]


def drawn(clusters: int, draws: int, seed: int) -> Iterator[Counts]:
    """How often each draw has each cluster, a row a draw, in blocks: cluster (word * clusters) >> 64 for each of its words."""
    stream, many = Stream(seed), max(1, CHUNK // max(clusters, 1))
    for start in range(0, draws, many):
        size = min(many, draws - start)
        counts = np.zeros((size, clusters), np.int32)
        _count(stream.raw(size * clusters), np.uint64(clusters), counts)
        yield counts


@kernel
def _count(words: Raws, bound: np.uint64, counts: Counts) -> None:
    """The upper half of a product of 128 bits, by halves of the word so that nothing overflows."""
    place = 0
    for draw in range(counts.shape[0]):
        for _ in range(counts.shape[1]):
            word = words[place]
            low = ((word & LOW) * bound) >> WORD_HALF
            counts[draw, ((word >> WORD_HALF) * bound + low) >> WORD_HALF] += 1
            place += 1


def read(statistics: Sequence[Statistic], redrawn: Floats) -> list[Floats]:
    """The figures of the sums of each draw, whose columns are those of the statistics side by side."""
    ends = np.cumsum([each.columns.shape[1] for each in statistics])
    return [
        each.figure(redrawn[:, end - each.columns.shape[1] : end])
        for each, end in zip(statistics, ends, strict=True)
    ]


def add(columns: Floats, counts: Counts) -> Floats:
    """The sums of each draw, a row a draw."""
    out = np.zeros((columns.shape[1], len(counts)))
    cluster, column = np.nonzero(columns)
    _add(cluster, column, columns[cluster, column], np.ascontiguousarray(counts.T), out)
    return np.ascontiguousarray(out.T)


@kernel
def _add(cluster: Ints, column: Ints, value: Floats, times: Counts, out: Floats) -> None:
    """Cluster by cluster in order: a product of matrices would round by the number of threads.

    The draws are innermost, where they are independent of one another and go several at a time.
    """
    for entry in range(value.size):
        drawn, total, each = times[cluster[entry]], out[column[entry]], value[entry]
        for draw in range(total.size):
            total[draw] += drawn[draw] * each


def mean_error(rows: Sample) -> Statistic:
    """The mean of forecast less outcome."""
    columns = [sums(rows.cluster, weight, rows.clusters) for weight in (rows.w, rows.w * (rows.p - rows.y))]
    return Statistic(np.stack(columns, axis=1), lambda redrawn: redrawn[:, 1] / redrawn[:, 0])


def ece_width(rows: Sample, count: int = 10) -> Statistic:
    """The ECE over bins of equal width."""
    place = rows.cluster * count + equal_width(rows.knots, count)[pooled_rows(rows)]
    gaps = sums(place, rows.w * (rows.p - rows.y), rows.clusters * count)
    mass = sums(rows.cluster, rows.w, rows.clusters)
    return Statistic(
        np.column_stack([mass, gaps.reshape(rows.clusters, count)]),
        lambda redrawn: np.abs(redrawn[:, 1:]).sum(axis=1) / redrawn[:, 0],
    )
