"""The walk through the sessions: every model fitted on days before, calibrated on a later one, tested on one later still."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from lakeflow.truth.arrays import Bools, Floats
from lakeflow.truth.lookahead.beside import at_once
from lakeflow.truth.lookahead.checks import CHECKS
from lakeflow.truth.lookahead.conformal import Seconds, quantiles
from lakeflow.truth.lookahead.days import Day, joined, thinned
from lakeflow.truth.lookahead.folds import Fold, folds
from lakeflow.truth.lookahead.labels import classes
from lakeflow.truth.lookahead.models import MODELS, BetaGamma, Forecast, Learn, Task, beta_gamma
from lakeflow.truth.lookahead.plan import Plan
from lakeflow.truth.lookahead.probability import calibrated, raw
from lakeflow.truth.lookahead.purge import Manifest, Parts, manifest, ready
from lakeflow.truth.lookahead.sample import Sample


class Told(NamedTuple):
    """What one model told of one session at one horizon."""

    model: str
    horizon: int
    session: str
    sample: Sample


class Learnt(NamedTuple):
    """What a fold was made of, by horizon, what it fitted, and what it told."""

    manifests: Mapping[int, Manifest]
    weights: Floats
    fitted: BetaGamma
    told: list[Told]


def walk(days: Sequence[Day], plan: Plan, models: Mapping[str, Learn] = MODELS) -> Iterator[Learnt]:
    """Fold by fold; days are oldest first. With M3 the nearest horizon is told by what checks it, too."""
    for fold in folds(len(days), plan.rule):
        yield _learnt(days, fold, plan, models)


def _learnt(days: Sequence[Day], fold: Fold, plan: Plan, models: Mapping[str, Learn]) -> Learnt:
    parts = ready(days, fold, plan.horizons, plan.embargo)
    tasks = [Task(seconds, column) for column, seconds in enumerate(plan.horizons)]
    whole = [days[n] for n in fold.train]
    made = {task.seconds: manifest(parts, whole, *task) for task in tasks}
    checks = CHECKS if "M3" in models else {}
    fits = {name: learn(parts.train) for name, learn in {**models, **checks}.items()}
    few = joined([thinned(day) for day in parts.train])

    def asked(what: tuple[str, Task]) -> list[Told]:
        name, task = what
        forecast = fits[name](task)
        seen = _known(forecast, few, task)
        return list(_told(Fitted(name, forecast, seen.truth - seen.told), parts, task, plan))

    wanted = [(name, task) for task in tasks for name in fits if task == tasks[0] or name in models]
    told = at_once(asked, wanted)
    return Learnt(made, parts.weights, beta_gamma(parts.train), [each for some in told for each in some])


class Fitted(NamedTuple):
    """A model's forecast at one horizon, and its errors where it trained."""

    model: str
    forecast: Forecast
    errors: Floats


def _told(fitted: Fitted, parts: Parts, task: Task, plan: Plan) -> Iterator[Told]:
    """Probabilities begin with the errors of training, quantiles with those of the slice that calibrates."""
    name, forecast, errors = fitted
    slices = [_known(forecast, day, task) for day in parts.calibration]
    told, truth = (np.concatenate(column) for column in list(zip(*slices, strict=True))[1:])
    band = plan.flat_band
    honest = calibrated(raw(told, errors, band), classes(truth, band), task.seconds)
    for day in parts.test:
        seen = _known(forecast, day, task)
        if len(seen.at):
            yield Told(
                name,
                task.seconds,
                day.name,
                Sample(
                    *seen,
                    honest(raw(seen.told, errors, band)),
                    classes(seen.truth, band),
                    day.half_spread[_is_known(day, task)],
                    quantiles(seen, truth - told, task.seconds),
                    np.zeros(len(seen.at), np.int64),
                    1,
                ),
            )


def _known(forecast: Forecast, day: Day, task: Task) -> Seconds:
    rows = _is_known(day, task)
    return Seconds(day.seconds[rows], forecast(day)[rows], day.labels[rows, task.column])


def _is_known(day: Day, task: Task) -> Bools:
    return ~np.isnan(day.labels[:, task.column])
