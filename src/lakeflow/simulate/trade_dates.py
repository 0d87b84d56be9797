"""Trade dates of Globex: each closes at 16:00 in Chicago, when the books are made up anew for the next, and lasts over midnight UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CHICAGO = ZoneInfo("America/Chicago")
CLOSE = time(16)
SATURDAY = 5


def trade_date(day: date) -> date:
    """The trade date that is under way at 00:00 of a UTC date; on a weekend the one that comes next."""
    return day if day.weekday() < SATURDAY else following(day)


def following(day: date) -> date:
    """The next trade date after a date."""
    later = day + timedelta(days=1)
    return later if later.weekday() < SATURDAY else following(later)


def before(day: date) -> date:
    """The last trade date before a date."""
    earlier = day - timedelta(days=1)
    return earlier if earlier.weekday() < SATURDAY else before(earlier)


def close_minute(day: date) -> int:
    """The minute of a UTC date at which its trade date is over; 0 on a weekend, when that has been."""
    if day.weekday() >= SATURDAY:
        return 0
    close = datetime.combine(day, CLOSE, CHICAGO).astimezone(UTC)
    return close.hour * 60 + close.minute
