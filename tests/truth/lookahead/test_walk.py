"""The walk: what can be told is told, what is shuffled is not, and what leaks is caught."""

import numpy as np
import polars as pl
import pytest
from threadpoolctl import threadpool_info

from lakeflow.truth.lookahead.labels import Quoted, labels
from lakeflow.truth.lookahead.leaks import leaking, too_good
from lakeflow.truth.lookahead.models import MODELS, BetaGamma, Day, Task, beta_gamma, boosted, way
from lakeflow.truth.lookahead.walk import Plan, calibration

ROWS = 400
PLAN = Plan(horizons=(1, 5), times=200)
CHEAP = {name: fit for name, fit in MODELS.items() if name != "M4"}


def day(name, seed, shuffled=False):
    """A market whose force pushes the next change, so that something can be told."""
    rng = np.random.default_rng(seed)
    force = rng.normal(size=ROWS)
    change = np.concatenate([[0.0], np.round(force[:-1] + rng.normal(size=ROWS - 1) / 2)])
    mid = 4000 + np.cumsum(change)
    quoted = Quoted(mid, np.zeros(ROWS, np.int64), np.zeros(ROWS, bool))
    ahead = np.column_stack([labels(quoted, h, 1) for h in PLAN.horizons])
    if shuffled:
        ahead = rng.permutation(ahead)
    return Day(
        name,
        np.column_stack([change, force, rng.normal(size=ROWS)]),
        change,
        rng.normal(size=ROWS),
        force,
        ahead,
    )


def pooled(shuffled):
    days = [day(f"d{n:02d}", n, shuffled) for n in range(20)]
    return calibration(days, PLAN, CHEAP).filter(session="all")


@pytest.fixture(scope="module")
def told():
    return pooled(shuffled=False)


def cell(table, model, horizon):
    return table.row(by_predicate=(pl.col("model") == model) & (pl.col("horizon_s") == horizon), named=True)


def test_every_model_is_told_at_every_horizon(told):
    assert sorted(told.select("model", "horizon_s").rows()) == [
        (f"M{n}", h) for n in range(4) for h in PLAN.horizons
    ]
    assert cell(told, "M0", 1)["r2"] == 0
    assert cell(told, "M0", 1)["hit_rate"] is None


def test_models_are_fitted_in_one_thread_for_two_take_longer():
    seen = set()

    def fit(_days, _task):
        seen.update(library["num_threads"] for library in threadpool_info())
        return lambda each: np.zeros(len(each.change))

    calibration([day(f"d{n:02d}", n) for n in range(20)], PLAN, {"M0": fit})
    assert seen == {1}


@pytest.mark.parametrize("model", ["M2", "M3"])
def test_a_force_that_pushes_is_found(told, model):
    row = cell(told, model, 1)
    assert row["r2"] > 0.5
    assert row["p_M0"] < 0.01
    assert row["gain_M0_lo"] > 0
    assert row["log_loss"] < cell(told, "M0", 1)["log_loss"]
    assert row["ece"] < 0.05


def test_trees_find_the_force_and_tell_the_same_twice():
    days, task = [day("a", 1), day("b", 2), day("c", 3)], Task(1, 0)
    told, again = (boosted(days[:2], task)(days[2]) for _ in range(2))
    known = ~np.isnan(days[2].labels[:, 0])
    truth = days[2].labels[known, 0]
    assert told.tobytes() == again.tobytes()
    assert ((truth - told[known]) ** 2).sum() < 0.6 * (truth**2).sum()


def test_a_shuffled_day_beats_nothing():
    table = pooled(shuffled=True).filter(pl.col("model") != "M0")
    assert (table["r2"] < 0.005).all()
    assert ((table["gain_M0_lo"] <= 0) | (table["p_M0"] > 0.05)).all()


def test_beta_and_gamma_are_those_that_were_printed():
    v = np.array([0, 1, 1, 2, 1, 0, -1, -1, 0, 1.0])
    force = np.array([0.5, 0.2, 0.9, -0.4, -0.8, -0.9, 0.1, 0.8, 0.9, 0.3])
    fitted = beta_gamma([Day("d", v[:, None], v, v, force, v[:, None])], Task(1, 0))
    assert f"{fitted.gamma:.8f} {fitted.beta:.8f}" == "0.14703402 1.19763846"


def test_a_push_is_slowed_by_friction():
    assert way(BetaGamma(1.0, 0.5), np.array([4.0]), np.array([0.0]), 3).tolist() == [2 + 1 + 0.5]
    assert way(BetaGamma(100.0, 0.5), np.array([4.0]), np.array([1.0]), 2).tolist() == [16]


def honest(rows):
    return rows.select(last=pl.col("mid").diff(), mean=pl.col("mid").rolling_mean(3))


def dishonest(rows):
    return honest(rows).with_columns(
        rows.select(
            next=pl.col("mid").shift(-1),
            rank=pl.col("mid").rank(),
            filled=pl.col("gaps").fill_null(strategy="backward"),
        )
    )


def test_features_that_look_ahead_are_named():
    mid = pl.Series("mid", np.random.default_rng(1).normal(size=60))
    rows = pl.DataFrame({"mid": mid, "gaps": [float(n) if n % 3 == 0 else None for n in range(60)]})
    assert leaking(honest, rows, [11, 32]) == []
    assert leaking(dishonest, rows, [11, 32]) == ["filled", "next", "rank"]


def test_a_planted_column_is_too_good():
    given = day("d", 1)
    planted = np.column_stack([given.features[:, 2], given.labels[:, 0] + given.gap / 10])
    assert too_good(planted, given.labels[:, 0], ["noise", "planted"]) == ["planted"]
