"""Prices and amounts as whole millionths, exactly: what cannot be a price is refused, never rounded into one."""

import json
import re
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

MILLION = 1_000_000
COUNT = re.compile(r"\d{1,18}")
UNSET = "69"  # what the resolution service writes for a price that nobody proposed yet


MOST = Decimal(10) ** 12  # dollars or shares; 64 bits of millionths hold nine times as much


class BadAmount(ValueError):
    """A text that is no finite number."""


class OutOfRange(ValueError):
    """A number that cannot be a price."""


class BadArray(ValueError):
    """A field that should hold an array, or text of one."""


def decimal(value: Any) -> Decimal | None:
    """The number of a text or a JSON number; None of nothing."""
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise BadAmount(str(value)[:80]) from error
    if isinstance(value, bool) or not number.is_finite():
        raise BadAmount(str(value))
    return number


def amount(value: Any) -> int | None:
    """Millionths of an amount of money or shares, to the nearest, ties to even."""
    number = decimal(value)
    if number is not None and abs(number) >= MOST:
        raise BadAmount(str(value)[:80])
    return None if number is None else int((number * MILLION).to_integral_value(ROUND_HALF_EVEN))


def number(value: Any) -> int | None:
    """Millionths of a number; None of what is none."""
    try:
        return amount(value)
    except BadAmount:
        return None


def count(value: Any) -> int:
    """A whole number as a JSON number or digits; nothing that would have to be rounded."""
    text = str(value)
    if isinstance(value, bool | float) or not COUNT.fullmatch(text):
        raise BadAmount(f"expected a whole number, found {text[:80]!r}")
    return int(text)


def price(value: Any) -> int | None:
    """Millionths of a price between 0 and 1; the sentinel of no price is None."""
    number = decimal(value)
    if number is None or str(value) == UNSET:
        return None
    if not 0 <= number <= 1:
        raise OutOfRange(str(value))
    return amount(value)


def array(value: Any) -> list[Any] | None:
    """The items of an array, which this vendor mostly writes as text; None of a field that is absent or empty."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise BadArray(str(value)[:80]) from error
    if not isinstance(value, list):
        raise BadArray(str(value)[:80])
    return value
