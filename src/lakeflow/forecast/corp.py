"""CORP: a mean score split into miscalibration, discrimination and uncertainty by the isotonic curve, for any proper score."""

from typing import NamedTuple

import numpy as np

from lakeflow.forecast.isotonic import isotonic
from lakeflow.forecast.sample import Sample
from lakeflow.forecast.scores import Score, costs, quadratic, unclipped


class Corp(NamedTuple):
    """score = mcb - dsc + unc (Dimitriadis, Gneiting and Jordan 2021)."""

    score: float
    mcb: float
    dsc: float
    unc: float


def decompose(rows: Sample, score: Score = quadratic) -> Corp | None:
    """The parts of the mean score; None of no rows. Curve and base rate are scored without a clip: they may be certain."""
    if not rows.p.size:
        return None
    flat = np.full(rows.knots.size, rows.base_rate)
    given, calibrated, uncertain = (
        float(costs(rows.hits, rows.mass, forecast, how).sum()) / rows.total
        for forecast, how in (
            (rows.knots, score),
            (isotonic(rows.hits, rows.mass), unclipped(score)),
            (flat, unclipped(score)),
        )
    )
    return Corp(given, given - calibrated, uncertain - calibrated, uncertain)
