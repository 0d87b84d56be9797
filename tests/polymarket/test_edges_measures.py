"""Edges of section 4.7 that measures of scores meet: each with the outcome that is expected, numbered as there."""

import polars as pl

from lakeflow.forecast.tables.measured import measured
from tests.polymarket.test_contracts import scored as many  # noqa: F401  a fixture is found by its name


def test_edge_39_a_window_without_a_forecast_says_empty_and_nothing_is_nan(many, tmp_path):  # noqa: F811  a fixture
    made = measured(many.clear(), 20, 1)["metrics"]
    made.write_parquet(tmp_path / "metric.parquet")
    again = pl.read_parquet(tmp_path / "metric.parquet")
    assert again.select("segment", "status", "forecasts").unique().rows() == [("all", "EMPTY", 0)]
    assert again.height == 8
    numbers = again.select(pl.col(pl.Float64))
    assert not numbers.select(pl.any_horizontal(pl.all().is_nan().any())).item()


def test_edge_43_minutes_long_markets_are_in_the_headline_only_if_asked_for(many):  # noqa: F811  a fixture
    short = many.with_columns(
        category=pl.when(pl.col("category") == "crypto").then(pl.lit("crypto_updown")).otherwise("category")
    )
    counts = [
        measured(short, 5, 1, with_up_down=flag)["metrics"].filter(pl.col("metric") == "brier", pl.col("anchor") == "SCHED_END", pl.col("forecaster") == "MARKET", pl.col("weighting") == "EQUAL").sort("segment").select("segment", "forecasts").rows()
        for flag in (False, True)
    ]  # fmt: skip
    own = ("category=crypto_updown", 150)
    assert own in counts[0]
    assert own in counts[1]
    assert [dict(each)["all"] for each in counts] == [150, 300]
