"""Arrays of a market, which this vendor mostly writes as text: their items, or what shape they have that nobody knew."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lakeflow.vendors.polymarket.amounts import BadArray

FIELDS = ("outcomes", "clobTokenIds", "outcomePrices")


def items(value: Any) -> list[Any] | None:
    """The items of an array; None of a field that is absent or empty, or that holds something else. Text that is no JSON is no array."""
    found = said(value)
    return found if isinstance(found, list) and found and not any(map(is_shaped, found)) else None


def said(value: Any) -> Any:
    """What a field holds, its text read; None of nothing."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except (ValueError, RecursionError) as error:
        raise BadArray(value[:80]) from error


def is_shaped(item: Any) -> bool:
    """Whether an item is more than a word or a number, so that its text would be ours and not the vendor's."""
    return isinstance(item, Mapping | list)


def unlike_any(item: Mapping[str, Any], fields: Iterable[str]) -> Iterator[str]:
    """What some fields of a market are that hold no array: their columns are null."""
    for field in fields:
        value = item.get(field)
        if value is None or value == "":
            continue
        found = said(value)
        shapes = (
            sorted({type(each).__name__ for each in found if is_shaped(each)})
            if isinstance(found, list)
            else []
        )
        yield from (f"{field}[]:{shape}" for shape in shapes)
        if not shapes:
            yield f"{field}=[]" if found == [] else f"{field}:{type(found).__name__}"
