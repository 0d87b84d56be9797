"""The part of Avro that a contract may use: its types by one word each, and what each of them can hold."""

from typing import Any, NamedTuple


class Whole(NamedTuple):
    """The range of an integer type."""

    low: int
    high: int


def _signed(bits: int) -> Whole:
    return Whole(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _unsigned(bits: int) -> Whole:
    return Whole(0, 2**bits - 1)


# arrowType: the Avro type it refines, which has no small or unsigned integers of its own.
ARROW_TYPES = {
    "int8": "int",
    "int16": "int",
    "uint8": "int",
    "uint16": "int",
    "uint32": "long",
    "uint64": "long",
}
WHOLE = {
    "int": _signed(32),
    "long": _signed(64),
    "int8": _signed(8),
    "int16": _signed(16),
    "uint8": _unsigned(8),
    "uint16": _unsigned(16),
    "uint32": _unsigned(32),
    "uint64": _unsigned(64),
}
TIMES = {
    "timestamp-nanos": "long",
    "timestamp-micros": "long",
    "local-timestamp-nanos": "long",
    "local-timestamp-micros": "long",
}
# numpy and pandas read the least int64 as "not a time", DuckDB the two ends beside it as its infinities.
INSTANTS = Whole(-(2**63) + 2, 2**63 - 2)
LOGICAL = {**TIMES, "date": "int", "time-micros": "long"}
FLOATS = frozenset({"float", "double"})
PRIMITIVES = frozenset({"boolean", "int", "long", "float", "double", "string", "bytes"})


def unwrap(avro_type: Any) -> tuple[Any, bool]:
    """The type without its null, and whether it had one: `["null", "int"]` is `("int", True)`."""
    if isinstance(avro_type, list) and len(avro_type) == 2 and avro_type[0] == "null":
        return avro_type[1], True
    return avro_type, False


def word(avro_type: Any, arrow_type: str | None = None) -> str:
    """One word for a type: `long`, `timestamp-nanos`, `decimal`, `enum`, `array`, or the arrowType that refines it.

    The arrowType of an array is that of its items, so an array stays an `array`.
    """
    if isinstance(avro_type, str):
        return arrow_type or avro_type
    base: str = avro_type["type"]
    return base if base == "array" else avro_type.get("logicalType") or arrow_type or base


def canonical(avro_type: Any, arrow_type: str | None = None) -> list[Any]:
    """What a type means for the bytes of a file: no names, no docs, the same for every way to write it."""
    name = word(avro_type, arrow_type)
    match name:
        case "enum":
            return [name, *avro_type["symbols"]]
        case "decimal":
            return [name, avro_type["precision"], avro_type.get("scale", 0)]
        case "array":
            return [name, canonical(avro_type["items"], arrow_type)]
        case _:
            return [name]
