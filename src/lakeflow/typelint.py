"""What is wrong with the Avro type of a field: only types that Polars, pyarrow and DuckDB all read alike may stand."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lakeflow import avro
from lakeflow.fault import shown, unknown_keys

SYMBOL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
KEYS = {
    "enum": frozenset({"type", "name", "symbols", "default", "doc"}),
    "fixed": frozenset({"type", "name", "size", "logicalType", "precision", "scale"}),
    "array": frozenset({"type", "items"}),
}
PLAIN_KEYS = frozenset({"type", "logicalType", "precision", "scale"})


def type_faults(base: Any, arrow_type: Any = None) -> Iterator[str]:
    """Faults of a type whose null is taken off already."""
    faults = list(_type(base))
    yield from faults
    if arrow_type is not None and not faults:
        yield from _arrow_type(base, arrow_type)


def _type(base: Any) -> Iterator[str]:
    if isinstance(base, list):
        yield f'type: expected one type or ["null", one type], null first, found {shown(base)}'
    elif isinstance(base, str):
        if base not in avro.PRIMITIVES:
            yield f"type: expected one of {', '.join(sorted(avro.PRIMITIVES))}, found {shown(base)}"
    elif not isinstance(base, dict) or not isinstance(base.get("type"), str):
        yield f"type: expected a type name or an object with one, found {shown(base)}"
    else:
        yield from unknown_keys("type", base, KEYS.get(base["type"], PLAIN_KEYS))
        yield from _annotated(base)


def _annotated(base: Mapping[str, Any]) -> Iterator[str]:
    kind, logical = base["type"], base.get("logicalType")
    if kind == "enum":
        yield from _enum(base)
    elif kind == "array":
        yield from _array(base.get("items"))
    elif logical == "decimal":
        yield from _decimal(base)
    elif logical is None:
        yield f"type: expected a primitive by its name alone, an enum, an array or a logicalType, found {shown(base)}"
    elif not isinstance(logical, str) or logical not in avro.LOGICAL:
        known = ", ".join(sorted([*avro.LOGICAL, "decimal"]))
        yield f"logicalType: expected one of {known}, found {shown(logical)}"
    elif kind != avro.LOGICAL[logical]:
        yield f"logicalType: expected {logical} on {avro.LOGICAL[logical]}, found it on {kind}"


def _enum(base: Mapping[str, Any]) -> Iterator[str]:
    symbols = base.get("symbols")
    if not isinstance(base.get("name"), str) or not SYMBOL.fullmatch(base["name"]):
        yield f"enum: expected a name of letters, digits and _, found {shown(base.get('name'))}"
    if not isinstance(symbols, list) or not symbols:
        yield f"symbols: expected a list of at least one symbol, found {shown(symbols)}"
        return
    wrong = [each for each in symbols if not isinstance(each, str) or not SYMBOL.fullmatch(each)]
    if wrong:
        yield f"symbols: expected letters, digits and _, no digit first, found {shown(wrong)}"
    elif len(set(symbols)) < len(symbols):
        yield f"symbols: expected each symbol once, found {shown(symbols)}"
    elif base.get("default", symbols[0]) not in symbols:
        yield f"enum default: expected one of its symbols, found {shown(base['default'])}"


def _array(items: Any) -> Iterator[str]:
    if isinstance(items, dict) and items.get("type") in ("array", "enum"):
        yield f"items: expected one value that is no array and no enum, found {shown(items['type'])}"
        return
    yield from (f"items: {fault}" for fault in _type(items))


def _decimal(base: Mapping[str, Any]) -> Iterator[str]:
    precision, scale = base.get("precision"), base.get("scale", 0)
    if base["type"] not in ("bytes", "fixed"):
        yield f"logicalType: expected decimal on bytes or fixed, found it on {base['type']}"
    if base["type"] == "fixed" and (
        type(base.get("size")) is not int or not isinstance(base.get("name"), str)
    ):
        yield f"fixed: expected a name and a whole size in bytes, found {shown(dict(base))}"
    if type(precision) is not int or not 1 <= precision <= 38:
        yield f"precision: expected a whole number from 1 to 38, found {shown(precision)}"
    elif type(scale) is not int or not 0 <= scale <= precision:
        yield f"scale: expected a whole number from 0 to the precision {precision}, found {shown(scale)}"


def _arrow_type(base: Any, arrow_type: Any) -> Iterator[str]:
    held = base["items"] if isinstance(base, dict) and base["type"] == "array" else base
    needed = avro.ARROW_TYPES.get(arrow_type) if isinstance(arrow_type, str) else None
    if needed is None:
        yield f"arrowType: expected one of {', '.join(sorted(avro.ARROW_TYPES))}, found {shown(arrow_type)}"
    elif held != needed:
        yield f"arrowType: expected {arrow_type} on {needed}, found it on {shown(held)}"
