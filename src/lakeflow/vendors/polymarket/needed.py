"""Fields that a row cannot do without: ids, sides, amounts and claims, each as it should be or refused with its reason."""

import re
from typing import Any

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.amounts import BadAmount, BadArray, OutOfRange, amount
from lakeflow.vendors.polymarket.instants import BadInstant

TOKEN = re.compile(r"[0-9]{1,78}")
CONDITION = re.compile(r"0x[0-9a-f]{1,64}")
SHORT = len("0x") + 62
REASONS: dict[type[Exception], str] = {
    BadInstant: faults.BAD_TS, BadArray: faults.BAD_ARRAY, OutOfRange: faults.PRICE_RANGE, BadAmount: faults.BAD_AMOUNT,
}  # fmt: skip
CLAIMS = {True: True, False: False, None: False, "": False, "true": True, "false": False}


class Refused(ValueError):
    """An item that is no row, with the reason code first."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def token(value: Any) -> str:
    """A token's id, which may be written as a number with all its digits; one that was a float once has lost some."""
    if value is None or value == "":
        raise Refused(faults.NO_ID, "expected a token's id, found none")
    is_written = isinstance(value, str | int) and not isinstance(value, bool)
    if not is_written or not TOKEN.fullmatch(str(value)):
        raise Refused(faults.BAD_TOKEN_ID, f"expected up to 78 digits, found {value!r}"[:120])
    return str(value)


def condition(value: Any) -> str:
    """A condition's id."""
    found = padded(value.lower()) if isinstance(value, str) else ""
    if not CONDITION.fullmatch(found):
        raise Refused(faults.NO_ID, f"expected a condition's id, found {value!r}"[:120])
    return found


def padded(condition_id: str) -> str:
    """An id of the second protocol has 62 digits, and some services write it with two zeros after them: one id, spelt that way here."""
    return condition_id + "00" if len(condition_id) == SHORT else condition_id


def need(value: int | None) -> int:
    if value is None:
        raise Refused(faults.BAD_AMOUNT, "a field that a row cannot do without is empty")
    return value


def positive(value: Any) -> int:
    """Millionths of an amount that is not below nothing."""
    found = need(amount(value))
    if found < 0:
        raise Refused(faults.BAD_AMOUNT, f"expected no less than 0, found {value}"[:120])
    return found


def side(value: Any) -> str:
    """What a taker did."""
    found = value.upper() if isinstance(value, str) else ""
    if found not in ("BUY", "SELL"):
        raise Refused(faults.BAD_AMOUNT, f"expected side BUY or SELL, found {value!r}"[:120])
    return found


def truth(value: Any) -> bool:
    """Yes or no; a field that is not there says no. The text "false" is no yes."""
    if not isinstance(value, bool | str | None) or value not in CLAIMS:
        raise Refused(faults.BAD_AMOUNT, f"expected true or false, found {value!r}"[:120])
    return CLAIMS[value]
