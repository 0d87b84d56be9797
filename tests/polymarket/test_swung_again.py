"""The volatility of a snapshot, recounted: by hand, and against what makes it."""

from datetime import UTC, datetime, timedelta
from math import log

import polars as pl
import pytest

from lakeflow.forecast.tables.swung_again import ill_swung

TIME = pl.Datetime("ns", "UTC")
NOON = datetime(2026, 1, 6, 12, tzinfo=UTC)
SHOT = {"condition_id": pl.String, "anchor": pl.String, "horizon_s": pl.Int64, "ts_cutoff": TIME, "logit_volatility_24h": pl.Float64}  # fmt: skip


def marks(*prices):
    """Prices by how many hours before noon they are of."""
    rows = [("a", NOON - timedelta(hours=hours), p) for hours, p in prices]
    return pl.DataFrame(
        rows, schema={"condition_id": pl.String, "ts_mark": TIME, "p": pl.Int64}, orient="row"
    )


def is_caught(said, *prices):
    row = ("a", "CALENDAR", 0, NOON, said)
    return not ill_swung(pl.DataFrame([row], schema=SHOT, orient="row"), marks(*prices)).is_empty()


DEVIATION = (2 * log(1.5) ** 2) ** 0.5


def test_two_changes_of_an_hour_have_the_deviation_that_one_finds_by_hand():
    there_and_back = (2, 500_000), (1, 600_000), (0, 500_000)
    assert not is_caught(DEVIATION, *there_and_back)
    assert is_caught(DEVIATION + 1e-6, *there_and_back)
    assert is_caught(None, *there_and_back)


@pytest.mark.parametrize(
    "prices",
    [
        [(1, 500_000), (0, 600_000)],
        [(3, 500_000), (2, 600_000), (0, 500_000)],
        [(25, 500_000), (24, 600_000), (23, 500_000)],
        [(0, 500_000), (-1, 600_000), (-2, 500_000)],
    ],
    ids=[
        "one change",
        "an hour without a price between",
        "one change in the day before",
        "after the cutoff",
    ],
)
def test_fewer_than_two_changes_in_the_day_before_have_none(prices):
    assert not is_caught(None, *prices)
    assert is_caught(0.0, *prices)


def test_certain_prices_count_as_a_millionth_from_certain():
    assert not is_caught(DEVIATION * log(999_999) / log(1.5), (2, 500_000), (1, 1_000_000), (0, 500_000))
