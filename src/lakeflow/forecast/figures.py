"""Every figure of one segment with its interval, in one pass: the rows of a metric table."""

from collections.abc import Iterator
from typing import NamedTuple

from lakeflow.forecast import ece, scores
from lakeflow.forecast.bands import null, places
from lakeflow.forecast.bins import by_mass, by_width
from lakeflow.forecast.bootstrap import Interval, ece_width, interval, mean_error
from lakeflow.forecast.clustered import ece_squared, ece_squared_clustered
from lakeflow.forecast.compiled import Floats
from lakeflow.forecast.corp import decompose
from lakeflow.forecast.cox import Cox, cox, in_the_large
from lakeflow.forecast.discrimination import auc, spiegelhalter_z
from lakeflow.forecast.reliability import murphy, yates
from lakeflow.forecast.resample import Resampled, Wanted, by_chance, redrawn
from lakeflow.forecast.sample import EMPTY, OK, Sample, status
from lakeflow.forecast.smooth import smooth_ece

LOW_N = "LOW_N"
UNDEFINED = "UNDEFINED"  # the figure divides by 0 on these rows
FEWEST_CLUSTERS = 30
NORMAL = 1.959963984540054  # 95 % of a normal lie this many deviations around its mean
PERCENTILE, WALD, NONE = "cluster_percentile", "cluster_wald", "none"
SCORES = {"brier": scores.quadratic, "log_loss": scores.logarithmic}


class Figure(NamedTuple):
    """One figure: no value has its reason in `status`."""

    metric: str
    value: float | None
    low: float | None = None
    high: float | None = None
    method: str = NONE
    status: str = OK


class Redraws(NamedTuple):
    """What every interval and band is read from: samples of clusters drawn again, and of outcomes that come true by the forecasts."""

    again: Resampled
    calibrated: Resampled


def figures(rows: Sample, draws: int, seed: int, *, fewest_clusters: int = FEWEST_CLUSTERS) -> list[Figure]:
    """All figures in a fixed order. Too few clusters print none: the list then says so in one row."""
    if is_too_few(rows, fewest_clusters):
        return [too_few(rows)]
    return told(rows, redraws(rows, draws, seed))


def is_too_few(rows: Sample, fewest_clusters: int) -> bool:
    """Whether there are no rows, or none that would be more than luck."""
    return not rows.p.size or rows.clusters < fewest_clusters


def too_few(rows: Sample) -> Figure:
    """The one figure of rows that print none."""
    return Figure("brier", None, status=LOW_N if rows.p.size else EMPTY)


def redraws(rows: Sample, draws: int, seed: int) -> Redraws:
    """The draws of these rows, with the curve of each where bands are drawn."""
    statistics = [ece_width(rows), ece_squared(rows), mean_error(rows)]
    wanted = Wanted([*SCORES.values()], places(rows), statistics)
    return Redraws(redrawn(rows, draws, seed, wanted), by_chance(rows, rows.knots, draws, seed, wanted))


def told(rows: Sample, drawn: Redraws) -> list[Figure]:
    """All figures, their intervals by these draws."""
    again, calibrated = drawn
    return [
        *_scored(rows, again, calibrated),
        *_binned(rows, *again.others[:2]),
        *_recalibrated(rows),
        *_plain(rows, again.others[2]),
    ]


def _scored(rows: Sample, again: Resampled, calibrated: Resampled) -> Iterator[Figure]:
    for (name, score), parts, chance in zip(SCORES.items(), again.parts, calibrated.parts, strict=True):
        seen = decompose(rows, score)
        assert seen is not None
        for part, value, drawn in zip(seen._fields, seen, parts, strict=True):
            label = name if part == "score" else f"{name}_{part}"
            yield _with(label, value, interval(drawn))
        by_luck = null(seen.mcb, chance.mcb)
        yield Figure(f"{name}_mcb_null_mean", by_luck.mean)
        yield Figure(f"{name}_mcb_p_value", by_luck.p_value)
    yield _or_why(rows, "auc", auc(rows), interval(again.auc))


def _binned(rows: Sample, errors: Floats, squares: Floats) -> Iterator[Figure]:
    wide, even = by_width(rows), by_mass(rows)
    yield _with("ece_width10", ece.ece(wide), interval(errors))
    yield Figure("ece_mass15", ece.ece(even))
    yield Figure("ece_squared_mass15", ece.ece_squared(even))
    yield Figure("ece_squared_debiased_mass15", ece.ece_squared_debiased(even))
    yield _with("ece_squared_clustered_mass15", ece_squared_clustered(rows), interval(squares))
    yield Figure("ece_sweep", ece.ece_sweep(rows))
    yield Figure("smooth_ece", smooth_ece(rows))
    largest = ece.mce(wide)
    yield Figure("mce_width10", largest, status=OK if largest is not None else LOW_N)
    parts = murphy(rows, wide)
    assert parts is not None
    yield from (Figure(f"murphy_{name}", value) for name, value in parts._asdict().items())


def _recalibrated(rows: Sample) -> Iterator[Figure]:
    line = cox(rows)
    if isinstance(line, Cox):
        yield _wald("cox_intercept", line.intercept, line.cluster_se[0])
        yield _wald("cox_slope", line.slope, line.cluster_se[1])
        yield _wald("citl", line.citl, line.citl_cluster_se)
        return
    yield from (Figure(name, None, status=line) for name in ("cox_intercept", "cox_slope"))
    shift = in_the_large(rows)
    yield Figure("citl", shift, status=OK if shift is not None else line)


def _plain(rows: Sample, errors: Floats) -> Iterator[Figure]:
    moments = yates(rows)
    assert moments is not None
    for name, value in moments._asdict().items():
        yield _or_why(rows, f"yates_{name}", value)
    error = float((rows.mass * rows.knots - rows.hits).sum()) / rows.total
    yield _with("mean_error", error, interval(errors))
    z = spiegelhalter_z(rows)  # none where every forecast is certain: then nothing is left to chance
    yield Figure("spiegelhalter_z", z, status=OK if z is not None else UNDEFINED)
    yield Figure("sharpness", scores.sharpness(rows))
    yield Figure("extreme_share", scores.extreme_share(rows))
    yield Figure("certain_wrong", float(scores.certain_wrong(rows)))
    yield Figure("base_rate", rows.base_rate)


def _wald(name: str, value: float, error: float) -> Figure:
    return Figure(name, value, value - NORMAL * error, value + NORMAL * error, WALD)


def _with(name: str, value: float | None, bounds: Interval | None) -> Figure:
    if bounds is None:
        return Figure(name, value)
    return Figure(name, value, bounds.low, bounds.high, PERCENTILE)


def _or_why(rows: Sample, name: str, value: float | None, bounds: Interval | None = None) -> Figure:
    if value is not None:
        return _with(name, value, bounds)
    why = status(rows)
    return Figure(name, None, status=UNDEFINED if why == OK else why)
