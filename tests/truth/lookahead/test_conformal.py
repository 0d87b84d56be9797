"""Quantiles that are moved until as much lies below them as should, and know nothing of what comes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.truth.lookahead.conformal import RATE, TARGETS, Seconds, quantiles


def dull(seconds, errors, horizon):
    """The same, a second at a time."""
    ordered, levels, out, turned = sorted(errors), list(TARGETS), [], 0
    for now, told in zip(seconds.at, seconds.told, strict=True):
        while turned < len(out) and seconds.at[turned] + horizon <= now:
            missed = [target - (seconds.truth[turned] <= out[turned][k]) for k, target in enumerate(TARGETS)]
            levels = [level + RATE * each for level, each in zip(levels, missed, strict=True)]
            turned += 1
        places = [int(np.clip(np.ceil(level * len(ordered)) - 1, 0, len(ordered) - 1)) for level in levels]
        out.append(np.maximum.accumulate([told + ordered[place] for place in places]))
    return np.array(out)


def session(rows, seed, wider=1.0):
    rng = np.random.default_rng(seed)
    at = np.cumsum(rng.integers(1, 3, rows))
    return Seconds(at, rng.normal(size=rows), wider * rng.normal(size=rows))


@given(st.integers(1, 60), st.integers(1, 9), st.integers(0, 99))
def test_they_are_those_of_the_dull_way(rows, horizon, seed):
    seconds, errors = session(rows, seed), np.random.default_rng(seed).normal(size=50)
    assert quantiles(seconds, errors, horizon) == pytest.approx(dull(seconds, errors, horizon))


@pytest.mark.parametrize("wider", [1, 3])
def test_they_cover_even_where_errors_are_not_what_they_were(wider):
    seconds = session(6000, 1, wider)
    errors = np.random.default_rng(2).normal(size=4000) * 4
    below = (seconds.truth[:, None] <= quantiles(seconds, errors, 1)).mean(axis=0)
    assert below == pytest.approx(TARGETS, abs=0.02)


def test_a_second_knows_only_of_labels_that_have_ended():
    seconds = session(300, 3)
    other = seconds._replace(truth=np.where(np.arange(300) >= 200, 99.0, seconds.truth))
    errors = np.linspace(-2, 2, 99)
    one, two = (quantiles(each, errors, 5) for each in (seconds, other))
    known = seconds.at < seconds.at[200] + 5
    assert (one[known] == two[known]).all()
    assert (one[~known] != two[~known]).any()
