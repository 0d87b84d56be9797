"""Wall-clock times of a place as instants in UTC: `17:00-1d` on a date, refused where the clocks are changed."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?:([+-]1)d)?")


def read_clock(text: object) -> tuple[time, timedelta]:
    """The time of day, and the days to move: `17:00-1d` is 17:00 on the evening before."""
    found = CLOCK.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        message = "expected a quoted time such as '09:30', or '17:00-1d' for the evening before, found"
        raise ValueError(f"{message} {text!r}")
    hour, minute, days = found.groups()
    return time(int(hour), int(minute)), timedelta(days=int(days or 0))


def instant(day: date, clock: object, zone: ZoneInfo) -> datetime:
    """The UTC instant at which the clocks of a zone show a time; each such time must come exactly once."""
    at, shift = read_clock(clock)
    local = datetime.combine(day + shift, at, zone)
    offset, other = local.utcoffset(), local.replace(fold=1).utcoffset()
    if offset is None or offset != other:
        # Before and after the change the offsets differ: the hour comes twice in autumn and not at all in spring.
        missing = local.astimezone(UTC).astimezone(zone).time() != at
        why = "does not exist" if missing else "comes twice"
        raise ValueError(f"{at:%H:%M} on {local.date()} {why} in {zone.key}: the clocks are changed")
    return (local.replace(tzinfo=None) - offset).replace(tzinfo=UTC)
