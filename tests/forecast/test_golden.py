"""The golden sets to their printed digits, the first one worked by hand."""

import json
from pathlib import Path

import numpy as np
import pytest

from lakeflow.forecast import bins, ece, scores
from lakeflow.forecast.corp import decompose
from lakeflow.forecast.cox import cox
from lakeflow.forecast.discrimination import auc, spiegelhalter_z
from lakeflow.forecast.figures import figures
from lakeflow.forecast.isotonic import curve
from lakeflow.forecast.recalibration import beta_map
from lakeflow.forecast.reliability import murphy, yates
from lakeflow.forecast.sample import sample
from lakeflow.forecast.smooth import smooth_ece

GOLDEN = Path(__file__).parents[3] / "shared/reference/golden"
BY_HAND = sample([0.1, 0.1, 0.4, 0.4, 0.4, 0.8, 0.8, 0.8, 0.8, 1], [0, 1, 0, 0, 1, 1, 1, 0, 1, 1])


def close(*values: float) -> object:
    return pytest.approx(values, rel=0, abs=5e-10)


def test_the_scores_worked_by_hand():
    assert (scores.brier(BY_HAND), scores.log_loss(BY_HAND)) == close(113 / 500, 0.6624757154)
    assert spiegelhalter_z(BY_HAND) == pytest.approx(1.176697, abs=5e-7)


def test_the_curve_worked_by_hand():
    found = curve(BY_HAND)
    assert np.repeat(found.x, found.mass.astype(int)) == close(*[0.4] * 5, *[0.75] * 4, 1)
    assert decompose(BY_HAND) == close(0.226, 0.031, 0.045, 0.24)


def test_the_bins_worked_by_hand():
    wide = bins.by_width(BY_HAND)
    assert (ece.ece(wide), ece.mce(wide, fewest_rows=1)) == close(0.12, 0.4)
    parts = murphy(BY_HAND, wide)
    assert (parts.rel, parts.res) == pytest.approx((0.0343333, 0.0483333), abs=5e-8)


def test_the_moments_worked_by_hand():
    parts = yates(BY_HAND)
    assert (parts.bias2, parts.scatter, parts.cov) == close(0.0016, 0.08025, 0.054)


def measured(rows, forecasts) -> dict[str, object]:
    """Our figures under the names of the reference."""
    wide, line, corp = bins.by_width(rows), cox(rows), decompose(rows)
    kept = ("var_y", "bias2", "var_f", "var_f_min", "scatter", "cov", "slope")
    return {
        "n": forecasts.p.size,
        "clusters": rows.clusters,
        "brier": scores.brier(rows),
        "logloss_eps1e6": scores.log_loss(rows),
        "ece_eqw10_leftclosed": ece.ece(wide),
        "mce_eqw10": ece.mce(wide),
        "ece2_debiased_eqmass15": ece.ece_squared_debiased(bins.by_mass(rows)),
        "corp_brier": corp._asdict(),
        "murphy_eqw10": murphy(rows, wide)._asdict(),
        "yates": {name: yates(rows)._asdict()[name] for name in kept},
        "cox": {
            "intercept": line.intercept,
            "slope": line.slope,
            "se0": line.se[0],
            "se1": line.se[1],
            "citl": line.citl,
            "cse0": line.cluster_se[0],
            "cse1": line.cluster_se[1],
        },
        "spiegelhalter_z": spiegelhalter_z(rows),
        "auc": auc(rows),
    }


@pytest.mark.skipif(not GOLDEN.is_dir(), reason="the golden files are not delivered")
@pytest.mark.parametrize("grid", ["on_tick_grid", "off_grid"])
def test_every_digit_of_the_golden_file(grid, golden, off_grid):
    forecasts = golden if grid == "on_tick_grid" else off_grid
    rows = sample(forecasts.p, forecasts.y, cluster=forecasts.cluster)
    said = json.loads((GOLDEN / "calibration_golden_expected.json").read_text())[grid]
    ours = measured(rows, forecasts)
    told = said.keys() - {"smece_relplot", "betacal_abm", "corp_logloss"}  # these have tests of their own
    assert told <= ours.keys()
    for name in sorted(told):
        assert ours[name] == pytest.approx(said[name], rel=1e-11, abs=1e-14), name
    assert smooth_ece(rows) == pytest.approx(said["smece_relplot"], abs=1e-3)  # its search stops at 1/1024


@pytest.mark.skipif(not GOLDEN.is_dir(), reason="the golden files are not delivered")
def test_the_golden_file_is_the_closed_form(golden):
    assert np.array_equal(
        np.loadtxt(GOLDEN / "calibration_golden.csv", delimiter=","), np.column_stack(golden)
    )


def test_the_printed_digits_of_the_second_set(golden):
    rows = sample(golden.p, golden.y, cluster=golden.cluster)
    wide, line = bins.by_width(rows), cox(rows)
    assert (rows.hits.sum(), scores.brier(rows)) == close(210, 0.18472625)
    assert scores.log_loss(rows) == pytest.approx(0.541001627634, abs=5e-13)
    assert (ece.ece(wide), ece.mce(wide)) == close(0.081175, 0.18)
    assert decompose(rows)[1:] == pytest.approx((0.011405825, 0.076054575, 0.249375), abs=5e-10)
    assert murphy(rows, wide)[:2] == pytest.approx((0.009152072, 0.074476399), abs=5e-10)
    assert murphy(rows, wide)[3:] == pytest.approx((0.000846090, 0.000170513), abs=5e-10)
    assert ece.ece_squared_debiased(bins.by_mass(rows)) == pytest.approx(-0.002829844, abs=5e-10)
    assert (line.intercept, line.slope) == pytest.approx((0.134772367, 0.816131515), abs=5e-10)
    assert (*line.se, *line.cluster_se) == pytest.approx((0.117793, 0.094451, 0.108188, 0.07518), abs=5e-7)
    assert (line.citl, auc(rows)) == pytest.approx((0.148426963, 0.798370927), abs=5e-10)
    assert spiegelhalter_z(rows) == pytest.approx(2.168951, abs=5e-7)
    assert smooth_ece(rows) == pytest.approx(0.0477, abs=5e-5)


def test_the_golden_log_loss_decomposition_and_beta_map(off_grid):
    rows = sample(off_grid.p, off_grid.y)
    said = (0.540671117843493, 0.037432091360036446, 0.1886576327216234, 0.6918966592050799)
    assert decompose(rows, scores.logarithmic) == pytest.approx(said, rel=1e-12)
    found = beta_map(rows)
    assert (found.a, found.b, found.m) == pytest.approx(
        (1.0402608010071903, 0.6383487929405125, 0.441276229104393), abs=1e-9
    )


def bounds(rows, metric) -> tuple[float, float]:
    """The interval that a table of metrics prints, by the draws of the reference."""
    (found,) = (each for each in figures(rows, 1000, 20260101) if each.metric == metric)
    return found.low, found.high


def test_the_golden_bootstrap_of_clusters(golden):
    rows = sample(golden.p, golden.y, cluster=golden.cluster)
    assert bounds(rows, "brier") == close(0.16716675, 0.20140425)
    assert bounds(rows, "ece_width10") == close(0.059125, 0.12825)


def test_copies_of_rows_within_their_clusters_tell_the_bootstrap_nothing(golden):
    p, y, own = golden.p[:50], golden.y[:50], np.arange(50)
    once = sample(p, y, cluster=own)
    copied = sample(np.repeat(p, 8), np.repeat(y, 8), cluster=np.repeat(own, 8))
    for rows in (once, copied):
        assert bounds(rows, "brier") == close(0.117782, 0.229182)
    assert bounds(sample(copied.p, copied.y), "brier") == pytest.approx((0.152, 0.193), abs=2e-3)
