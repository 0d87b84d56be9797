"""What the tables of figures say beside the figures: where a bin would lie if forecasts were calibrated, and how many rows a point has."""

import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lakeflow.forecast.tables.binned import Z, consistent
from lakeflow.forecast.tables.measured import WINDOW, measured
from lakeflow.forecast.tables.scored import SHAPE, UNSAID, costed

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("p", "cluster", "deviation"),
    [
        ([0.5] * 4, [0, 1, 2, 3], 0.25),
        ([0.5] * 4, [0, 0, 1, 1], np.sqrt(2) / 4),
        ([0.5] * 4, [7, 7, 7, 7], 0.5),
        ([0.2, 0.6], [0, 0], np.sqrt(0.16 + 0.24 + 2 * (0.2 - 0.12)) / 2),
        ([0.0, 1.0], [0, 1], 0.0),
    ],
)
def test_rows_of_a_cluster_come_true_together(p, cluster, deviation):
    low, high = consistent(np.array(p), np.array(cluster))
    mean = np.mean(p)
    assert (low, high) == pytest.approx((max(0, mean - Z * deviation), min(1, mean + Z * deviation)))


def test_the_interval_is_that_of_outcomes_drawn_by_one_number_a_cluster():
    rng = np.random.Generator(np.random.Philox(3))
    p, cluster = rng.uniform(0.4, 0.6, 400), np.arange(400) // 4
    shares = (rng.uniform(size=(4_000, 100))[:, cluster] < p).mean(axis=1)
    assert consistent(p, cluster) == pytest.approx(np.quantile(shares, [0.025, 0.975]), abs=0.01)


def test_bins_and_points_say_what_they_hold():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    rows = pl.DataFrame({"p": [150_000, 250_000] * 20, "y": [0, 1] * 20}).with_columns(
        condition_id=pl.format("{}", pl.int_range(40)), cluster_id=pl.format("{}", pl.int_range(40)), anchor=pl.lit("SCHED_END"),
        horizon_s=pl.lit(3600), forecaster=pl.lit("MARKET"), category=pl.lit("world"), ts_cutoff=pl.lit(at), ts_label_known=pl.lit(at),
        weight_equal=pl.lit(1.0), weight_volume=pl.lit(0.0), group_id=None, liquidity_bucket=None, p_kind=None,
    )  # fmt: skip
    made = measured(costed(rows.select(set(SHAPE) - {"brier", "log_loss", *UNSAID})), 20, 1)
    of_all = pl.col("segment") == "all"
    assert made["corp_curves"].filter(of_all).select("p", "forecasts").rows() == [(0.15, 20), (0.25, 20)]
    bins = made["reliability_bins"].filter(of_all, pl.col("binning") == "width10")
    half = Z * np.sqrt(0.15 * 0.85 / 20)
    assert bins.select("consistency_lo", "consistency_hi").row(0) == pytest.approx(
        (max(0, 0.15 - half), 0.15 + half)
    )
    assert bins.select("lo", "hi").rows() == [(100_000, 200_000), (200_000, 300_000)]
    even = made["reliability_bins"].filter(of_all, pl.col("binning") == "mass15")
    assert even.select("lo", "hi").rows() == [(150_000, 150_000), (250_000, 250_000)]
    assert made["metrics"]["label_window"].unique().to_list() == [WINDOW]


def test_the_window_is_that_of_the_registry():
    stage = (
        (ROOT / "datasets.yaml").read_text().split("  gold.prediction_market.measure:")[1].split("\n\n")[0]
    )
    assert {
        1 + int(days) for days in re.findall(r"(?:scored|recalibrated): .*days: \[-(\d+), 0\]", stage)
    } == {int(WINDOW.rstrip("d"))}
