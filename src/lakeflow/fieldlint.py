"""What is wrong with one field of an .avsc: its name, its type, its default and what it promises of its values."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lakeflow import avro
from lakeflow.fault import shown, unknown_keys
from lakeflow.promiselint import default_faults, promise_faults
from lakeflow.typelint import type_faults

FIELD_KEYS = frozenset({"name", "type", "doc", "default", "aliases", "lakeflow"})
ABOUT_KEYS = frozenset(
    {"unit", "scale", "kind", "min", "max", "multipleOf", "allowNaN", "arrowType", "encoding", "bits"}
)
NAME = re.compile(r"[a-z][a-z0-9_]*")
# Partition columns come from the path: a stored one that disagrees with it is read differently by each engine.
PARTITION = frozenset({"symbol", "dt", "table", "product_type"})
# What DuckDB 2.0 calls reserved (a test compares), words that it reads as syntax in places, and its own column.
RESERVED = frozenset(
    """all analyse analyze and any array as asc asof asymmetric at both case cast check collate column constraint create
    default deferrable desc describe distinct do else end except false fetch file_row_number for foreign from group having in initially
    intersect into lambda lateral leading limit not null offset on only or order pivot pivot_longer pivot_wider placing
    primary qualify references returning select show some summarize symmetric table then to trailing true union unique
    unpivot using variadic when where window with""".split()  # noqa: SIM905  75 words read better than 75 literals
)


def field_faults(field: Mapping[str, Any]) -> Iterator[str]:
    place = f"field {field.get('name')}"
    yield from (f"{place}: {fault}" for fault in _faults(field))
    yield from unknown_keys(place, field, FIELD_KEYS)


def _faults(field: Mapping[str, Any]) -> Iterator[str]:
    yield from _name(field.get("name"))
    if not isinstance(field.get("doc"), str) or not field["doc"].strip():
        yield f"doc: expected a sentence about the column, found {shown(field.get('doc'))}"
    aliases = field.get("aliases", [])
    if not isinstance(aliases, list) or not all(
        isinstance(each, str) and NAME.fullmatch(each) for each in aliases
    ):
        yield f"aliases: expected a list of former names, found {shown(aliases)}"
    about = field.get("lakeflow", {})
    if not isinstance(about, dict):
        yield f"lakeflow: expected an object, found {shown(about)}"
        return
    yield from unknown_keys("lakeflow", about, ABOUT_KEYS)
    base, nullable = avro.unwrap(field.get("type"))
    if faults := list(type_faults(base, about.get("arrowType"))):
        yield from faults
        return
    word = avro.word(base, about.get("arrowType"))
    yield from _time_name(str(field.get("name")), word)
    yield from default_faults(field, word, base, nullable)
    yield from promise_faults(about, word, base)


def _name(name: Any) -> Iterator[str]:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        yield f"name: expected small letters, digits and _, a letter first, found {shown(name)}"
    elif name in PARTITION:
        yield f"name: expected none of {', '.join(sorted(PARTITION))}, which the path already says, found {name}"
    elif name in RESERVED:
        yield f"name: expected a word that needs no quotes in SQL, found {name}, which DuckDB reserves"


def _time_name(name: str, word: str) -> Iterator[str]:
    if (word in avro.TIMES) != name.startswith("ts_"):
        yield f"name: expected ts_... for a timestamp and for nothing else, found {name} of type {word}"
