"""What is refused of params before anything runs."""

from pathlib import Path

import pytest
import yaml

from lakeflow.truth.refusals import of_events, of_grid, of_truth

ROOT = Path(__file__).parents[2]
ENTRY = [6, 1.5, 1.8, 1.3, 1.5]


@pytest.mark.parametrize("product", ["future_mbo", "equity_mbo"])
def test_what_is_shipped_is_sound(product):
    stages = yaml.safe_load((ROOT / "datasets.yaml").read_text())["stages"]
    assert not of_events(stages[f"gold.{product}.events"]["params"])
    assert not of_truth(stages[f"gold.{product}.truth"]["params"])
    assert not of_grid(stages[f"gold.{product}.grid"]["params"])


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ([6, 1.5, 3.5, 1.3, 1.5], "expected k1 below sqrt(12) = 3.4641, the most that rv_10s / rv_120s can be, found 3.5"),
        ([6, 1.5, 12**0.5, 1.3, 1.5], "expected k1 below sqrt(12)"),
        ([6, 1.5, 1.8, 1.8, 1.5], "expected k2 below k1 = 1.8, so that a burst ends calmer than it began, found 1.8"),
        ([6, 1.5, 1.8, 1.3], "expected five numbers [B, S, k1, k2, E], found [6, 1.5, 1.8, 1.3]"),
        ([*ENTRY, 1], "expected five numbers"),
        ("6 1.5 1.8 1.3 1.5", "expected five numbers"),
        ([2, 0.5, 1.8, 1.3, 7], "expected S and E of at most B = 2"),
        ([2, 2.5, 1.8, 1.3, 1], "found S = 2.5, E = 1; lower them"),
        ([6, "1.5", 1.8, 1.3, 1.5], "each above 0, found S '1.5'"),
        ([-6, 1.5, 1.8, 1.3, 0], "each above 0, found B -6, E 0"),
        ([6, 1.5, float("nan"), True, 1.5], "each above 0, found k1 nan, k2 True"),
    ],
)  # fmt: skip
def test_an_entry_of_thresholds_says_what_is_wrong_with_it(entry, said):
    [found] = of_events({"bursts": {"ES": {"na": entry}}, "burst_fallback_ticks": ENTRY})
    assert found.startswith("bursts: ES: na: expected")
    assert said in found


def test_a_bucket_that_there_is_not_is_said_and_so_is_all_else_at_once():
    found = of_events({"bursts": {"ES": {0: ENTRY}, "NQ": ENTRY, "RTY": {}}, "burst_fallback_ticks": [1]})
    assert [each.partition(": expected")[0] for each in found] == [
        "bursts: ES", "bursts: NQ", "bursts: RTY", "burst_fallback_ticks",
    ]  # fmt: skip
    assert "found 0" in found[0]
    assert "expected buckets of ['na']" in found[0]
    [found] = of_events({"bursts": {"ES": {"0": ENTRY}}, "burst_fallback_ticks": ENTRY})
    assert "found '0'" in found


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("burst", {"exit_hold_s": 0}, "burst: exit_hold_s: expected a whole number of 1 or more, found 0"),
        ("burst", {"max_dur_s": 2.5}, "burst: max_dur_s: expected a whole number of 1 or more, found 2.5"),
        ("burst", {"min_cov": 80}, "burst: min_cov: expected a share from 0 to 1, found 80"),
        ("flicker", {"pull": 5}, "flicker: expected some of ['exit_hold_s', 'max_gap_s', 'pulls', 'replenishes', 'spread_changes'], found pull"),
        ("vacuum", {"depth": 0.8}, "vacuum: expected depth below depth_back = 0.7, found 0.8"),
        ("vacuum", {"spread": 1.0}, "vacuum: expected spread_back below spread = 1.0, found 1.3"),
        ("chop", {"er_enter": 0.5}, "chop: expected er_enter below er_exit = 0.3, found 0.5"),
        ("past", {"sessions": 4}, "past: expected min_sessions below sessions = 4, found 5"),
        ("fear", [1], "fear: expected a map, found [1]"),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_is_refused(name, given, said):
    assert of_events({name: given, "burst_fallback_ticks": ENTRY}) == [said]


def test_clocks_are_of_a_zone_and_parts_start_apart():
    params = {
        "tod_zone": "Mars/Olympus",
        "tod": {"a": "09:30", "b": "9:61"},
        "tod3": {"a": "11:00", "b": "11:00"},
    }
    zone, tod, tod3 = of_events(params | {"burst_fallback_ticks": ENTRY})
    assert "time zone such as America/New_York, found 'Mars/Olympus'" in zone
    assert tod.startswith('tod: expected times such as "09:30"')
    assert "found a and b at 11:00" in tod3


def test_truth_tables_want_a_level_and_some_draws():
    assert of_truth({"draws": 0, "conf": 1.0, "min_n": 30, "min_days": 8}) == [
        "draws: expected a number between 1 and 1000000, found 0",
        "conf: expected a number between 0 and 1, found 1.0",
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"max_stale_s": -1}, "max_stale_s: expected a whole number of seconds, 0 or more, found -1"),
        ({"max_stale_s": True}, "max_stale_s: expected a whole number of seconds, 0 or more, found True"),
        ({"max_gap_s": 0}, "max_gap_s: expected a whole number of seconds, 1 or more, found 0"),
        ({"ticks": {"ES": -0.25}}, "ticks: ES: expected a tick above 0 in whole billionths, found -0.25"),
        ({"ticks": {"*": 0}}, "ticks: *: expected a tick above 0 in whole billionths, found 0"),
        ({"ticks": {"ZB": 1e-10}}, "ticks: ZB: expected a tick above 0 in whole billionths, found 1e-10"),
        ({"ticks": [0.25]}, "ticks: expected a map of roots or * to ticks, found [0.25]"),
    ],
)
def test_a_grid_of_no_time_or_no_tick_is_refused(given, said):
    assert of_grid({"max_stale_s": 60, "max_gap_s": 60, "ticks": {"ES": 0.25}} | given) == [said]
