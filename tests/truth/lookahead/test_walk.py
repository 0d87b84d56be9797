"""The walk: what can be told is told, what is shuffled is not, and what leaks is caught."""

import itertools

import numpy as np
import polars as pl
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from lakeflow.truth.lookahead.beside import one_thread_each
from lakeflow.truth.lookahead.checks import CHECKS
from lakeflow.truth.lookahead.folds import Choices
from lakeflow.truth.lookahead.leaks import too_good
from lakeflow.truth.lookahead.models import MODELS, BetaGamma, Task, beta_gamma, boosted, way
from lakeflow.truth.lookahead.plan import Plan
from lakeflow.truth.lookahead.report import results
from lakeflow.truth.lookahead.rows import Row
from lakeflow.truth.lookahead.walk import walk
from tests.truth.futures import leaking

PLAN = Plan(horizons=(1, 5), times=200)
CHEAP = {name: learn for name, learn in MODELS.items() if name != "M4"}


def told(days, plan=PLAN, models=CHEAP):
    return pl.DataFrame(list(results(list(walk(days, plan, models)), plan)), schema=Row._fields, orient="row")


@pytest.fixture(scope="module")
def found(twenty):
    return told(twenty)


def cell(table, model, horizon, metric, item="", session="all"):
    return table.row(
        by_predicate=(pl.col("model") == model)
        & (pl.col("horizon_s") == horizon)
        & (pl.col("metric") == metric)
        & (pl.col("item") == item)
        & (pl.col("session") == session),
        named=True,
    )


def test_every_model_is_told_at_every_horizon_and_session(found):
    sessions = [*(f"d{n}" for n in range(11, 20)), "all"]
    keys = found.select("model", "horizon_s", "session").unique().rows()
    checks = set(itertools.product(CHECKS, (1,), sessions))
    assert set(keys) == set(itertools.product(CHEAP, PLAN.horizons, sessions)) | checks
    assert cell(found, "M0", 1, "r2")["value"] == 0
    assert cell(found, "M0", 1, "hit_rate")["value"] is None


def test_libraries_get_one_thread_wherever_they_are_called_for_two_take_longer(twenty):
    seen = set()

    def look():
        seen.update(library["num_threads"] for library in threadpool_info())

    def learn(_days):
        look()

        def fit(_task):
            look()
            return lambda each: np.zeros(len(each.change))

        return fit

    with one_thread_each():
        list(walk(twenty, PLAN, {"M0": learn}))
    assert seen == {1}


@pytest.mark.parametrize("model", ["M2", "M3"])
def test_a_force_that_pushes_is_found(found, model):
    assert cell(found, model, 1, "r2")["lo"] > 0.5
    assert cell(found, model, 1, "dm_p", "M0")["value"] < 0.01
    assert cell(found, model, 1, "gain", "M0")["lo"] > 0
    assert cell(found, model, 1, "log_loss")["value"] < cell(found, "M0", 1, "log_loss")["value"]
    assert cell(found, model, 1, "ece", "up")["value"] < 0.05
    assert cell(found, model, 1, "pnl", "0.5")["lo"] > 0


def test_quantiles_cover_what_they_should(found):
    for model, (item, share) in itertools.product(CHEAP, {"05": 0.05, "50": 0.5, "95": 0.95}.items()):
        assert cell(found, model, 1, "coverage", item)["value"] >= share - 0.03
    assert cell(found, "M3", 1, "width", "90")["value"] < cell(found, "M0", 1, "width", "90")["value"]


def test_trees_find_the_force_and_tell_the_same_twice(made):
    days, task = [made(1), made(2), made(3)], Task(1, 0)
    days = [day._replace(features=np.column_stack([day.features, day.force])) for day in days]
    with threadpool_limits(1):
        told, again = (boosted(days[:2])(task)(days[2]) for _ in range(2))
    known = ~np.isnan(days[2].labels[:, 0])
    truth = days[2].labels[known, 0]
    assert told.tobytes() == again.tobytes()
    assert ((truth - told[known]) ** 2).sum() < 0.6 * (truth**2).sum()


def test_a_shuffled_day_beats_nothing(shuffled):
    table = told(shuffled).filter(pl.col("model") != "M0", session="all")
    assert (table.filter(metric="r2")["value"] < 0.005).all()
    gains = table.filter(metric="gain", item="M0")
    tests = table.filter(metric="dm_p", item="M0")
    assert ((gains["lo"] <= 0) | (tests["value"] > 0.05)).all()


def test_labels_dealt_out_anew_and_features_a_second_late_tell_less(found):
    assert cell(found, "M3-shuffled", 1, "r2")["value"] < 0.005
    assert cell(found, "M3-shuffled", 1, "gain", "M0")["lo"] <= 0
    assert cell(found, "M3-late", 1, "r2")["hi"] < cell(found, "M3", 1, "r2")["lo"]


def test_what_is_fitted_is_of_days_before_the_test(twenty):
    cut = [*twenty[:12], *(day._replace(labels=-day.labels, force=-day.force) for day in twenty[12:])]
    first, other = (next(walk(days, PLAN, CHEAP)) for days in (twenty, cut))
    assert first.weights.tobytes() == other.weights.tobytes()
    assert first.fitted == other.fitted
    for one, two in zip(first.told, other.told, strict=True):
        assert one.sample.told.tobytes() == two.sample.told.tobytes()
        assert one.sample.quantiles.tobytes() == two.sample.quantiles.tobytes()


def test_a_choice_of_groups_tests_every_session_as_often(twenty):
    plan = PLAN._replace(rule=Choices())
    table = told(twenty, plan, {"M0": CHEAP["M0"], "M3": CHEAP["M3"]})
    once = told(twenty, PLAN, {"M0": CHEAP["M0"]})
    several = cell(table, "M3", 1, "r2", session="d12")
    assert several["n"] == 5 * cell(once, "M0", 1, "r2", session="d12")["n"]
    assert cell(table, "M3", 1, "r2")["lo"] > 0.5


def test_beta_and_gamma_are_those_that_were_printed(made):
    v = np.array([0, 1, 1, 2, 1, 0, -1, -1, 0, 1.0])
    force = np.array([0.5, 0.2, 0.9, -0.4, -0.8, -0.9, 0.1, 0.8, 0.9, 0.3])
    fitted = beta_gamma([made(1)._replace(change=v, force=force)])
    assert f"{fitted.a:.8f} {fitted.b:.8f}" == "0.85296598 1.19763846"
    assert f"{fitted.gamma:.8f} {fitted.beta:.8f} {fitted.pairs}" == "0.14703402 1.19763846 9"


def test_a_pair_with_a_change_that_is_not_known_fits_nothing(made):
    day = made(1)
    hidden = day._replace(change=np.where(np.arange(len(day.change)) < 300, day.change, np.nan))
    assert beta_gamma([hidden]) == beta_gamma([day._replace(change=day.change[:300], force=day.force[:300])])


def test_friction_and_force_of_the_wrong_sign_are_told_and_not_used():
    fitted = BetaGamma(-0.2, -0.1)
    assert (fitted.beta, fitted.gamma) == (0, 1)
    assert not way(fitted, np.array([3.0]), np.array([2.0]), 5).any()


def test_a_push_is_slowed_by_friction():
    assert way(BetaGamma(0.5, 1.0), np.array([4.0]), np.array([0.0]), 3).tolist() == [2 + 1 + 0.5]
    assert way(BetaGamma(0.5, 100.0), np.array([4.0]), np.array([1.0]), 2).tolist() == [16]


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


def test_a_planted_column_is_too_good(made):
    given = made(1)
    planted = np.column_stack([given.features[:, 1], given.labels[:, 0] + given.gap / 10])
    assert too_good(planted, given.labels[:, 0], ["noise", "planted"]) == ["planted"]
