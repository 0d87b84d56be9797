"""The third Friday of a quarter, or the session before it: when a future of the root expires, told by its symbol."""

from datetime import date

import pytest

from lakeflow.calendar import load_calendar
from lakeflow.market.expiring import quarterly_expiry

NYSE = load_calendar("NYSE")


def has_nyse_session(day: date) -> bool:
    return NYSE.session(day) is not None


@pytest.mark.parametrize(
    ("symbol", "expiry"),
    [
        ("ESH6", date(2026, 3, 20)), ("ESM6", date(2026, 6, 18)), ("ESU6", date(2026, 9, 18)),
        ("ESZ6", date(2026, 12, 18)), ("ESF6", None), ("CLH6", None), ("ESH6-ESM6", None),
    ],
)  # fmt: skip
def test_the_rule_of_the_root_gives_the_third_friday_or_the_session_before_it(symbol, expiry):
    assert quarterly_expiry(symbol, date(2026, 1, 5), has_nyse_session) == expiry
