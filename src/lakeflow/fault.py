"""How a fault in a contract is worded: values as the file has them, and keys that nobody reads."""

import json
from collections.abc import Iterator, Mapping
from typing import Any


def shown(value: Any) -> str:
    """A value as the file has it, cut where it would fill the screen."""
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:77]}..."


def unknown_keys(place: str, found: Mapping[str, Any], known: frozenset[str]) -> Iterator[str]:
    for key in sorted(set(found) - known):
        yield f"{place}: expected keys of {', '.join(sorted(known))}, found {key}"
