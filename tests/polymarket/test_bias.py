"""The bias meter: markets that are priced perfectly look miscalibrated under the anchor that nobody could have known."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from lakeflow.forecast.tables.boards import by_segment
from lakeflow.forecast.tables.cutoffs import SCHED_END, TIME
from lakeflow.forecast.tables.labels import FALSE, TRUE
from lakeflow.forecast.tables.marks import before_close
from lakeflow.forecast.tables.measured import measured
from lakeflow.forecast.tables.scored import scored
from lakeflow.forecast.tables.snapshots import shaped
from lakeflow.forecast.tables.waiting import forecasts, unanswered
from lakeflow.forecast.tables.yardsticks import yardsticks

DAY, DAYS, MARKETS = 86_400, 28, 40_000
OPEN = date(2026, 1, 1)
LOOKED_AT = (DAY, 3 * DAY, 7 * DAY)


class Hazard:
    """Things that happen at a constant rate or not by a deadline; the price is the true chance at every instant."""

    def __init__(self) -> None:
        rng = np.random.Generator(np.random.Philox(20260101))
        self.rate = rng.exponential(0.045, MARKETS)
        happens = rng.exponential(1 / self.rate)
        self.y, self.close = happens < DAYS, np.minimum(happens, DAYS)

    def price(self, days, of):
        chance = -np.expm1(-self.rate[of] * (DAYS - days))
        return (chance * 1e6).round().astype(int)

    def marks(self):
        """The price at the end of the hour before each instant that the meter looks back to."""
        parts = []
        for horizon in LOOKED_AT:
            hour = np.floor((self.close - horizon / DAY) * 24) / 24
            of = np.flatnonzero(hour > 0)
            parts.append(
                pl.DataFrame(
                    {"condition_id": named(of), "ts_mark": at(hour[of]), "p": self.price(hour[of], of)}
                )
            )
        return pl.concat(parts).with_columns(
            ts_quote="ts_mark", p_kind=pl.lit("MID"), bid="p", ask="p", near_2c=1
        )

    def markets(self):
        close, everyone = at(self.close), np.arange(MARKETS)
        return pl.DataFrame(
            {
                "condition_id": named(everyone),
                "ts_closed": close,
                "ts_valid_from": close,
                "cluster_id": named(everyone),
            }
        ).with_columns(closed=True, category=pl.lit("world"))

    def labels(self):
        """An answer is told at once, but for those of the deadline: they are a minute late, on the day after."""
        told = self.markets().select("condition_id", ts_known=pl.col("ts_closed") + pl.duration(minutes=1))
        return told.with_columns(
            pl.col("ts_known").alias(name) for name in ("ts_proposed", "ts_resolved", "ts_closed", "ts_told")
        ).with_columns(
            y=pl.Series(self.y.astype(np.int8)),
            confidence=pl.lit("HIGH"),
            label_status=pl.when(pl.Series(self.y)).then(pl.lit(TRUE)).otherwise(pl.lit(FALSE)),
        )

    def before_end(self, like):
        """Snapshots before the scheduled end, of markets that are open then."""
        parts = []
        for horizon in LOOKED_AT:
            cutoff = DAYS - horizon / DAY
            of = np.flatnonzero(self.close > cutoff)
            then = at(np.full(of.size, cutoff))
            parts.append(
                pl.DataFrame(
                    {"condition_id": named(of), "ts_cutoff": then, "p": self.price(cutoff, of)}
                ).with_columns(
                    horizon_s=horizon,
                    cluster_id="condition_id",
                    category=pl.lit("world"),
                    excluded=False,
                    anchor=pl.lit(SCHED_END),
                )
            )
        rows = pl.concat(parts)
        return rows.with_columns(
            pl.lit(None).alias(name) for name in like if name not in rows.columns
        ).select(shaped())


def named(of):
    return pl.Series(of).cast(pl.String)


def at(days):
    opened = (OPEN - date(1970, 1, 1)).days * DAY
    return pl.Series((opened * 10**9 + days * DAY * 1e9).astype(np.int64)).cast(TIME)


def each_day(ahead, shot, labels):
    waiting = forecasts(shot, ahead, shot.clear(), None)
    for day in range(DAYS + 1):
        yield scored(waiting, labels, OPEN + timedelta(day), 3600)
        waiting = unanswered(waiting, labels, OPEN + timedelta(day))


@pytest.fixture(scope="module")
def board():
    hazard = Hazard()
    markets, marks, labels = hazard.markets(), hazard.marks(), hazard.labels()
    ahead = pl.concat([before_close(markets, marks, OPEN + timedelta(day)) for day in range(DAYS + 1)])
    shot = hazard.before_end(ahead.columns)
    every = pl.concat(each_day(ahead, shot, labels)).filter(pl.col("forecaster") == "MARKET")
    rows = by_segment(measured(every, 5, 1)["metrics"], every, yardsticks(every, every.clear()))
    return rows.filter(pl.col("segment") == "all", pl.col("anchor") == SCHED_END).sort("horizon_s")


def test_under_the_honest_anchor_perfect_prices_are_calibrated(board):
    assert board["horizon_s"].to_list() == list(LOOKED_AT)
    assert board["ece_width10"].to_list() == pytest.approx([0, 0, 0], abs=0.005)
    assert board["cox_slope"].to_list() == pytest.approx([1, 1, 1], abs=0.15)


def test_the_meter_shows_what_the_other_anchor_makes_up(board):
    """By the reference: an error of .232, .197 and .124 and a slope of 2.93, 2.33 and 1.82 one, three and seven days ahead."""
    error = board["ece_width10"] + board["bias_meter_ece"]
    slope = board["cox_slope"] + board["bias_meter_slope"]
    assert error.to_list() == pytest.approx([0.232, 0.197, 0.124], abs=0.005)
    assert slope.to_list() == pytest.approx([2.93, 2.33, 1.82], abs=0.1)
    assert (board["bias_meter_ece"] > 0.1).all()
