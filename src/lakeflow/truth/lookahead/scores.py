"""How good forecasts and probabilities are. A tie is neither a hit nor a miss, and how many there are is told."""

import numpy as np
import polars as pl
from scipy import stats

from lakeflow.truth.arrays import Bools, Floats, Ints
from lakeflow.truth.intervals import wilson


def of_forecast(told: Floats, truth: Floats) -> dict[str, float | None]:
    """`r2` is against no change at all, which is M0; a hit rate is of forecasts and moves that are not 0."""
    error = truth - told
    decided = (truth != 0) & (told != 0)
    base = float((truth**2).sum())
    return {
        "n": len(truth),
        "hit_rate": float((np.sign(truth) == np.sign(told))[decided].mean()) if decided.any() else None,
        "no_move": float((truth == 0).mean()),
        "no_call": float((told == 0).mean()),
        "mae": float(np.abs(error).mean()),
        "rmse": float(np.sqrt((error**2).mean())),
        "r2": 1 - float((error**2).sum()) / base if base else None,
        "rank_ic": float(stats.spearmanr(told, truth).statistic)
        if np.ptp(told) > 0 and np.ptp(truth) > 0
        else None,
    }


def brier(probability: Floats, happened: Bools) -> float:
    return float(((probability - happened) ** 2).mean())


def brier_of_classes(probabilities: Floats, truth: Ints) -> float:
    """Summed over the classes: from 0 to 2."""
    return float(((probabilities - np.eye(probabilities.shape[1])[truth]) ** 2).sum(axis=1).mean())


def log_loss(probability: Floats, happened: Bools) -> float:
    return float(-np.log(np.where(happened, probability, 1 - probability)).mean())


def reliability(probability: Floats, happened: Bools, bins: int = 15) -> pl.DataFrame:
    """Bins of equal mass, from the least probability on: what was told, what happened, and its interval."""
    order = np.argsort(probability, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    hits = [int(happened[part].sum()) for part in parts]
    bounds = [wilson(hit, len(part)) for hit, part in zip(hits, parts, strict=True)]
    return pl.DataFrame(
        {
            "n": [len(part) for part in parts],
            "told": [float(probability[part].mean()) for part in parts],
            "happened": [hit / len(part) for hit, part in zip(hits, parts, strict=True)],
            "lo": [bound.lo for bound in bounds],
            "hi": [bound.hi for bound in bounds],
        }
    )


def of_reliability(table: pl.DataFrame) -> dict[str, float]:
    """Expected and largest calibration error, and Murphy's parts: reliability less resolution plus uncertainty."""
    n, told, happened = (table[name].to_numpy() for name in ("n", "told", "happened"))
    share = n / n.sum()
    rate = float((share * happened).sum())
    return {
        "ece": float((share * np.abs(told - happened)).sum()),
        "max_ce": float(np.abs(told - happened).max()),
        "reliability": float((share * (told - happened) ** 2).sum()),
        "resolution": float((share * (happened - rate) ** 2).sum()),
        "uncertainty": rate * (1 - rate),
    }


def auc(score: Floats, happened: Bools) -> float | None:
    """The chance that what happened had the higher score, half for equal ones; None where only one of both is there."""
    yes = int(happened.sum())
    no = len(happened) - yes
    if not yes or not no:
        return None
    ranks = stats.rankdata(score)
    return float((ranks[happened].sum() - yes * (yes + 1) / 2) / (yes * no))


def matthews(told: Ints, truth: Ints, classes: int = 3) -> float:
    """Correlation of classes, 0 where either is always the same."""
    counts = (
        np.bincount(truth * classes + told, minlength=classes**2).reshape(classes, classes).astype(np.float64)
    )
    rows, columns, total = counts.sum(axis=1), counts.sum(axis=0), counts.sum()
    bound = np.sqrt((total**2 - (columns**2).sum()) * (total**2 - (rows**2).sum()))
    return float((np.trace(counts) * total - rows @ columns) / bound) if bound else 0.0


def earned(told: Floats, truth: Floats, cost: Floats, least: float) -> Floats:
    """Ticks for each signal beyond `least`, less its cost: half the spread and the fee."""
    signal = np.abs(told) > least
    return np.asarray(np.sign(told[signal]) * truth[signal] - cost[signal])
