"""Weights: cut at what all but one in a hundred forecasts of the month before had, and by nothing that came later."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.fitted import ill_capped
from lakeflow.forecast.tables.weights import cap, capped, winsorised

NOON, DAY = datetime(2026, 2, 10, 12, tzinfo=UTC), timedelta(days=1)
TIME = pl.Datetime("ns", "UTC")


def snapshots(*rows):
    """A market a row: the days since noon of the tenth, its dollars, and whether it was excluded."""
    made = [
        {"condition_id": f"m{n}", "ts_cutoff": NOON + days * DAY, "volume_24h": None if dollars is None else dollars * WHOLE, "excluded": out}
        for n, (days, dollars, out) in enumerate(rows)
    ]  # fmt: skip
    return pl.DataFrame(
        made,
        schema={"condition_id": pl.String, "ts_cutoff": TIME, "volume_24h": pl.Int64, "excluded": pl.Boolean},
    )


def score(dollars, anchor="SCHED_END"):
    rows = {"anchor": [anchor], "ts_cutoff": [NOON], "weight_volume": [dollars]}
    return pl.DataFrame(rows, schema_overrides={"ts_cutoff": TIME})


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(-1, 5, False)], 5.0),
        ([(-1, 5, False), (-2, 3, False)], 5.0),
        ([(-1, n, False) for n in range(1, 102)], 100.0),
        ([(0, 900, False), (1, 900, False)], None),
        ([(-31, 900, False), (-30, 7, False)], 7.0),
        ([(-1, 900, True), (-1, 0, False), (-1, None, False), (-1, 2, False)], 2.0),
        ([], None),
    ],
    ids=["one", "two", "a hundred and one", "the day itself and later", "a month", "excluded or without a dollar", "none"],
)  # fmt: skip
def test_a_cap_is_of_the_month_before_the_day(rows, expected):
    told = snapshots(*rows)
    found = capped(score(50.0), told)
    assert found["weight_cap"].item() == expected
    assert winsorised(found)["weight_volume"].item() == min(50.0, expected or 50.0)
    assert ill_capped(found, told).is_empty()


def test_the_anchor_that_looks_ahead_has_no_cap():
    told = snapshots((-1, 5, False))
    found = capped(score(50.0, "CLOSE_EXPOST"), told)
    assert found["weight_cap"].to_list() == [None]
    assert ill_capped(found, told).is_empty()


def test_a_cap_is_the_percentile_that_numpy_calls_higher():
    weights = np.random.Generator(np.random.Philox(1)).uniform(size=1_234)
    for rows in (1, 2, 99, 100, 101, 102, 1_234):
        assert cap(weights[:rows]) == np.quantile(weights[:rows], 0.99, method="higher")


@pytest.mark.parametrize("forged", [4.0, 6.0, 900.0, None])
def test_another_cap_is_caught(forged):
    told = snapshots((-1, 5, False), (-2, 3, False), (0, 900, False))
    assert ill_capped(score(50.0).with_columns(weight_cap=pl.lit(forged, pl.Float64)), told).height == 1
