"""Features and the force that are made of the grid: all that are asked for, and none that knows what comes."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from sklearn.decomposition import PCA

from lakeflow.truth.bands import BANDS
from lakeflow.truth.lookahead import fields, integrated
from lakeflow.truth.lookahead.days import names
from lakeflow.truth.lookahead.features import faded, features
from tests.truth.futures import leaking

DAYS = [date(2026, 1, 5)]


def test_no_feature_or_force_knows_what_comes(grid):
    rows = grid(DAYS[0], 300)
    told = [*features(), *integrated.scaled(), fields.force().alias("force")]
    assert leaking(lambda given: given.select(told), rows, [10, 131, 299]) == []


def test_every_feature_that_is_asked_for_is_there():
    found = set(names())
    spans = (1, 5, 30)
    assert {f"ofi_{level}_{span}s" for level in range(1, 11) for span in spans} <= found
    assert {f"{name}_{span}s" for name in ("ofi_int", "signed_vol", "dmid_trade") for span in spans} <= found
    bands = [f"{flow}_int_{side}_{band}" for flow in ("add", "can", "fil") for side in "ba" for band in BANDS]
    assert {f"{band}{fade}" for band in bands for fade in ("", "_2", "_8", "_32", "_128")} <= found
    assert {
        "gap",
        "qi_1",
        "spread_ticks",
        "ratio_5",
        "liq_vel_a_near",
        "rv_10_120",
        "accel_10s",
        "sin",
    } <= found


def test_a_mean_fades_by_its_time_constant():
    rows = pl.DataFrame({"x": [1.0] + [0.0] * 200})
    told = rows.select(faded("x", 8)).to_series().to_numpy()
    weights = np.exp(-np.arange(201) / 8)
    assert told == pytest.approx(weights / weights.cumsum())


def test_a_force_is_what_came_over_what_it_meets():
    rows = 70
    columns = {name: np.zeros(rows) for name in fields.inputs()}
    columns |= {f"depth_end_{side}_touch": np.full(rows, 10.0) for side in "ba"}
    columns["add_b_touch"] = np.where(np.arange(rows) == 69, 5.0, 0)
    told = pl.DataFrame(columns).select(fields.force()).to_series()
    assert told[69] == pytest.approx(5 / 10 / (1 + 1))
    assert told[:59].null_count() == 59


def test_levels_are_weighted_as_the_first_component_says():
    rng = np.random.default_rng(5)
    levels = (rng.normal(size=(500, 1)) * np.linspace(1, 0.1, 10) + rng.normal(size=(500, 10)) / 9).astype(
        "f4"
    )
    found = integrated.weights([levels[:200], levels[200:]])
    expected = PCA(1).fit(levels).components_[0]
    assert found == pytest.approx(expected / expected.sum(), rel=1e-4)
    assert (found.sum() > 0, np.abs(found).sum()) == (True, pytest.approx(1))


def test_what_the_grid_divided_by_is_found_again(grid):
    rows = grid(DAYS[0], 60)
    size = np.random.default_rng(1).uniform(5, 50, 60)
    total = rows.select(pl.sum_horizontal(integrated.OFI)).to_series().to_numpy()
    told = rows.with_columns(ofi_int=pl.Series(total / size / 10)).select(integrated.mean_size()).to_series()
    known = total != 0
    assert told.to_numpy()[known] == pytest.approx(size[known])
