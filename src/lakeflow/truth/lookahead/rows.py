"""What was told as rows of one long table: a number, how many seconds it is of, and its interval."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from lakeflow.truth.arrays import Floats
from lakeflow.truth.clusters import Draws, interval, weights
from lakeflow.truth.intervals import wilson
from lakeflow.truth.lookahead.bins import CLASSES, Binned, reliabilities
from lakeflow.truth.lookahead.compare import diebold_mariano
from lakeflow.truth.lookahead.of_classes import of_classes
from lakeflow.truth.lookahead.of_quantiles import of_quantiles
from lakeflow.truth.lookahead.of_ticks import earnings, of_ticks
from lakeflow.truth.lookahead.plan import Plan
from lakeflow.truth.lookahead.sample import Measure, Sample, mean, pooled

ALL = "all"


class Row(NamedTuple):
    model: str
    horizon_s: int
    session: str
    metric: str
    item: str = ""
    n: int = 0
    value: float | None = None
    lo: float | None = None
    hi: float | None = None
    method: str = "none"
    nominal: float | None = None
    text: str | None = None


class Asked(NamedTuple):
    """What is told of, by whom, and how often each session is drawn; no draws, no intervals."""

    key: tuple[str, int, str]
    sample: Sample
    drawn: Floats | None


def asked(key: tuple[str, int, str], sample: Sample, times: int) -> Asked:
    """Sessions are drawn again where there are eight or more, the same ones for every model and horizon."""
    draws = Draws("lookahead", times)
    many = sample.sessions >= draws.min_days
    return Asked(key, sample, weights(sample.sessions, draws) if many else None)


def scored(model: str, horizon: int, told: Mapping[str, Mapping[str, Sample]], plan: Plan) -> Iterator[Row]:
    """Each session by itself, and all of them: what `model` told, against what the first two models did."""
    against = {name: told[name] for name in ("M0", "M1") if name in told}
    for name, sample in told[model].items():
        others = {other: tests[name] for other, tests in against.items()}
        yield from _scored(asked((model, horizon, name), sample, plan.times), others, plan)
    every = {other: pooled(list(tests.values())) for other, tests in against.items()}
    whole = pooled(list(told[model].values()))
    yield from _scored(asked((model, horizon, ALL), whole, plan.times), every, plan)


def _scored(what: Asked, others: Mapping[str, Sample], plan: Plan) -> Iterator[Row]:
    sample, tables = what.sample, reliabilities(what.sample, plan.bins)
    for each in (
        *of_ticks(sample),
        *of_classes(sample, tables),
        *of_quantiles(sample),
        *earnings(sample, plan.fee, plan.thresholds),
    ):
        yield row(what, each)
    for name, table in zip(CLASSES, tables, strict=True):
        yield from _table(what, name, table)
    for name, other in others.items():
        yield from _against(what, name, other)


def row(what: Asked, measure: Measure) -> Row:
    value = float(measure.of(np.ones((1, what.sample.sessions)))[0])
    told = Row(*what.key, measure.metric, measure.item, measure.n, _or_none(value), nominal=measure.nominal)
    if what.drawn is None or told.value is None:
        return told
    bounds = interval(measure.of(what.drawn), Draws("lookahead"))
    return told._replace(lo=bounds.lo, hi=bounds.hi, method="session_bootstrap")


def _table(what: Asked, name: str, table: Binned) -> Iterator[Row]:
    """The reliability of a class: `nominal` is the mean of what was told in a bin, `value` how often it happened."""
    columns = (each.sum(axis=0) for each in table)
    for place, (n, told, happened) in enumerate(zip(*columns, strict=True), 1):
        rows, hits = int(n), int(happened)
        bounds = wilson(hits, rows)
        item = f"{name} {place:02d}"
        yield Row(
            *what.key, "happened", item, rows, hits / rows, bounds.lo, bounds.hi, "wilson", float(told / n)
        )


def _against(what: Asked, name: str, other: Sample) -> Iterator[Row]:
    """The gain in squared ticks, Diebold and Mariano's statistic of it, and its p-value."""
    sample, horizon = what.sample, what.key[1]
    gained = (other.truth - other.told) ** 2 - (sample.truth - sample.told) ** 2
    n = len(gained)
    yield row(what, Measure("gain", name, n, mean(sample, gained)))
    by_session = [gained[sample.place == place] for place in range(sample.sessions)]
    found = diebold_mariano(by_session, horizon)
    for metric, value in (("dm", found.statistic), ("dm_p", found.p)):
        yield Row(*what.key, metric, name, n, _or_none(value))


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
