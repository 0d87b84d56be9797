"""One way to digest a JSON-like value: canonical text, sha256."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest(value: Any) -> str:
    """The sha256 of a value's canonical JSON: sorted keys, no spaces, floats as Python prints them."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=plain, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:
    """What json cannot write itself, as something it can; anything unforeseen is a bug and raises."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple | set | frozenset):
        return sorted(value) if isinstance(value, set | frozenset) else list(value)
    raise TypeError(f"cannot digest {type(value).__name__}: {value!r}")
