"""Polymarket's many ways to write an instant, as nanoseconds since 1970 UTC; a time without a zone is no instant."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

SECOND = 1_000_000_000
ISO = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ](?P<clock>\d{2}:\d{2}:\d{2})(?:\.(?P<fraction>\d{1,9}))?"
    r"(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)"
)
LATEST = (
    9_000_000_000 * SECOND
)  # of 2255: 64 bits of nanoseconds hold little more, and 0001 or 9999 mean that there is none
EPOCH = re.compile(r"\d{9,19}")
DIGITS_OF_SECONDS = 11  # of milliseconds there are 13, of microseconds 16, of nanoseconds 19


class BadInstant(ValueError):
    """A text that names no instant."""


def instant(text: Any) -> int | None:
    """An instant that a column can hold, or None of nothing."""
    found = nanoseconds(text)
    if found is not None and abs(found) > LATEST:
        raise BadInstant(str(text)[:80])
    return found


def nanoseconds(text: Any) -> int | None:
    """Nanoseconds of `2026-08-01T03:50:41Z`, `2026-08-01 03:50:41+00`, or an epoch in s, ms, us or ns; None of nothing."""
    if text is None or text == "":
        return None
    if isinstance(text, bool):
        raise BadInstant(str(text))
    if isinstance(text, int) or EPOCH.fullmatch(str(text)):
        return epoch(int(text))
    found = ISO.fullmatch(str(text))
    if not found:
        raise BadInstant(str(text))
    try:
        moment = datetime.fromisoformat(f"{found['day']}T{found['clock']}").replace(
            tzinfo=zone(found["zone"])
        )
    except ValueError as error:
        raise BadInstant(str(text)) from error
    fraction = int((found["fraction"] or "").ljust(9, "0"))
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)) * SECOND + fraction


def epoch(number: int) -> int:
    """Nanoseconds of a count since 1970 whose unit shows in its size."""
    digits = len(str(abs(number)))
    if digits <= DIGITS_OF_SECONDS:
        return number * SECOND
    unit = {12: 10**6, 13: 10**6, 14: 10**6, 15: 10**3, 16: 10**3, 17: 10**3}.get(digits, 1)
    return number * unit


def zone(text: str) -> timezone:
    """The offset of `Z`, `+00`, `+0000` or `+00:00`."""
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "").ljust(4, "0")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
