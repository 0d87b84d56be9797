"""Half a character, which JSON can write and no text of a table can hold: what is read without it, and what is refused for it."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.fields import Fields
from lakeflow.vendors.polymarket.needed import Refused

Reader = Callable[[Any, Mapping[str, Any]], Any]
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
HALF = "half of a character, a surrogate without its other half"


def may_hold(text: str) -> bool:
    """Whether a text of JSON can have one in it, which nearly none can."""
    return SURROGATE.search(text) is not None


def has_half(value: Any) -> bool:
    """Whether a value holds one."""
    return bool(faults.HALF_A_PAIR.search(json.dumps(value, ensure_ascii=False)))


def refuse(value: Any) -> None:
    if has_half(value):
        raise Refused(faults.BAD_JSON, HALF)


def whole(read: Reader) -> Reader:
    """A reader that refuses items that hold one."""

    def each(item: Any, params: Mapping[str, Any]) -> Any:
        refuse(item)
        return read(item, params)

    return each


def legible(item: Any, needed: tuple[str, ...], unwritten: str) -> Fields:
    """An item without the fields that hold half a character; one that it needs refuses the item, one that no table has stays."""
    if not isinstance(item, Mapping):
        return Fields(item, {})
    cut = {name for name, value in item.items() if has_half({name: value})}
    odd = {shown(name): Refused(faults.BAD_JSON, f"{shown(name)}: {HALF}") for name in sorted(cut)}
    if lost := next((name for name in needed if name in cut), None):
        raise odd[lost]
    return Fields({name: value for name, value in item.items() if name not in cut - {unwritten}}, odd)


def shown(name: str) -> str:
    """A field's name, whose half is written as its number."""
    return name.encode(errors="backslashreplace").decode()
