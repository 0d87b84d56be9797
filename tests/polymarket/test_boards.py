"""Scoreboards: what skill is measured against leaves the forecast's own cluster out, and the bias meter is of the anchor it is about."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.forecast.tables.boards import by_segment, meter
from lakeflow.forecast.tables.fitted import ill_compared
from lakeflow.forecast.tables.scored import SHAPE
from lakeflow.forecast.tables.yardsticks import references, yardsticks

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
ROW = {
    "anchor": "SCHED_END", "horizon_s": 3600, "forecaster": "MARKET", "p": 500_000, "brier": 0.25, "log_loss": 0.69, "category": "politics",
    "liquidity_bucket": "LOW", "p_kind": "MID", "weight_equal": 1.0, "weight_volume": 1.0,
}  # fmt: skip


def scored(*rows):
    """Forecasts, each a market, its cluster, the day of its cutoff, the day of its label and the label."""
    named = [
        ROW | {"condition_id": name, "cluster_id": cluster, "ts_cutoff": FIRST + timedelta(days=cut),
               "ts_label_known": FIRST + timedelta(days=known), "y": y}
        for name, cluster, cut, known, y in rows
    ]  # fmt: skip
    return pl.DataFrame(named, schema=SHAPE)


def reference(*rows):
    every = scored(*rows)
    held = yardsticks(every, every.clear())
    assert ill_compared(held, every, with_up_down=False).is_empty()
    found = references(every, held)
    return found.filter(pl.col("segment") == "all")["brier_reference"].item()


@pytest.mark.parametrize(
    ("rows", "brier"),
    [
        ([("a", "G", 0, 1, 1), ("b", "G", 2, 3, 0)], 0.25),
        ([("a", "F", 0, 1, 1), ("b", "G", 2, 3, 0)], (0.25 + 1) / 2),
        ([("a", "F", 0, 2, 1), ("b", "G", 2, 3, 0)], 0.25),
        ([("a", "G", 0, 1, 1), ("b", "F", 0, 1, 0), ("c", "G", 2, 3, 1)], (0.25 + 0.25 + 1) / 3),
        ([("a", "F", 0, 1, 1), ("b", "E", 0, 1, 0), ("a", "F", 2, 1, 1), ("c", "G", 2, 3, 1)], (0.25 + 0.25 + 1 + 0.25) / 4),
    ],
)  # fmt: skip
def test_skill_is_measured_against_the_labels_of_other_clusters_that_were_known_before(rows, brier):
    assert reference(*rows) == pytest.approx(brier)


def test_the_order_of_rows_changes_no_reference():
    rows = [(f"m{n}", f"c{n % 3}", n % 5, n % 5 + 1, n % 2) for n in range(20)]
    one, other = scored(*rows), scored(*rows[::-1])
    assert yardsticks(one, one.clear()).equals(yardsticks(other, one.clear()))


def test_a_day_of_its_own_says_what_all_days_together_say():
    rows = scored(*((f"m{n}", f"c{n % 3}", n % 5, n % 5 + 1 + n % 4, n % 2) for n in range(40)))
    late = pl.col("ts_label_known") > FIRST + timedelta(days=6)
    today, past = rows.filter(late), rows.filter(~late)
    apart = pl.concat([yardsticks(past, past.clear()), yardsticks(today, past)])
    whole = yardsticks(rows, rows.clear()).join(today, on="condition_id", how="semi")
    assert yardsticks(today, past).equals(whole)
    assert apart.height == yardsticks(rows, rows.clear()).height


def test_only_the_anchor_before_the_scheduled_end_has_a_bias_meter():
    figures = [("SCHED_END", 0.01, 1.0), ("OPEN_PLUS", 0.02, 1.1), ("CLOSE_EXPOST", 0.21, 2.5)]
    rows = pl.DataFrame(figures, schema=["anchor", "ece_width10", "cox_slope"], orient="row").with_columns(
        segment=pl.lit("all"), horizon_s=pl.lit(3600), forecaster=pl.lit("MARKET")
    )
    found = meter(rows)
    assert found["anchor"].to_list() == ["SCHED_END"]
    assert found.select("bias_meter_ece", "bias_meter_slope").row(0) == pytest.approx((0.2, 1.5))


def test_segments_are_ranked_among_their_kind_and_all_is_not():
    skills = {
        "all": 0.1,
        "category=crypto": 0.2,
        "category=politics": 0.1,
        "liquidity=HIGH": 0.05,
        "liquidity=THIN": 0.3,
    }
    known = {
        "anchor": "SCHED_END", "horizon_s": 3600, "forecaster": "MARKET", "weighting": "EQUAL", "metric": "brier", "ci_lo": 0.1, "ci_hi": 0.2,
        "status": "OK", "forecasts": 100, "markets": 100, "clusters": 100, "n_eff": 100.0, "base_rate": 0.5,
        "label_window": "365d",
    }  # fmt: skip
    metrics = pl.DataFrame([known | {"segment": name, "value": value} for name, value in skills.items()])
    rows = [(f"{category}{n}", f"{category}{n}", 0, 1, n % 2, category, bucket) for n in range(4)
            for category, bucket in (("crypto", "HIGH"), ("politics", "THIN"))]  # fmt: skip
    forecasts = scored(*(row[:5] for row in rows)).with_columns(
        category=pl.Series([row[5] for row in rows]), liquidity_bucket=pl.Series([row[6] for row in rows])
    )
    found = by_segment(metrics, forecasts, yardsticks(forecasts, forecasts.clear())).select("segment", "rank")
    assert found.rows() == [
        ("all", None),
        ("category=crypto", 2),
        ("category=politics", 1),
        ("liquidity=HIGH", 1),
        ("liquidity=THIN", 2),
    ]


def slowly(rows):
    """What references() should say, one forecast after the other."""
    errors = []
    for name, cluster, cut, _, y in rows:
        known = {n: label for n, c, _, at, label in rows if at < cut and c != cluster and n != name}
        rate = sum(known.values()) / len(known) if known else 0.5
        errors.append((rate - y) ** 2)
    return sum(errors) / len(errors)


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(0, 9), st.integers(0, 1)),
        min_size=1,
        max_size=12,
    )
)
def test_references_are_what_one_finds_forecast_by_forecast(drawn):
    rows = [(f"m{n}", f"c{cluster}", cut, known, y) for n, (cluster, cut, known, y) in enumerate(drawn)]
    assert reference(*rows) == pytest.approx(slowly(rows))
