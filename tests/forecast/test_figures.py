import numpy as np
import pytest

from lakeflow.forecast.figures import figures
from lakeflow.forecast.sample import sample


def by_name(rows, **options):
    return {each.metric: each for each in figures(rows, 200, 20260101, **options)}


def test_one_pass_has_the_golden_figures(golden):
    found = by_name(sample(golden.p, golden.y, cluster=golden.cluster))
    said = {"brier": 0.18472625, "auc": 0.7983709273, "cox_slope": 0.8161315153, "ece_width10": 0.081175}
    assert {name: found[name].value for name in said} == pytest.approx(said, abs=1e-9)
    assert found["brier"].low < 0.18472625 < found["brier"].high
    assert found["cox_slope"].high - found["cox_slope"].low == pytest.approx(2 * 1.96 * 0.0751795, abs=1e-4)


def test_a_figure_without_a_value_has_its_reason_and_none_is_nan(noisy):
    p, _, _ = noisy(50)
    for y, why in ((np.ones(50), "ONE_CLASS"), (p > 0.5, "SEPARATION")):
        found = by_name(sample(p, y))
        assert found["cox_slope"] == ("cox_slope", None, None, None, "none", why)
        numbers = [each for one in found.values() for each in one[1:4] if each is not None]
        assert np.isfinite(numbers).all()


def test_one_class_leaves_brier_and_miscalibration():
    found = by_name(sample(np.linspace(0.1, 0.9, 40), np.ones(40)))
    assert found["brier"].value == found["brier_mcb"].value > 0
    assert (found["brier_dsc"].value, found["brier_unc"].value) == (0, 0)
    assert (found["auc"].value, found["auc"].status) == (None, "ONE_CLASS")


def test_too_few_clusters_print_nothing(golden):
    few = sample(golden.p, golden.y, cluster=golden.cluster % 29)
    assert figures(few, 10, 1)[0] == ("brier", None, None, None, "none", "LOW_N")
    assert by_name(few, fewest_clusters=2)["brier"].status == "OK"
    assert [each.status for each in figures(sample([], []), 10, 1)] == ["EMPTY"]


def test_the_same_rows_in_any_order_give_the_same_bytes(golden):
    other = np.random.default_rng(1).permutation(400)
    one = figures(sample(golden.p, golden.y, cluster=golden.cluster), 50, 1)
    two = figures(sample(golden.p[other], golden.y[other], cluster=golden.cluster[other]), 50, 1)
    assert repr(one) == repr(two)


def test_edge_37_equal_forecasts_discriminate_nothing_and_err_by_their_distance():
    found = by_name(sample(np.full(40, 0.7), np.arange(40) % 4 == 0))
    assert found["brier_dsc"].value == pytest.approx(0, abs=1e-15)
    assert found["ece_width10"].value == pytest.approx(abs(0.7 - 0.25), abs=1e-12)


@pytest.mark.parametrize("y", [[0, 1, 1], [0, 0, 1], [1, 1, 1]])
def test_a_test_of_certain_forecasts_is_undefined_whatever_came(y):
    found = {f.metric: (f.value, f.status) for f in figures(sample([0, 1, 1], y), 5, 1, fewest_clusters=1)}
    assert found["spiegelhalter_z"] == (None, "UNDEFINED")
