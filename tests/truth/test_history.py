"""What is usual, from the sessions before and from no other."""

import numpy as np
import polars as pl
import pytest

from lakeflow.truth.history import Policy, history, sessions_of

ROWS = 1000
DEPTHS = [f"depth_end_{side}_{band}" for side in "ba" for band in ("touch", "near")]
AUTO = Policy({}, [8, 2, 1.8, 1.3, 3])


def session(seed, day):
    rng = np.random.default_rng(seed)
    mid = 6000 + np.cumsum(rng.choice([-0.25, 0, 0.25], ROWS)) + seed
    floats = {name: rng.random(ROWS) for name in ("rv_30s", "rv_900s", "spread_ticks")}
    lots = {name: rng.integers(1, 50, ROWS) for name in ("vol_1s", *DEPTHS)}
    return pl.DataFrame({"dt": [day] * ROWS, "tick": [0.25] * ROWS, "mid": mid, **floats, **lots})


def earlier(count):
    return sessions_of(pl.concat([session(n, n) for n in range(count)]).lazy())


def test_quantiles_are_of_the_same_slot_of_the_sessions_before():
    past, today = earlier(6), session(99, 99)
    found = history(past, today, "ES", AUTO)
    rows = np.concatenate([each["rv_30s"].to_numpy()[900:] for each in past])
    assert found.usual.quiet.vol[950] == pytest.approx(np.quantile(rows, 0.25))
    depth = np.concatenate([(each[DEPTHS[0]] + each[DEPTHS[1]]).to_numpy()[:900] for each in past])
    assert found.usual.depth_b[0] == np.median(depth)
    assert (found.sessions, found.burst.source, found.gap) == (6, "auto", None)


def test_the_session_itself_changes_nothing_of_what_it_is_judged_by():
    past = earlier(6)
    one, other = (history(past, session(seed, 99), "ES", AUTO) for seed in (98, 99))
    assert one.burst == other.burst
    assert np.array_equal(one.usual.terciles.low, other.usual.terciles.low, equal_nan=True)


def test_without_sessions_the_fallback_is_in_ticks_and_nothing_is_usual():
    found = history([], session(99, 99), "ES", AUTO)
    assert found.burst == ((2.0, 0.5, 1.8, 1.3, 0.75), "fallback")
    assert np.isnan(found.usual.quiet.vol).all()


def test_an_entry_of_the_configuration_wins():
    policy = Policy({"ES": {"na": [6, 1.5, 1.8, 1.3, 1.5]}}, [8, 2, 1.8, 1.3, 3])
    assert history(earlier(6), session(99, 99), "ES", policy).burst == ((6, 1.5, 1.8, 1.3, 1.5), "config")


def test_every_entry_is_held_to_the_rules_whichever_is_asked_for():
    table = {"ES": {"na": [6, 1.5, 1.8, 1.3, 1.5]}, "NQ": {"na": [9, 2, 3.4642, 4, 2]}}
    with pytest.raises(
        ValueError, match=r"NQ: na: expected k1 below sqrt\(12\)[^\n]*\nbursts: NQ: na: expected k2"
    ):
        history([], session(99, 99), "ES", Policy(table, [8, 2, 1.8, 1.3, 3]))


def test_sessions_whose_depth_was_not_known_are_not_taken_for_empty_books():
    unknown = [
        session(n, n).with_columns(pl.lit(None, pl.Int64).alias(name) for name in DEPTHS) for n in range(3)
    ]
    known = [session(n, n) for n in range(3, 8)]
    found = history([*unknown, *known], session(99, 99), "ES", AUTO)
    assert found.usual.depth_b[0] == history(known, session(99, 99), "ES", AUTO).usual.depth_b[0] > 0


def test_an_opening_gap_is_measured_in_twenty_daily_returns():
    found = history(earlier(21), session(900, 99), "ES", AUTO)
    assert found.gap == "up"


def of(symbol, *days):
    return [session(day, day).with_columns(symbol=pl.lit(symbol)) for day in days]


def test_a_roll_is_no_daily_return_and_no_opening_gap():
    past = [*of("ESH6", *range(10)), *of("ESM6", *(100 + day for day in range(12)))]
    today = session(150, 99)
    assert (
        history(past, today, "ES", AUTO, symbol="ESM6").gap == "up"
    )  # 9 and 11 returns: 20 without the roll's
    assert history(past, today, "ES", AUTO, symbol="ESU6").gap is None
    assert history(past[1:], today, "ES", AUTO, symbol="ESM6").gap is None


def test_only_twenty_sessions_count_and_no_more_are_told():
    past = earlier(23)
    one, other = (history(each, session(99, 99), "ES", AUTO) for each in (past, past[3:]))
    assert (one.sessions, one.burst) == (20, other.burst)
    assert np.array_equal(one.usual.depth_b, other.usual.depth_b)


def test_sessions_of_the_chosen_contracts_are_told_apart():
    both = pl.concat([*of("ESH6", 1), *of("ESM6", 2)])
    assert [(each["symbol"][0], len(each)) for each in sessions_of(both.lazy())] == [
        ("ESH6", ROWS),
        ("ESM6", ROWS),
    ]
