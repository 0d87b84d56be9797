"""Returns, volatility and acceleration, against the printed values and a dull twin."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.truth.returns import Mids, acceleration, log_returns, velocity, volatility

NAN = math.nan


def seen(mids, halted=()):
    mids = np.array(mids, float)
    return Mids(mids, ~np.isnan(mids), np.isin(np.arange(len(mids)), halted))


def from_returns(returns):
    return seen(100 * np.exp(np.concatenate([[0], np.cumsum(returns)])))


def test_a_gap_is_divided_by_the_seconds_that_passed():
    vol = volatility(seen([100, 100.1, NAN, NAN, NAN, 100.4, 100.4]), 6)
    assert f"{vol.rms[6]:.8f}" == "0.00128803"
    assert vol.cover[6] == 3 / 6


def test_the_ratio_of_fast_to_slow_volatility_exceeds_one_when_a_market_wakes():
    mids = from_returns([1e-5] * 110 + [5e-5] * 10)
    fast, slow = volatility(mids, 10).rms[-1], volatility(mids, 120).rms[-1]
    assert f"{fast / slow:.5f}" == "2.88675"


def test_volatility_is_unknown_until_the_window_is_full():
    vol = volatility(from_returns([1e-4] * 12), 10).rms
    assert np.isnan(vol[:10]).all()
    assert vol[10:] == pytest.approx(1e-4)


def test_a_gap_beyond_the_limit_leaves_the_mean_with_all_its_seconds():
    mids = [100, 101, NAN, NAN, NAN, 150, 151.5]
    vol = volatility(seen(mids), 6, max_gap=3, min_cover=0.3)
    assert vol.rms[6] == pytest.approx(math.sqrt((math.log(1.01) ** 2 + math.log(1.01) ** 2) / 2))


def test_no_return_is_taken_across_a_halt():
    vol = volatility(seen([100, 101, NAN, 150, 150], halted=[2]), 4, min_cover=0.5)
    assert vol.rms[4] == pytest.approx(math.sqrt(math.log(1.01) ** 2 / 2))


def test_too_little_seen_is_not_a_number():
    assert np.isnan(volatility(seen([100] + [NAN] * 9 + [101]), 10, max_gap=3).rms[10])


@pytest.mark.parametrize("price", [0, -0.25])
def test_a_mid_that_is_not_above_zero_has_no_return_from_it_or_to_it(price):
    """Of 6 seconds two are left, of 1 % each; the price of a spread or of oil may be such."""
    vol = volatility(seen([100, 101, price, price, 150, 151.5, NAN]), 6, min_cover=0.3)
    assert vol.rms[6] == pytest.approx(math.sqrt(2 * math.log(1.01) ** 2 / 3))
    assert vol.cover[6] == 5 / 6


def test_a_market_below_zero_has_no_volatility():
    mids = [1, 0.5, 0, -0.5, -1, -1.1, -1.2, *[-1.2] * 8]
    assert np.isnan(volatility(seen(mids), 6).rms).all()
    assert np.isnan(log_returns(np.array(mids), 1)[2:]).all()


def test_acceleration_compares_a_second_with_the_ten_it_ends():
    assert f"{acceleration(np.array([1e-4] * 9 + [5e-4]))[9]:.6f}" == "3.571429"


def test_acceleration_is_zero_where_nothing_moved_and_unknown_before_ten_returns():
    assert acceleration(np.zeros(10))[9] == 0
    assert np.isnan(acceleration(np.array([NAN, *[1e-4] * 9]))).all()


def test_a_return_needs_both_its_ends():
    assert log_returns(np.array([NAN, 100, 101]), 1) == pytest.approx([NAN, NAN, math.log(1.01)], nan_ok=True)


def test_velocity_is_in_ticks_a_second():
    assert velocity(np.arange(100, 106, 0.5), 0.25)[10] == pytest.approx(2)


@pytest.mark.parametrize(
    ("seconds", "root"),
    [(252 * 22_500, 2381.18), (252 * 23_400, 2428.33), (252 * 82_800, 4567.89), (365 * 86_400, 5615.69)],
)
def test_a_year_of_seconds_annualises(seconds, root):
    assert round(math.sqrt(seconds), 2) == root


def dull(mids, window, max_gap, min_cover):
    """Volatility by the words of the definition, from the rows up to each second."""
    out = []
    for t in range(len(mids.mid)):
        spans, last, cut = [], None, True
        for i in range(t + 1):
            if mids.halted[i]:
                cut = True
            elif mids.obs[i]:
                if last is not None and not cut and i - last <= max_gap:
                    spans.append((last, i, math.log(mids.mid[i] / mids.mid[last])))
                last, cut = i, False
        if last is not None and not cut and t - last <= max_gap:
            spans.append((last, t, 0.0))
        elapsed = {i for start, end, _ in spans for i in range(start + 1, end + 1) if i > t - window}
        total = sum(r * r for _, end, r in spans if end > t - window)
        known = t >= window and len(elapsed) >= min_cover * window
        out.append(math.sqrt(total / len(elapsed)) if known else NAN)
    return out


SECONDS = st.lists(
    st.tuples(st.sampled_from([NAN, 100.0, 100.5, 101.0]), st.integers(0, 9)), min_size=3, max_size=40
)


@given(SECONDS, st.integers(2, 6), st.integers(1, 5))
def test_volatility_is_what_its_definition_says(seconds, window, max_gap):
    mids = seen([mid for mid, _ in seconds], [i for i, (_, dice) in enumerate(seconds) if dice == 0])
    expected = dull(mids, window, max_gap, 0.5)
    assert volatility(mids, window, max_gap).rms == pytest.approx(expected, rel=1e-12, nan_ok=True)


@given(SECONDS, st.integers(0, 39))
def test_volatility_knows_nothing_of_what_comes_later(seconds, cut):
    mids = seen([mid for mid, _ in seconds], [i for i, (_, dice) in enumerate(seconds) if dice == 0])
    whole = volatility(mids, 5, 3)
    part = volatility(Mids(*(each[:cut] for each in mids)), 5, 3)
    assert part.rms.tobytes() == whole.rms[:cut].tobytes()
