"""What a market says of its fees: whether it has any, of which kind, and the numbers of their schedule."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from lakeflow.vendors.polymarket.amounts import number
from lakeflow.vendors.polymarket.wording import claim, words

SCHEDULE = "feeSchedule"


class Fees(NamedTuple):
    """The fees of a market; a number that it does not say, or not as one, is null."""

    fees_enabled: bool | None
    fee_type: str | None
    fee_exponent: int | None
    fee_rate: int | None
    fee_taker_only: bool | None
    fee_rebate_rate: int | None


def fees(item: Mapping[str, Any]) -> Fees:
    """The fees of a market; of an odd schedule what can be read, and `odd_fees` names the rest."""
    said = schedule(item)
    numbers = {field: read(said.get(field)) for field, read in READ.items()}
    return Fees(
        claim(item.get("feesEnabled")), words(item.get("feeType")), numbers["exponent"], numbers["rate"], numbers["takerOnly"],
        numbers["rebateRate"],
    )  # fmt: skip


READ: dict[str, Callable[[Any], Any]] = {
    "exponent": number,
    "rate": number,
    "takerOnly": claim,
    "rebateRate": number,
}


def schedule(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schedule, an object or the text of one; of what is neither there is none."""
    found = opened(item.get(SCHEDULE))
    return found if isinstance(found, Mapping) else {}


def opened(value: Any) -> Any:
    """What a field holds, its text read where it is JSON."""
    try:
        return json.loads(value) if isinstance(value, str) and value else value
    except (ValueError, RecursionError):
        return value


def odd_fees(item: Mapping[str, Any]) -> Iterator[str]:
    """What of a schedule was never seen: its shape, a field, or a value that is no number."""
    found = opened(item.get(SCHEDULE))
    if found not in (None, "") and not isinstance(found, Mapping):
        yield f"{SCHEDULE}:{type(found).__name__}"
    for field, value in schedule(item).items():
        if field not in READ:
            yield f"{SCHEDULE}.{field}"
        elif value is not None and READ[field](value) is None:
            yield f"{SCHEDULE}.{field}:{type(value).__name__}"
