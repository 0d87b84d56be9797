"""The walk through the sessions: every model fitted on days before, calibrated on a later one, tested on one later still."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from lakeflow.truth.arrays import Floats, Ints
from lakeflow.truth.clusters import Draws
from lakeflow.truth.lookahead import scores
from lakeflow.truth.lookahead.compare import by_session, diebold_mariano
from lakeflow.truth.lookahead.folds import Fold, Walk, folds
from lakeflow.truth.lookahead.labels import classes
from lakeflow.truth.lookahead.models import MODELS, Day, Fit, Forecast, Task, thinned
from lakeflow.truth.lookahead.probability import calibrated, log_loss, raw

UP = 2
POOLED = "all"


class Plan(NamedTuple):
    horizons: tuple[int, ...] = (1, 2, 5, 10, 20, 30)
    walk: Walk = Walk()
    flat_band: float = 0.5
    bins: int = 15
    times: int = 2000


class Tested(NamedTuple):
    """What a model told of a session, and what came; only rows whose label is known."""

    session: str
    told: Floats
    truth: Floats
    probabilities: Floats
    classes: Ints


def calibration(days: Sequence[Day], plan: Plan, models: Mapping[str, Fit] = MODELS) -> pl.DataFrame:
    """A row for each model, horizon and test session, and one for all sessions; days are oldest first.

    In one thread: the steps are so short that two spend more time waiting for each other, twice as long where others run.
    """
    import sklearn.ensemble  # noqa: F401  limits hold for libraries that are there

    with threadpool_limits(1):
        return _calibration(days, plan, models)


def _calibration(days: Sequence[Day], plan: Plan, models: Mapping[str, Fit]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for column, seconds in enumerate(plan.horizons):
        told = {name: list(_walked(days, fit, Task(seconds, column), plan)) for name, fit in models.items()}
        for name, tests in told.items():
            rows += [{"model": name, "horizon_s": seconds} | row for row in _scored(tests, plan)]
            rows[-1] |= _compared(tests, told, seconds, Draws(f"{name}|{seconds}", plan.times))
    return pl.DataFrame(rows, infer_schema_length=None)


def _walked(days: Sequence[Day], fit: Fit, task: Task, plan: Plan) -> Iterator[Tested]:
    for fold in folds(len(days), plan.walk):
        yield from _tested(days, fold, fit, task, plan.flat_band)


def _tested(days: Sequence[Day], fold: Fold, fit: Fit, task: Task, band: float) -> Iterator[Tested]:
    train = [days[n] for n in fold.train]
    forecast = fit(train, task)
    known = (_known(forecast, thinned(day), task) for day in train)
    errors = np.concatenate([truth - told for told, truth in known])
    slices = [_known(forecast, days[n], task) for n in fold.calibration]
    told, truth = (np.concatenate(part) for part in zip(*slices, strict=True))
    honest = calibrated(raw(told, errors, band), classes(truth, band))
    for n in fold.test:
        told, truth = _known(forecast, days[n], task)
        yield Tested(days[n].name, told, truth, honest(raw(told, errors, band)), classes(truth, band))


def _known(forecast: Forecast, day: Day, task: Task) -> tuple[Floats, Floats]:
    truth = day.labels[:, task.column]
    known = ~np.isnan(truth)
    return forecast(day)[known], truth[known]


def _scored(tests: Sequence[Tested], plan: Plan) -> Iterator[dict[str, Any]]:
    """The sessions, and last of all the pool of them."""
    pooled = Tested(POOLED, *(np.concatenate(part) for part in list(zip(*tests, strict=True))[1:]))
    for test in (*tests, pooled):
        up, told_up = test.classes == UP, test.probabilities[:, UP]
        probable = {
            "brier": scores.brier_of_classes(test.probabilities, test.classes),
            "log_loss": log_loss(test.probabilities, test.classes),
            "auc_up": scores.auc(told_up, up),
            "mcc": scores.matthews(test.probabilities.argmax(axis=1), test.classes),
        }
        honest = scores.of_reliability(scores.reliability(told_up, up, plan.bins))
        yield {"session": test.session} | scores.of_forecast(test.told, test.truth) | probable | honest


def _compared(
    tests: Sequence[Tested], told: Mapping[str, Sequence[Tested]], seconds: int, draws: Draws
) -> dict[str, Any]:
    """Against M0 and M1: the gain in squared ticks, its p-value, and its interval over sessions."""
    row: dict[str, Any] = {}
    for name in ("M0", "M1"):
        if name in told:
            gains = [_gain(own, other) for own, other in zip(tests, told[name], strict=True)]
            found, bounds = diebold_mariano(gains, seconds), by_session(gains, draws)
            row |= {
                f"gain_{name}": found.gain,
                f"dm_{name}": _or_none(found.statistic),
                f"p_{name}": _or_none(found.p),
            }
            row |= {f"gain_{name}_lo": bounds and bounds.lo, f"gain_{name}_hi": bounds and bounds.hi}
    return row


def _gain(own: Tested, other: Tested) -> Floats:
    return np.asarray((other.truth - other.told) ** 2 - (own.truth - own.told) ** 2)


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value
