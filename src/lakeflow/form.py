"""How a map read from YAML is held against the keys it may have and the types of their values."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from lakeflow.catalog import LAYERS, layer_of

KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){2}")
KINDS = {
    dict: "a map",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
}
Kind = type | tuple[type, ...]


class Faults(list[str]):
    """The faults found so far in one file, and the few ways to find one."""

    def __init__(self, file: str, found: list[str]) -> None:
        super().__init__(found)
        self.file = file

    def add(self, where: str, expected: str, found: str) -> None:
        self.append(f"{self.file}: {f'{where}: ' if where else ''}expected {expected}, found {found}")

    def known(self, where: str, given: Mapping[Any, Any], kinds: Mapping[str, Kind]) -> dict[str, Any]:
        """The entries of a map whose key and type are known; the others are faults."""
        good = {}
        for key, value in given.items():
            if key not in kinds:
                self.add(where, f"one of {sorted(kinds)}", f"the unknown key {key!r}")
            elif self.is_kind(f"{where}: {key}" if where else key, value, kinds[key]):
                good[key] = value
        return good

    def is_kind(self, where: str, value: Any, kind: Kind) -> bool:
        """Whether a value is of a kind; text must say something, and true is not the number 1."""
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if type(value) in kinds and value != "":
            return True
        self.add(where, " or ".join(KINDS[each] for each in kinds), shown(value))
        return False

    def has(self, where: str, given: Mapping[Any, Any], *keys: str) -> None:
        for key in keys:
            if key not in given:
                self.add(where, f"a key {key!r}", "none")

    def choice(self, where: str, value: Any, choices: Collection[str]) -> bool:
        if isinstance(value, str) and value in choices:
            return True
        self.add(where, f"one of {sorted(choices)}", shown(value))
        return False

    def chosen(
        self, where: str, good: Mapping[str, Any], choices: Mapping[str, tuple[str, ...]]
    ) -> dict[str, Any]:
        """The entries without those whose value is none of the choices that their key has."""
        return {
            word: value
            for word, value in good.items()
            if word not in choices or self.choice(f"{where}: {word}", value, choices[word])
        }

    def named(self, where: str, given: Mapping[Any, Any]) -> dict[str, Any]:
        """The entries whose key can be the name of a parameter."""
        good = {}
        for key, value in given.items():
            if isinstance(key, str) and key.isidentifier():
                good[key] = value
            else:
                self.add(where, "names that a parameter can have", shown(key))
        return good

    def is_key(self, where: str, key: str) -> None:
        if not KEY.fullmatch(key):
            self.add(where, "a key layer.product_type.name in small letters", shown(key))
        else:
            self.choice(f"{where}: layer", layer_of(key), LAYERS)


def shown(value: Any) -> str:
    """A value in the words of the file, cut where it would fill the screen."""
    if isinstance(value, date):
        return f"the date {value} (quote it)"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
