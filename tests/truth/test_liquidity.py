"""Pulls, replenishes, flicker, vacuums, fear and chop."""

import numpy as np
import pytest

from lakeflow.truth import liquidity, stress
from lakeflow.truth.events import GAP
from lakeflow.truth.liquidity import (
    Side,
    at_once,
    flickering,
    is_pull,
    is_replenish,
    rate,
    snapbacks,
)
from lakeflow.truth.rules import PRINTED, Flicker, Shares, Vacuum
from lakeflow.truth.windows import median

ROWS = 700


def side(changes, depth=100):
    """A side of `depth` lots in which some seconds see (added, cancelled, filled)."""
    flows = np.zeros((3, ROWS), np.int64)
    for second, flow in changes.items():
        flows[:, second] = flow
    end = depth + np.cumsum(flows[0] - flows[1] - flows[2])
    zeros = np.zeros(ROWS, np.int64)
    return Side(
        np.concatenate([[depth], end[:-1]]),
        end,
        *flows,
        zeros == 0,
        zeros,
        zeros != 0,
        median(end.astype(float)),
    )


def seconds(condition):
    return np.flatnonzero(condition).tolist()


def test_a_pull_is_cancelled_and_not_filled():
    book = side({650: (0, 60, 0), 660: (60, 0, 0), 670: (0, 0, 60), 680: (60, 0, 0)})
    assert seconds(is_pull(book, Shares())) == [650]
    assert seconds(is_replenish(book, Shares())) == [660, 680]
    assert snapbacks(np.array([660, 681]), is_pull(book, Shares()), 30).tolist() == [True, False]


def test_a_partial_fill_is_no_pull():
    assert seconds(is_pull(side({650: (0, 3, 7)}, depth=10), Shares())) == []


def test_a_change_of_few_lots_is_no_event():
    book = side({640: (0, 90, 0), 650: (5, 0, 0)})
    assert seconds(is_replenish(book, Shares())) == []


def test_a_pull_is_over_with_its_second():
    events = at_once(is_pull(side({650: (0, 60, 0)}), Shares()), side({}), -1)
    assert [each.tolist() for each in events[:5]] == [[650], [650], [650], [651], [651]]


def test_rates_are_per_second_and_count_what_was_seen():
    condition = np.zeros(60, bool)
    condition[[5, 6, 40]] = True
    seen = np.ones(60, bool)
    seen[6] = False
    assert rate(condition, seen, 30)[[5, 34, 35, 40]].tolist() == [1 / 30, 1 / 30, 0, 1 / 30]


def test_flicker_is_pulls_and_replenishes_in_turns():
    turns = np.arange(60) % 2
    found = flickering(turns, 1 - turns, turns.astype(float), Flicker(), 30)
    assert seconds(found)[0] == 10
    events = liquidity.flickers(
        found & (np.arange(60) < 30),
        side({})._replace(age=np.zeros(60, int), halted=np.zeros(60, bool)),
        Flicker(),
    )
    assert (events.t_detect[0], events.t_end[0], events.t_confirm[0]) == (10, 30, 34)


def clock(rows):
    return stress.Clock(np.zeros(rows, np.int64), np.zeros(rows, bool))


def vacuum():
    bid, ask, spread = (np.full(60, x) for x in (50.0, 50.0, 1.0))
    bid[20:30], ask[20:30], spread[20:30] = 5, 30, 3
    bid[24] = 1
    return stress.Depth(bid, ask, spread, *(np.full(60, x) for x in (50.0, 50.0, 1.0)))


def test_a_vacuum_is_thin_and_wide_for_two_seconds():
    events = stress.vacuums(vacuum(), clock(60), Vacuum())
    assert [each.tolist() for each in events[:5]] == [[20], [21], [24], [30], [34]]
    assert stress.thin_sides(vacuum(), events, Vacuum()) == ["b"]


def test_what_is_usual_is_of_the_slot_and_else_of_the_ten_minutes_before():
    values = np.arange(1000.0)
    trailing = stress.usual(median(values))
    assert np.isnan(trailing[:329]).all()
    assert trailing[999] == np.median(values[370:970])
    assert stress.usual(median(values), np.full(1000, 7.0))[5] == 7


def test_fear_is_a_fall_in_a_vacuum_with_most_trades_selling():
    rows = 120
    mid = np.concatenate([np.full(40, 100.0), 100 - np.arange(40) * 0.1, np.full(40, 96.1)])
    fall = stress.Fall(mid, np.full(rows, 1e-3), np.full(rows, 1), np.full(rows, 9), np.ones(rows, np.int64))
    events = stress.fears(fall, clock(rows), PRINTED.fear)
    assert events.direction.tolist() == [-1]
    assert mid[events.t_detect[0]] < 99
    assert not len(stress.fears(fall._replace(vacuum=np.zeros(rows, np.int64)), clock(rows), PRINTED.fear).t0)
    assert not len(stress.fears(fall._replace(bought=np.full(rows, 9)), clock(rows), PRINTED.fear).t0)


@pytest.mark.parametrize("burst", [False, True])
def test_chop_is_a_minute_of_nothing_and_never_in_a_burst(burst):
    rows = 600
    mid = 100 + 0.25 * (np.arange(rows) % 2)
    now = stress.Stillness(np.full(rows, 1e-5), np.full(rows, 1), np.ones(rows), mid)
    quiet = stress.Quiet(*(np.full(rows, x) for x in (2e-5, 5.0, 1.0, 4e-5)))
    events = stress.chops(now, quiet, np.full(rows, burst), clock(rows), PRINTED.chop)
    assert events.t_detect.tolist() == ([] if burst else [359])


def silent(rows, start, end):
    """A clock of a feed that is gone from one second up to another."""
    ages = np.where((np.arange(rows) >= start) & (np.arange(rows) < end), np.arange(rows) - start + 1, 0)
    return clock(rows)._replace(age=ages)


def chops(seen):
    rows = len(seen.age)
    mid = 100 + 0.25 * (np.arange(rows) % 2)
    now = stress.Stillness(np.full(rows, 1e-5), np.full(rows, 1), np.ones(rows), mid)
    quiet = stress.Quiet(*(np.full(rows, x) for x in (2e-5, 5.0, 1.0, 4e-5)))
    return stress.chops(now, quiet, np.zeros(rows, bool), seen, PRINTED.chop)


def test_chop_ends_where_the_feed_does_and_begins_when_a_minute_was_seen():
    events = chops(silent(900, 500, 700))
    assert (events.t_end[0], events.t_confirm[0], events.reason[0]) == (499, 560, GAP)
    assert events.t_detect.tolist() == [359, 747]
    assert not len(chops(clock(900)._replace(age=np.arange(900) % 2)).t0)


def test_flicker_ends_where_the_feed_does():
    seen = silent(60, 20, 60)
    still = side({})._replace(age=seen.age, halted=seen.halted)
    events = liquidity.flickers(np.arange(60) >= 10, still, Flicker())
    assert (events.t_end[0], events.t_confirm[0], events.reason[0]) == (19, 25, GAP)


def test_a_fall_that_was_hardly_seen_is_no_fear():
    mid = np.concatenate([np.full(40, 100.0), np.full(80, 96.0)])
    ones = np.ones(120, np.int64)
    fall = stress.Fall(mid, np.full(120, 1e-3), 0 * ones, ones, ones)
    assert len(stress.fears(fall, clock(120), PRINTED.fear).t0) == 1
    assert not len(stress.fears(fall, silent(120, 30, 62), PRINTED.fear).t0)
    events = stress.fears(fall, silent(120, 50, 120), PRINTED.fear)
    assert (events.t_end[0], events.t_confirm[0], events.reason[0]) == (49, 55, GAP)
