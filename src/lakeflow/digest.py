"""One way to digest a YAML-like value: canonical text, sha256."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest(value: Any) -> str:
    """The sha256 of a value's canonical JSON: sorted keys, no spaces, floats as Python prints them."""
    text = json.dumps(canonical(value), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Any) -> Any:
    """The value in what JSON has, no two values the same; anything unforeseen is a bug and raises."""
    if isinstance(value, Mapping):  # keys as JSON, so that 1 and "1" stay two keys and can be sorted
        return {json.dumps(key): canonical(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((canonical(each) for each in value), key=json.dumps)
    if isinstance(value, list | tuple):
        return [canonical(each) for each in value]
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"cannot digest {type(value).__name__}: {value!r}")
