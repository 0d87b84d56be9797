"""Features of the grid that know only what was, sessions clipped to a time of day, and the report of the walk."""

import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lakeflow.truth.lookahead.features import features, inputs
from lakeflow.truth.lookahead.folds import Walk
from lakeflow.truth.lookahead.leaks import leaking
from lakeflow.truth.lookahead.models import zero
from lakeflow.truth.lookahead.report import COLUMNS, Window, report, sessions
from lakeflow.truth.lookahead.walk import Plan

WINDOW = Window("America/New_York", time(9, 30), time(9, 40))
BOOLEANS, WHOLE = (
    ("flow_valid",),
    ("mid_age_s", "signed_vol", "bid_sz", "ask_sz", *(f"ofi_{n}" for n in (1, 2, 3, 5, 10))),
)


def grid(day, rows=1500):
    """From 09:20 in New York on; every column that features are made of, of noise."""
    rng = np.random.default_rng(day.toordinal())
    start = datetime(day.year, day.month, day.day, 14, 20, tzinfo=UTC)
    times = pl.datetime_range(start, start + timedelta(seconds=rows - 1), "1s", time_unit="ns", eager=True)
    noise = {name: rng.random(rows) for name in inputs()}
    whole = {name: rng.integers(1, 9, rows) for name in WHOLE if name in noise} | {
        "mid_age_s": np.zeros(rows, np.int64)
    }
    mid = 6000 + np.cumsum(rng.choice([-0.25, 0.0, 0.25], rows))
    own = {"ts_second": times, "mid": mid, "tick": np.full(rows, 0.25), "flow_valid": [True] * rows}
    return pl.DataFrame({"dt": [day] * rows, **(noise | whole | own), "regime_rt": np.zeros(rows, np.int8)})


DAYS = [date(2026, 1, 5) + timedelta(days=n) for n in range(5)]


@pytest.fixture(scope="module")
def days():
    whole = pl.concat([grid(day) for day in DAYS]).lazy()
    held = whole.select(pl.exclude("regime_rt"))
    return list(sessions(held, whole.select("dt", "ts_second", "regime_rt"), WINDOW, (1, 5)))


def test_no_feature_knows_what_comes():
    rows = grid(DAYS[0], 300)
    assert leaking(lambda given: given.select(features()), rows, [10, 131, 299]) == []


def test_a_session_is_clipped_to_its_time_of_day_and_its_labels_look_beyond(days):
    assert [each.name for each in days] == [str(day) for day in DAYS]
    assert {each.features.shape for each in days} == {(600, len(features()))}
    assert not np.isnan(days[0].labels).any()
    assert days[0].change[1] == np.diff(grid(DAYS[0])["mid"].to_numpy())[600] / 0.25


def test_the_printed_window_has_its_seconds():
    rows = grid(DAYS[0], 12_000).lazy()
    codes = rows.select("dt", "ts_second", "regime_rt")
    window = Window("America/New_York", time(9, 30), time(12, 30))
    [only] = sessions(rows.select(pl.exclude("regime_rt")), codes, window, (1, 5))
    assert len(only.change) == 10_800


def test_the_report_has_a_row_for_each_session_and_one_for_all(days):
    found = report(days, Plan((1, 5), Walk(3, 2)))
    assert found.columns == [name.lower() for name in COLUMNS]
    assert set(found.filter(model="M0", horizon_s=1)["session"]) == {*map(str, DAYS[3:]), "all"}
    assert found["train_sessions"].unique().to_list() == [f"{DAYS[0]}..{DAYS[2]}"]
    assert found["leaks"].unique().to_list() == [""]
    assert found.filter(model="M0")["r2"].to_list() == [0] * 6


def test_with_too_few_sessions_there_is_no_row(days):
    assert report(days[:3], Plan((1, 5), Walk(3, 2))).shape == (0, len(COLUMNS))


def test_the_stage_walks_only_what_each_session_is_about():
    sys.path.insert(0, str(Path(__file__).parents[3]))
    from stages.gold.lookahead import walked

    both = pl.concat(
        grid(day).with_columns(symbol=pl.lit(name)) for day in DAYS[:2] for name in ("ESH6", "ESM6")
    )
    chosen = pl.DataFrame({"dt": DAYS[:2], "selected_symbol": ["ESH6", "ESM6"]})
    rules = {"zone": WINDOW.zone, "window": ["09:30", "09:40"], "horizons_s": [1], "train_sessions": 3}
    held, regimes = (
        both.select(pl.exclude("regime_rt")).lazy(),
        both.select("symbol", "dt", "ts_second", "regime_rt").lazy(),
    )
    assert walked(held, regimes, chosen, **rules, min_train_sessions=2).shape == (0, len(COLUMNS))


def test_a_session_of_which_nothing_is_known_is_none(days):
    silent = days[0]._replace(name="silent", labels=np.full_like(days[0].labels, np.nan))
    found = report([silent, *days], Plan((1, 5), Walk(2, 2), times=50))
    assert "silent" not in found["train_sessions"][0]
    assert found.equals(report(days, Plan((1, 5), Walk(2, 2), times=50)))


def test_no_change_is_told_as_none(days):
    assert not zero(days, None)(days[0]).any()
