"""When the simulated market is open, in winter and in summer."""

from datetime import date

import pytest

from lakeflow.simulate.clock import MINUTE, changes, moments, weights
from lakeflow.simulate.contracts import nanoseconds
from lakeflow.simulate.flow import draws


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2026, 1, 6), {22}),  # Tuesday: the break is 16:00 to 17:00 in Chicago, UTC-6
        (date(2026, 7, 7), {21}),  # and UTC-5 in summer
        (date(2026, 1, 9), {22, 23}),  # Friday evening
        (date(2026, 1, 10), set(range(24))),  # Saturday
        (date(2026, 1, 11), set(range(23))),  # Sunday opens at 23:00
    ],
)
def test_the_market_closes_when_cme_does(day, closed):
    busy = weights(day)
    assert {hour for hour in range(24) if busy[hour * 60] == 0} == closed


def test_events_are_told_in_order_and_only_while_the_market_is_open():
    day = date(2026, 1, 6)
    times = list(moments(day, 5_000, draws("test")))
    minutes = {(each - nanoseconds(day)) // MINUTE for each in times}
    assert times == sorted(times)
    assert len(times) == 5_000
    assert not minutes & set(range(22 * 60, 23 * 60))


def test_a_closed_day_has_no_events_and_never_opens():
    assert list(moments(date(2026, 1, 10), 100, draws("test"))) == []
    assert changes(date(2026, 1, 10)) == [(nanoseconds(date(2026, 1, 10)), False)]
