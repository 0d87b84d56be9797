"""Every figure of any rows against a dull twin: sums over rows in exact fractions, whatever is tied, certain, alone or all alike."""

import math
from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.forecast.figures import OK, figures
from lakeflow.forecast.sample import sample

EDGES = [
    0,
    1,
    49_999,
    50_000,
    50_001,
    100_000,
    290_000,
    500_000,
    570_000,
    900_000,
    950_000,
    999_999,
    1_000_000,
]
TICKS = st.one_of(st.sampled_from(EDGES), st.integers(0, 1_000_000))
ROW = st.tuples(TICKS, st.integers(0, 1), st.sampled_from([1, 1, 1, 2, 7, 1000]), st.integers(0, 4))
ROWS = st.lists(ROW, min_size=1, max_size=40)


def exact(rows):
    return [(Fraction(ticks, 10**6), y, w, cluster) for ticks, y, w, cluster in rows]


def mean(rows, each):
    return sum(row[2] * each(row) for row in rows) / sum(row[2] for row in rows)


def pooled(rows):
    """The isotonic curve at each forecast: of all runs of forecasts that end there or later, the smallest mean of the largest."""
    knots = sorted({row[0] for row in rows})
    held = {k: [row for row in rows if row[0] == k] for k in knots}
    mass = [sum(w for _, _, w, _ in held[k]) for k in knots]
    hits = [sum(w * y for _, y, w, _ in held[k]) for k in knots]

    def rate(a, b):
        return Fraction(sum(hits[a : b + 1]), sum(mass[a : b + 1]))

    last = range(len(knots))
    return {knots[i]: max(min(rate(a, b) for b in last[i:]) for a in last[: i + 1]) for i in last}


def log_score(p, y):
    return -math.log(p if y else 1 - p) if (p if y else 1 - p) else math.inf


def clipped(p, y):
    return log_score(min(max(float(p), 1e-6), 1 - 1e-6), y)


def parts(rows, score, given):
    curve, rate = pooled(rows), mean(rows, lambda row: row[1])
    said = mean(rows, lambda row: given(row[0], row[1]))
    curved = mean(rows, lambda row: score(curve[row[0]], row[1]))
    flat = mean(rows, lambda row: score(rate, row[1]))
    return {"": said, "_mcb": said - curved, "_dsc": flat - curved, "_unc": flat}


def binned(rows, bin_of):
    found = defaultdict(list)
    for row in rows:
        found[bin_of(row)].append(row)
    total = sum(row[2] for row in rows)
    return [(Fraction(sum(row[2] for row in held), total), held) for held in found.values()]


def gap(held):
    return mean(held, lambda row: row[0] - row[1])


def by_width(rows):
    return binned(rows, lambda row: min(row[0] * 10 // 1, 9))


def by_mass(rows):
    ascending = sorted(row[0] for row in rows)
    return binned(rows, lambda row: ascending.index(row[0]) * 15 // len(rows))


def noise(held):
    """The noise of a rate, by as many rows as tell as much."""
    rate, weights = mean(held, lambda row: row[1]), [row[2] for row in held]
    return rate * (1 - rate) / (Fraction(sum(weights) ** 2, sum(w * w for w in weights)) - 1)


def between_clusters(held):
    """The variance of a bin's gap by its clusters; of one cluster, the square of the gap."""
    sums = defaultdict(Fraction)
    for p, y, w, cluster in held:
        sums[cluster] += w * (p - y - gap(held))
    many, total = len(sums), sum(row[2] for row in held)
    return (
        sum(each**2 for each in sums.values()) / total**2 * many / (many - 1) if many > 1 else gap(held) ** 2
    )


def errors(rows):
    wide, even = by_width(rows), by_mass(rows)
    large = [abs(gap(held)) for _, held in wide if len(held) >= 30]
    return {
        "ece_width10": sum(share * abs(gap(held)) for share, held in wide),
        "ece_mass15": sum(share * abs(gap(held)) for share, held in even),
        "ece_squared_mass15": sum(share * gap(held) ** 2 for share, held in even),
        "ece_squared_debiased_mass15": sum(
            share * (gap(held) ** 2 - noise(held)) for share, held in even if len(held) > 1
        ),
        "ece_squared_clustered_mass15": sum(
            share * (gap(held) ** 2 - between_clusters(held)) for share, held in even
        ),
        "mce_width10": max(large, default=None),
    }


def moments(rows):
    rate, middle = mean(rows, lambda row: row[1]), mean(rows, lambda row: row[0])
    var_f = mean(rows, lambda row: (row[0] - middle) ** 2)
    cov = mean(rows, lambda row: (row[0] - middle) * (row[1] - rate))
    var_y = rate * (1 - rate)
    slope = cov / var_y if var_y else None
    least = slope**2 * var_y if var_y else 0
    wide = by_width(rows)
    within = [
        (share, held, mean(held, lambda row: row[0]), mean(held, lambda row: row[1])) for share, held in wide
    ]
    return {
        "yates_var_y": var_y, "yates_bias2": (middle - rate) ** 2, "yates_var_f": var_f, "yates_var_f_min": least,
        "yates_scatter": var_f - least, "yates_cov": cov, "yates_slope": slope, "sharpness": var_f, "mean_error": middle - rate,
        "base_rate": rate, "murphy_unc": var_y,
        "murphy_rel": sum(share * (p - y) ** 2 for share, _, p, y in within),
        "murphy_res": sum(share * (y - rate) ** 2 for share, _, _, y in within),
        "murphy_wbv": sum(share * mean(held, lambda row, p=p: (row[0] - p) ** 2) for share, held, p, _ in within),
        "murphy_wbc": sum(2 * share * mean(held, lambda row, p=p, y=y: (row[0] - p) * (row[1] - y)) for share, held, p, y in within),
    }  # fmt: skip


def others(rows):
    yes, no = ([row for row in rows if row[1] == came] for came in (1, 0))
    pairs = sum(a[2] * b[2] * (Fraction(a[0] > b[0]) + Fraction(a[0] == b[0], 2)) for a in yes for b in no)
    many = sum(row[2] for row in yes) * sum(row[2] for row in no)
    surprise = sum(w * (y - p) * (1 - 2 * p) for p, y, w, _ in rows)
    variance = sum(w * w * (1 - 2 * p) ** 2 * p * (1 - p) for p, _, w, _ in rows)
    return {
        "auc": pairs / many if many else None,
        "spiegelhalter_z": float(surprise) / math.sqrt(variance) if variance else None,
        "extreme_share": mean(rows, lambda row: int(row[0] <= Fraction(1, 20) or row[0] >= Fraction(19, 20))),
        "certain_wrong": sum(abs(p - y) == 1 for p, y, _, _ in rows),
    }


def dull(rows):
    brier = parts(rows, lambda p, y: (p - y) ** 2, lambda p, y: (p - y) ** 2)
    log = parts(rows, log_score, clipped)
    split = {
        f"{name}{part}": value
        for name, found in (("brier", brier), ("log_loss", log))
        for part, value in found.items()
    }
    return split | errors(rows) | moments(rows) | others(rows)


def told(rows):
    ticks, y, w, cluster = (np.array(each) for each in zip(*rows, strict=True))
    return {
        each.metric: each for each in figures(sample(ticks / 1e6, y, w, cluster), 8, 1, fewest_clusters=1)
    }


@given(ROWS)
@settings(max_examples=150, deadline=None)
def test_every_figure_is_that_of_its_dull_twin(rows):
    found = told(rows)
    for name, value in dull(exact(rows)).items():
        if value is None:
            assert found[name].value is None, name
        else:
            assert found[name].value == pytest.approx(float(value), rel=1e-9, abs=1e-12), name


@given(ROWS)
@settings(max_examples=100, deadline=None)
def test_no_figure_is_nan_and_none_is_missing_without_its_reason(rows):
    for name, value, low, high, _, status in told(rows).values():
        assert (value is None) == (status != OK), name
        assert value is None or math.isfinite(value), name
        assert (low is None and high is None) or low <= high, name
