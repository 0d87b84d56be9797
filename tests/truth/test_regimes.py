"""Thresholds that look back, and regimes as known then and later."""

import numpy as np
import pytest

from lakeflow.truth.events import Events
from lakeflow.truth.regimes import Terciles, gap_regime, regime_final, regime_rt, trend_regime, vol_regime
from lakeflow.truth.rules import Past, Thresholds
from lakeflow.truth.thresholds import Automatic, bucket, of_slots, thresholds

FALLBACK = Thresholds(10, 3, 1.8, 1.3, 3)
TABLE = {"NIFTY": {"0": [8, 2, 1.6, 1.2, 2]}}


def auto(sessions):
    rng = np.random.default_rng(5)
    return Automatic([6000 + np.cumsum(rng.normal(size=500)) for _ in range(sessions)], 0.25, FALLBACK)


def test_the_table_comes_first():
    assert thresholds(TABLE, "NIFTY", "0", auto(20)) == (Thresholds(8, 2, 1.6, 1.2, 2), "config")


def test_an_underlying_without_an_entry_is_automatic_and_says_so():
    rule, source = thresholds(TABLE, "ES", "na", auto(20))
    moves = np.concatenate([np.abs(mid[10:] - mid[:-10]) for mid in auto(20).earlier])
    assert (rule.move, source) == (np.quantile(moves, 0.995), "auto")


def test_too_few_sessions_fall_back():
    assert thresholds(TABLE, "ES", "na", auto(4)) == (FALLBACK, "fallback")


def test_a_bucket_that_the_table_lacks_is_said():
    with pytest.raises(ValueError, match="NIFTY: expected burst thresholds for 2, found 0"):
        thresholds(TABLE, "NIFTY", "2", auto(20))


def test_only_the_last_twenty_sessions_count():
    known = auto(20)
    older = known._replace(earlier=[np.full(500, np.nan), np.arange(500.0) * 99, *known.earlier])
    assert thresholds({}, "ES", "na", older) == thresholds({}, "ES", "na", known)


@pytest.mark.parametrize(
    ("days", "name"), [(None, "na"), (0, "0"), (1, "2"), (2, "2"), (3, "4"), (4, "4"), (5, "6+"), (40, "6+")]
)
def test_days_to_expiry_have_a_bucket(days, name):
    assert bucket(days) == name


def test_slots_know_only_earlier_sessions_and_never_too_few():
    found = of_slots([np.full(15, float(n)) for n in range(5)], (0.5, 1), 25, Past(slot_s=10))
    assert [each[:20].tolist() for each in found] == [[2] * 20, [4] * 20]
    assert np.isnan(found[0][20:]).all()


def events(t0, detect, end, confirm):
    active = np.zeros(20, np.int64)
    active[detect:confirm] = 1
    stamps = (np.array([x]) for x in (t0, detect, t0, end, confirm, 1, 0))
    return Events(*stamps, active)


FOUND = {"burst": events(4, 6, 8, 10), "vacuum": events(2, 3, 12, 14), "chop": events(0, 1, 4, 5)}


def test_what_was_known_then_and_what_turned_out_differ():
    invalid = np.arange(20) == 7
    assert regime_rt(FOUND, invalid).tolist() == [0, 1, 1, 5, 5, 5, 3, 9, 3, 3, 5, 5, 5, 5, 0, 0, 0, 0, 0, 0]
    assert regime_final(FOUND, invalid).tolist() == [
        1,
        1,
        5,
        5,
        3,
        3,
        3,
        9,
        3,
        5,
        5,
        5,
        5,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
    ]


def test_volatility_is_compared_with_its_slot():
    found = vol_regime(np.array([1, 2, 3, np.nan]), Terciles(np.full(4, 1.0), np.full(4, 2.0)))
    assert found.to_list() == ["low", "mid", "high", None]


def test_a_trend_is_a_move_beyond_its_volatility():
    rising = 100 * np.exp(np.arange(1000) * 1e-5)
    assert trend_regime(rising, np.full(1000, 1e-4))[950] == "up"
    assert trend_regime(rising, np.full(1000, 1e-3))[950] == "flat"
    assert trend_regime(rising, np.full(1000, 1e-4))[0] is None


@pytest.mark.parametrize(("opened", "expected"), [(103, "up"), (97, "down"), (100.1, "flat")])
def test_a_gap_is_measured_in_daily_deviations(opened, expected):
    daily = np.array([0.01, -0.01] * 10)
    assert gap_regime(opened, 100, daily) == expected
    assert gap_regime(opened, 100, daily[:19]) is None
