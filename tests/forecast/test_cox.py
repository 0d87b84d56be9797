import numpy as np
import pytest

from lakeflow.forecast.cox import cox, in_the_large
from lakeflow.forecast.logistic import logit
from lakeflow.forecast.sample import sample


def test_line_and_errors_are_those_of_statsmodels(noisy):
    from statsmodels import api

    p, y, cluster = noisy(600)
    p = np.clip(p, 0.01, 0.99)
    odds = logit(p, 1e-6)
    model = api.GLM(y, api.add_constant(odds), family=api.families.Binomial())
    plain = model.fit(tol=1e-12)
    options = {"groups": cluster, "use_correction": False}
    robust = model.fit(tol=1e-12, cov_type="cluster", cov_kwds=options)
    many = np.unique(cluster).size
    found = cox(sample(p, y, cluster=cluster))
    assert (found.intercept, found.slope) == pytest.approx(tuple(plain.params), abs=1e-8)
    assert found.se == pytest.approx(tuple(plain.bse), abs=1e-8)
    assert found.cluster_se == pytest.approx(tuple(robust.bse * np.sqrt(many / (many - 1))), abs=1e-8)


def test_calibration_in_the_large_is_that_of_statsmodels(noisy):
    from statsmodels import api

    p, y, cluster = noisy(600)
    p = np.clip(p, 0.01, 0.99)
    model = api.GLM(y, np.ones((600, 1)), family=api.families.Binomial(), offset=logit(p, 1e-6))
    said, found = model.fit(tol=1e-12), cox(sample(p, y, cluster=cluster))
    options = {"groups": cluster, "use_correction": False}
    robust = model.fit(tol=1e-12, cov_type="cluster", cov_kwds=options)
    many = np.unique(cluster).size
    assert found.citl == pytest.approx(said.params[0], abs=1e-8)
    assert found.citl_cluster_se == pytest.approx(robust.bse[0] * np.sqrt(many / (many - 1)), abs=1e-8)


def test_a_weight_is_as_many_copies_in_the_same_cluster(noisy):
    p, y, cluster = noisy(300)
    copies = np.random.default_rng(2).integers(1, 5, 300)
    one = cox(sample(p, y, copies, cluster))
    other = cox(sample(*(np.repeat(each, copies) for each in (p, y)), cluster=np.repeat(cluster, copies)))
    assert [*one[:2], *one.cluster_se, one.citl, one.citl_cluster_se] == pytest.approx(
        [*other[:2], *other.cluster_se, other.citl, other.citl_cluster_se], rel=1e-9
    )


def test_forecasts_drawn_in_are_told_to_be_shy():
    random = np.random.default_rng(1)
    truth = random.random(20_000)
    odds = logit(truth, 1e-6) / 2
    found = cox(sample(1 / (1 + np.exp(-odds)), random.random(20_000) < truth))
    assert found.slope == pytest.approx(2, abs=0.06)
    assert found.intercept == pytest.approx(0, abs=0.05)


def test_the_cluster_error_of_copied_rows_is_that_of_one_each(noisy):
    p, y, _ = noisy(300)
    one = cox(sample(p, y, cluster=np.arange(300)))
    copied = cox(sample(np.repeat(p, 9), np.repeat(y, 9), cluster=np.repeat(np.arange(300), 9)))
    assert copied.cluster_se == pytest.approx(one.cluster_se, rel=1e-9)
    assert copied.se[1] == pytest.approx(one.se[1] / 3, rel=1e-9)


@pytest.mark.parametrize(
    ("p", "y", "why"),
    [
        ([], [], "EMPTY"),
        ([0.2, 0.9], [1, 1], "ONE_CLASS"),
        ([0.3, 0.3], [1, 0], "CONSTANT"),
        ([0.1, 0.2, 0.8], [0, 0, 1], "SEPARATION"),
        ([0.1, 0.2, 0.8], [1, 1, 0], "SEPARATION"),
    ],
)
def test_where_there_is_no_line_there_is_a_reason(p, y, why):
    assert cox(sample(p, y)) == why


def test_calibration_in_the_large_outlives_separation_but_not_one_class():
    assert in_the_large(sample([0.3, 0.3], [1, 0])) == pytest.approx(np.log(0.7 / 0.3))
    assert in_the_large(sample([0.1, 0.9], [0, 1])) == pytest.approx(0, abs=1e-9)
    assert in_the_large(sample([0.1, 0.9], [1, 1])) is in_the_large(sample([], [])) is None


def test_nearly_separated_rows_still_find_their_line():
    rows = sample(np.r_[np.full(99, 1e-6), 0.5, 0.4, np.full(99, 1 - 1e-6)], [0.0] * 100 + [1.0] * 100)
    found = cox(rows)
    assert np.isfinite([*found.se, *found.cluster_se]).all()
