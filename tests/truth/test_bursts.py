"""Bursts, against the printed events."""

import numpy as np
import pytest

from lakeflow.truth.bursts import Market, bursts, checked
from lakeflow.truth.events import REASONS
from lakeflow.truth.returns import Mids, volatility
from lakeflow.truth.rules import Burst, Thresholds

NIFTY_0 = Thresholds(8, 2, 1.6, 1.2, 2)


def market(mid, obs=None):
    mid = np.array(mid, float)
    obs = np.ones(len(mid), bool) if obs is None else obs
    halted = np.zeros(len(mid), bool)
    age = np.arange(len(mid)) - np.maximum.accumulate(np.where(obs, np.arange(len(mid)), 0))
    fast, slow = (volatility(Mids(mid, obs, halted), w).rms for w in (10, 120))
    return Market(mid, obs, age, halted, fast, slow)


def quiet(level, seconds):
    return [level + 0.05 * (second % 2) for second in range(seconds)]


def leap(steps, before=200, rows=300):
    path = quiet(24500, before)
    for step in steps:
        path.append((path[-1] if len(path) > before else 24500) + step)
    return path + quiet(path[-1], rows - len(path))


def only(events):
    assert len(events.t0) == 1
    return [int(each[0]) for each in events[:6]]


def test_a_clean_move_up_keeps_its_impulse():
    mid = leap([2.5] * 10)
    t0, detect, peak, end, confirm, way = only(bursts(market(mid), NIFTY_0))
    assert (t0, detect, peak, end, confirm, way) == (198, 203, 211, 218, 220, 1)
    assert f"{mid[end] - mid[t0]:.2f}" == "25.00"
    assert f"{mid[peak] - mid[t0]:.2f}" == "25.05"
    assert f"{mid[peak] - mid[end]:.2f}" == "0.05"


def test_a_v_goes_the_way_it_began():
    mid = leap([-2.5] * 4 + [2] * 3)
    t0, detect, peak, end, _, way = only(bursts(market(mid), NIFTY_0))
    assert (t0, detect, way) == (199, 203, -1)
    assert f"{mid[t0] - mid[peak]:.2f}" == "10.05"
    assert f"{mid[end] - mid[peak]:.2f}" == "6.00"


def test_twenty_leaps_are_twenty_bursts_of_their_extent():
    rng = np.random.default_rng(7)
    path = [6000.0]
    for _ in range(20):
        path += list(path[-1] + rng.choice([-0.25, 0, 0, 0.25], 400))
        path += list(path[-1] + np.arange(1, 11) * 5.0 * rng.choice([-1, 1]))
    mid = np.array(path + [path[-1]] * 60)
    found = bursts(market(mid), Thresholds(12, 3, 1.8, 1.3, 3))
    assert len(found.t0) == 20
    extent = found.direction * (mid[found.t_peak] - mid[found.t0])
    assert extent.mean() == pytest.approx(50, rel=0.01)


def test_a_quiet_session_has_no_burst_and_an_open_one_ends_with_the_session():
    assert not len(bursts(market(quiet(24500, 300)), NIFTY_0).t0)
    cut = bursts(market(leap([2.5] * 10)[:208]), NIFTY_0)
    assert only(cut) == [198, 203, 207, 207, 207, 1]
    assert [REASONS[code] for code in cut.reason] == ["session_end"]


def test_too_little_seen_is_no_burst():
    obs = np.ones(300, bool)
    obs[196:202] = False
    assert 203 not in bursts(market(leap([2.5] * 10), obs), NIFTY_0).t_detect


@pytest.mark.parametrize(("enter", "leave"), [(12**0.5, 1.2), (1.6, 1.6)])
def test_thresholds_that_cannot_be_met_are_refused(enter, leave):
    with pytest.raises(ValueError, match=r"expected k[12] below"):
        checked("NIFTY", Thresholds(8, 2, enter, leave, 2))


@pytest.mark.parametrize("cut", [199, 203, 210, 219])
def test_nothing_known_by_a_second_depends_on_later_ones(cut):
    mid = leap([2.5] * 10)
    whole, part = bursts(market(mid), NIFTY_0), bursts(market(mid[:cut]), NIFTY_0)
    assert part.active.tobytes() == whole.active[:cut].tobytes()
    assert part.t0.tolist() == whole.t0[whole.t_detect < cut].tolist()


def test_a_rule_of_the_configuration_is_the_rule():
    mid = leap([2.5] * 10)
    assert only(bursts(market(mid), NIFTY_0, Burst(exit_hold_s=6)))[3:5] == [218, 223]
    assert [len(bursts(market(mid), NIFTY_0, Burst(max_dur_s=n)).t0) for n in (5, 300)] == [1, 1]
    assert bursts(market(mid), NIFTY_0, Burst(max_dur_s=10)).reason.tolist() == [REASONS.index("max_dur")]
    assert not len(bursts(market(mid), NIFTY_0, Burst(lookback_s=3)).t0)
