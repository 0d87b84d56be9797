"""When a future expires, where its definition does not say."""

from collections.abc import Callable
from datetime import date, timedelta

from lakeflow.market.symbols import EQUITY_INDEX, MONTHS, QUARTERS, outright, third_friday


def quarterly_expiry(symbol: str, on: date, has_session: Callable[[date], bool]) -> date | None:
    """The third Friday of an equity index future's month, or the session before where that is none; None for any other.

    2026-06-19 is a third Friday and a holiday: ESM6 goes by what its definition says, and without one by 06-18.
    """
    found = outright(symbol, on)
    if found is None or found.root not in EQUITY_INDEX or MONTHS[found.month - 1] not in QUARTERS:
        return None
    day = third_friday(found.year, found.month)
    while not has_session(day):
        day -= timedelta(days=1)
    return day
