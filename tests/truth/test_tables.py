"""Truth tables: no cell is missing, marginals reconcile, a difference is told from chance."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from lakeflow.truth.tables import Measures, truth_table

DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(12)]
MEASURES = Measures(("cont_5",), ("fwd_ret_5",), times=200)


@pytest.fixture
def exposure():
    rows = [
        {
            "session_date": day,
            "tod": tod,
            "regime": regime,
            "seconds": 1800,
            "base_sum_fwd_ret_5": 0.0,
            "base_n_fwd_ret_5": 1800,
        }
        for day in DAYS
        for tod in ("am", "pm")
        for regime in ("low", None)
    ]
    return pl.DataFrame(rows).with_columns(underlying=pl.lit("ES"), dte_bucket=pl.lit("na"))


def happened(count, tod="am"):
    rng = np.random.default_rng(2)
    rows = [
        {
            "session_date": DAYS[n % 12],
            "tod": tod,
            "regime": "low" if n % 3 else None,
            "cont_5": n % 4 > 0,
            "fwd_ret_5": 1 + rng.normal(),
        }
        for n in range(count)
    ]
    wanted = {
        "session_date": pl.Date,
        "tod": pl.String,
        "regime": pl.String,
        "cont_5": pl.Boolean,
        "fwd_ret_5": pl.Float64,
    }
    return pl.DataFrame(rows, wanted).with_columns(
        underlying=pl.lit("ES"), kind=pl.lit("burst"), dte_bucket=pl.lit("na")
    )


def cell(table, metric, tod="all", regime="all", dte="all"):
    where = {"metric": metric, "tod": tod, "regime": regime, "dte_bucket": dte, "kind": "burst"}
    found = table.filter(**where)
    assert len(found) == 1
    return found.row(0, named=True)


def test_a_rate_is_per_hour_of_exposure_with_its_interval(exposure):
    row = cell(truth_table(happened(48), exposure, ["burst"], MEASURES), "per_hour", tod="am")
    assert (row["n"], row["exposure_h"], row["value"], row["days"]) == (48, 12, 4, 12)
    assert row["lo"] < 4 < row["hi"]


def test_cells_in_which_nothing_happened_are_there(exposure):
    table = truth_table(happened(48), exposure, ["burst", "fear"], MEASURES)
    row = cell(table, "per_hour", tod="pm")
    assert (row["n"], row["value"], row["lo"], row["low_n"]) == (0, 0, 0, True)
    assert round(row["hi"] * row["exposure_h"], 4) == 3.6889
    assert cell(table, "cont_5", tod="pm")["value"] is None
    assert table.filter(kind="fear")["n"].sum() == 0 < len(table.filter(kind="fear"))


def test_no_event_at_all_is_a_table_of_zeros(exposure):
    assert truth_table(happened(0), exposure, ["burst"], MEASURES)["n"].sum() == 0


@pytest.mark.parametrize("metric", ["per_hour", "cont_5", "fwd_ret_5"])
def test_marginals_reconcile(exposure, metric):
    table = truth_table(happened(50), exposure, ["burst"], MEASURES).filter(metric=metric)
    whole = cell(table, metric)["n"]
    assert whole == 50
    for name in ("tod", "regime", "dte_bucket"):
        others = [other for other in ("tod", "regime", "dte_bucket") if other != name]
        one = table.filter(pl.col(name) != "all", *(pl.col(other) == "all" for other in others))
        assert one["n"].sum() == whole
    assert (
        table.filter(*(pl.col(name) != "all" for name in ("tod", "regime", "dte_bucket")))["n"].sum() == whole
    )


def test_a_difference_to_the_baseline_has_a_q_value(exposure):
    table = truth_table(happened(48), exposure, ["burst"], MEASURES)
    row = cell(table, "fwd_ret_5")
    assert row["difference"] == row["value"] > 0.5
    assert row["p"] <= row["q"] < 0.05
    assert not row["low_n"]
    assert cell(table, "cont_5")["p"] is None


def test_an_event_without_exposure_is_a_fault(exposure):
    with pytest.raises(ValueError, match="events in cells without exposure"):
        truth_table(happened(3, tod="night"), exposure, ["burst"], MEASURES)


def test_ties_are_left_out_and_counted(exposure):
    even = pl.int_range(pl.len()) % 3 == 0
    events = happened(48).with_columns(tie_cont_5=even, cont_5=pl.when(~even).then("cont_5"))
    row = cell(truth_table(events, exposure, ["burst"], MEASURES), "cont_5")
    assert (row["n"], row["ties"]) == (32, 16)
    assert cell(truth_table(happened(48), exposure, ["burst"], MEASURES), "cont_5")["ties"] is None


def test_how_few_are_few_is_asked_for(exposure):
    some, strict = (MEASURES._replace(min_n=n, min_days=days) for n, days in ((5, 2), (49, 13)))
    few = [cell(truth_table(happened(48), exposure, ["burst"], each), "fwd_ret_5") for each in (some, strict)]
    assert [row["low_n"] for row in few] == [False, True]
    assert few[0]["lo"] < few[0]["value"] < few[0]["hi"]
    assert (few[1]["lo"], few[1]["p"]) == (None, None)
