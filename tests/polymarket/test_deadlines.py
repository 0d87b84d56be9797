"""The bias meter through the lake: shards of a venue whose questions end as soon as it happens, priced perfectly, to the scoreboard."""

from datetime import date, timedelta

import polars as pl
import pytest

from lakeflow.simulate.polymarket.recorders import write_day
from lakeflow.simulate.polymarket.truth import venue
from tests.polymarket.published import published

FIRST, DAYS, DEADLINES = date(2026, 1, 5), 6, 300


@pytest.fixture(scope="module")
def hazards():
    return venue(FIRST, DAYS, 0, 7, DEADLINES)


@pytest.fixture(scope="module")
def board(hazards, carry, tmp_path_factory):
    folder = tmp_path_factory.mktemp("deadlines")
    kept = carry([write_day(folder, hazards, FIRST + timedelta(day)) for day in range(DAYS)])
    assert all(day["leakage_audit"]["passed"].all() for day in kept.days)
    return published(kept, FIRST, DAYS - 1)["scoreboard_segment"].filter(
        pl.col("segment") == "all", pl.col("anchor") == "SCHED_END", pl.col("forecaster") == "MARKET"
    )


def test_what_is_asked_until_a_deadline_happens_as_often_as_it_is_priced(hazards):
    opened = [hazards.chance(market, hazards.first) for market in hazards.markets]
    came = [market.happens is not None for market in hazards.markets]
    assert abs(sum(opened) - sum(came)) < 3 * sum(p * (1 - p) for p in opened) ** 0.5
    assert 0.3 < sum(came) / DEADLINES < 0.7


@pytest.mark.parametrize(("horizon", "least"), [(86_400, 0.05), (3 * 86_400, 0.02)])
def test_the_meter_shows_the_error_that_looking_back_from_the_close_makes_up(board, horizon, least):
    row = board.filter(pl.col("horizon_s") == horizon).row(0, named=True)
    assert row["clusters"] > 100
    assert row["bias_meter_ece"] > least
