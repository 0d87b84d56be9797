"""What is wrong with what a field promises of its values: default, unit, range, steps, bits, encoding."""

import math
from collections.abc import Iterator, Mapping
from decimal import Context, Decimal
from typing import Any

from lakeflow import avro
from lakeflow.fault import shown

KINDS = ("flag", "flow", "key", "label", "state")
WHOLE_WORDS = frozenset({*avro.WHOLE, *avro.TIMES})  # stored as integers, compared as integers
NUMBERS = frozenset({*WHOLE_WORDS, *avro.FLOATS, "decimal"})
# Which encodings Parquet has for a type: the others would be refused by the writer, hours later.
ENCODINGS = {
    "plain": None,
    "dictionary": None,
    "delta": WHOLE_WORDS | {"date", "time-micros"},
    "byte_stream_split": (WHOLE_WORDS - {"int8", "int16", "uint8", "uint16"}) | avro.FLOATS,
}


def default_faults(field: Mapping[str, Any], word: str, base: Any, nullable: bool) -> Iterator[str]:
    if nullable:
        if "default" not in field or field["default"] is not None:
            found = shown(field["default"]) if "default" in field else "none"
            yield f"default: expected null for a nullable field, found {found}"
    elif "default" in field and not _fits(field["default"], word, base):
        yield f"default: expected a value of type {word}, found {shown(field['default'])}"


def promise_faults(about: Mapping[str, Any], word: str, base: Any) -> Iterator[str]:
    """Faults of the `lakeflow` object on a field; ranges, steps and NaN of an array are those of its items."""
    held = avro.word(base["items"], about.get("arrowType")) if word == "array" else word
    yield from _words(about, held)
    yield from _range(about, held, base["items"] if word == "array" else base)
    yield from _steps(about, held)
    yield from _bits(about.get("bits", {}), word)


def _fits(value: Any, word: str, base: Any) -> bool:
    match word:
        case "boolean":
            return isinstance(value, bool)
        case "string":
            return isinstance(value, str)
        case "enum":
            return isinstance(value, str) and value in base["symbols"]
        case "float" | "double":
            return _is_number(value)
        case "array":
            return isinstance(value, list) and not value
    whole = avro.WHOLE.get(word) or avro.WHOLE.get(avro.LOGICAL.get(word, ""))
    return whole is not None and type(value) is int and whole.low <= value <= whole.high


def _words(about: Mapping[str, Any], word: str) -> Iterator[str]:
    if not isinstance(about.get("unit", ""), str):
        yield f"unit: expected a word, found {shown(about['unit'])}"
    if about.get("kind", "key") not in KINDS:
        yield f"kind: expected one of {', '.join(KINDS)}, found {shown(about['kind'])}"
    scale = about.get("scale", 1)
    if not _is_number(scale) or scale <= 0:
        yield f"scale: expected a number above 0, found {shown(scale)}"
    elif "scale" in about and word not in avro.WHOLE:
        yield f"scale: expected it on a stored integer, found it on {word}"
    encoding = about.get("encoding", "plain")
    if not isinstance(encoding, str) or encoding not in ENCODINGS:
        yield f"encoding: expected one of {', '.join(sorted(ENCODINGS))}, found {shown(encoding)}"
    elif (words := ENCODINGS[encoding]) is not None and word not in words:
        yield f"encoding: expected {encoding} on {', '.join(sorted(words))}, found it on {word}"


def _range(about: Mapping[str, Any], word: str, base: Any) -> Iterator[str]:
    for key in ("min", "max"):
        if key in about:
            yield from (f"{key}: {fault}" for fault in _bound(about[key], word, base))
    low, high = about.get("min"), about.get("max")
    if low is not None and high is not None and _is_number(low) and _is_number(high) and low > high:
        yield f"min: expected at most max {high}, found {low}"


def _bound(value: Any, word: str, base: Any) -> Iterator[str]:
    if word not in NUMBERS:
        yield f"expected it on a number or a timestamp, found it on {word}"
    elif not _is_number(value):
        yield f"expected a number, found {shown(value)}"
    elif (whole := _whole(word)) and (type(value) is not int or not whole.low <= value <= whole.high):
        yield f"expected a whole number from {whole.low} to {whole.high}, found {shown(value)}"
    elif word == "decimal" and not _is_decimal(value, base["precision"], base.get("scale", 0)):
        yield f"expected at most {base['precision']} digits, {base.get('scale', 0)} after the point, found {value}"


def _is_decimal(value: float, precision: int, scale: int) -> bool:
    units = Decimal(str(value)).scaleb(scale, Context(prec=400))
    return units == units.to_integral_value() and abs(units) < 10**precision


def _steps(about: Mapping[str, Any], word: str) -> Iterator[str]:
    step, whole = about.get("multipleOf", 1), _whole(word)
    if "multipleOf" in about and whole is None:
        yield f"multipleOf: expected it on a stored integer, found it on {word}"
    elif whole and (type(step) is not int or not 1 <= step <= whole.high):
        yield f"multipleOf: expected a whole number from 1 to {whole.high}, found {shown(step)}"
    if not isinstance(about.get("allowNaN", False), bool):
        yield f"allowNaN: expected true or false, found {shown(about['allowNaN'])}"
    elif "allowNaN" in about and word not in avro.FLOATS:
        yield f"allowNaN: expected it on double or float, found it on {word}"


def _whole(word: str) -> avro.Whole | None:
    """The integers a type stores, if it stores integers."""
    return avro.WHOLE.get(word) or avro.WHOLE.get(avro.TIMES.get(word, ""))


def _bits(bits: Any, word: str) -> Iterator[str]:
    """Bits by number, 0 for the lowest; the sign bit of a signed type is not to be had."""
    if not isinstance(bits, dict):
        yield f"bits: expected an object of name: bit number, found {shown(bits)}"
    elif bits and word not in avro.WHOLE:
        yield f"bits: expected them on a stored integer, found them on {word}"
    elif bits:
        width = avro.WHOLE[word].high.bit_length()
        for name, bit in bits.items():
            if type(bit) is not int or not 0 <= bit < width:
                yield f"bits: expected {name} from 0 to {width - 1}, found {shown(bit)}"
        if len(set(map(repr, bits.values()))) < len(bits):
            yield f"bits: expected each bit number once, found {shown(bits)}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
