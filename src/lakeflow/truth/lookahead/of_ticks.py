"""How good ticks are told. A tie is neither a hit nor a miss, and how many there are is told."""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy import stats

from lakeflow.truth.arrays import Floats
from lakeflow.truth.lookahead.sample import Measure, Sample, after, correlation, mean, ratio


def of_ticks(sample: Sample) -> Iterator[Measure]:
    """`r2` is against no change at all, which is M0; the interval of `rank_ic` is of ranks among all that were tested."""
    n, error = len(sample.truth), sample.truth - sample.told
    still, silent = (np.asarray(each == 0, np.float64) for each in (sample.truth, sample.told))
    decided = (1 - still) * (1 - silent)
    hit = np.asarray(np.sign(sample.truth) == np.sign(sample.told), np.float64)
    yield Measure("hit_rate", "", int(decided.sum()), mean(sample, hit, decided))
    yield Measure("no_move", "", n, mean(sample, still))
    yield Measure("no_call", "", n, mean(sample, silent))
    yield Measure("mae", "", n, mean(sample, np.abs(error)))
    yield Measure("rmse", "", n, after(mean(sample, error**2), np.sqrt))
    missed = ratio(sample.sums(error**2), sample.sums(sample.truth**2))
    yield Measure("r2", "", n, after(missed, lambda share: 1 - share))
    ranks = (stats.rankdata(each) for each in (sample.told, sample.truth))
    yield Measure("rank_ic", "", n, correlation(sample, *ranks))


def earnings(sample: Sample, fee: float, thresholds: Sequence[float]) -> Iterator[Measure]:
    """Ticks for each signal: a forecast beyond a threshold, less half the spread that it pays, and the fee."""
    for least in thresholds:
        signal = (np.abs(sample.told) > least) & ~np.isnan(sample.half_spread)
        won = np.where(signal, earned(sample, fee), 0)
        used = signal.astype(np.float64)
        yield Measure("pnl", f"{least:g}", int(used.sum()), mean(sample, won, used), least)
        yield Measure("signals", f"{least:g}", len(used), mean(sample, used), least)


def earned(sample: Sample, fee: float) -> Floats:
    return np.asarray(
        np.sign(sample.told) * sample.truth - np.nan_to_num(sample.half_spread) - fee, np.float64
    )
