"""The bias meter: markets that are priced perfectly look miscalibrated under the anchor that nobody could have known."""

import numpy as np
import polars as pl
import pytest

from lakeflow.forecast.tables.boards import by_segment
from lakeflow.forecast.tables.cutoffs import CLOSE_EXPOST, SCHED_END, TIME
from lakeflow.forecast.tables.measured import measured
from lakeflow.forecast.tables.scored import costed
from lakeflow.forecast.tables.yardsticks import yardsticks

DAY, MARKETS = 86_400, 6_000


def asked(anchor, p, y):
    number = pl.int_range(p.size, eager=True).cast(pl.String)
    at = pl.Series([0] * p.size, dtype=pl.Int64).cast(TIME)
    rows = pl.DataFrame(
        {"p": (p * 1e6).round().astype(int), "y": y.astype(int), "condition_id": number, "ts_cutoff": at}
    )
    return costed(
        rows.with_columns(
            anchor=pl.lit(anchor), horizon_s=pl.lit(DAY), forecaster=pl.lit("MARKET"), cluster_id="condition_id", group_id=pl.lit(None),
            category=pl.lit("world"), liquidity_bucket=pl.lit("HIGH"), p_kind=pl.lit("MID"), ts_label_known=at, weight_equal=pl.lit(1.0),
            weight_volume=pl.lit(1.0),
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
def meter():
    """Things that happen at a constant rate, or not before a deadline in 30 days; the price is the true chance at every instant."""
    rng = np.random.Generator(np.random.Philox(20260101))
    rate = rng.uniform(0.005, 0.08, MARKETS)
    happens, deadline = rng.exponential(1 / rate), 30.0
    y, close = happens < deadline, np.minimum(happens, deadline)
    honest, ahead = deadline - 1 < happens, close - 1 > 0
    before_end = 1 - np.exp(-rate * 1.0)
    before_close = 1 - np.exp(-rate * (deadline - close + 1))
    scored = pl.concat(
        [asked(SCHED_END, before_end[honest], y[honest]), asked(CLOSE_EXPOST, before_close[ahead], y[ahead])]
    )
    board = by_segment(measured(scored, 20, 1)["metrics"], scored, yardsticks(scored, scored.clear()))
    return board.filter(pl.col("segment") == "all").row(0, named=True)


def test_under_the_honest_anchor_perfect_prices_are_calibrated(meter):
    assert meter["ece_width10"] < 0.01


def test_the_meter_shows_what_the_other_anchor_makes_up(meter):
    assert meter["bias_meter_ece"] > 0.1
    assert meter["bias_meter_slope"] > 0.5
