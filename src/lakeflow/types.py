"""A contract's types in Arrow and Polars, and a stage's frame as the Arrow table its contract promises."""

from collections.abc import Container, Iterator
from functools import cache
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa

from lakeflow import avro
from lakeflow.complaint import Complaint
from lakeflow.contract import Column, Contract
from lakeflow.errors import ContractBroken


class Alike(NamedTuple):
    """One type as each engine calls it: what pyarrow writes is what Polars reads."""

    arrow: pa.DataType
    polars: pl.DataType


# Large strings and lists are Polars' own layout: no copy on the way out, and no 2 GiB limit in a chunk.
TYPES = {
    "boolean": Alike(pa.bool_(), pl.Boolean()),
    "int": Alike(pa.int32(), pl.Int32()),
    "long": Alike(pa.int64(), pl.Int64()),
    "float": Alike(pa.float32(), pl.Float32()),
    "double": Alike(pa.float64(), pl.Float64()),
    "string": Alike(pa.large_string(), pl.String()),
    "bytes": Alike(pa.large_binary(), pl.Binary()),
    "int8": Alike(pa.int8(), pl.Int8()),
    "int16": Alike(pa.int16(), pl.Int16()),
    "uint8": Alike(pa.uint8(), pl.UInt8()),
    "uint16": Alike(pa.uint16(), pl.UInt16()),
    "uint32": Alike(pa.uint32(), pl.UInt32()),
    "uint64": Alike(pa.uint64(), pl.UInt64()),
    "date": Alike(pa.date32(), pl.Date()),
    "time-micros": Alike(pa.time64("us"), pl.Time()),
    "timestamp-nanos": Alike(pa.timestamp("ns", "UTC"), pl.Datetime("ns", "UTC")),
    "timestamp-micros": Alike(pa.timestamp("us", "UTC"), pl.Datetime("us", "UTC")),
    "local-timestamp-nanos": Alike(pa.timestamp("ns"), pl.Datetime("ns")),
    "local-timestamp-micros": Alike(pa.timestamp("us"), pl.Datetime("us")),
}
SYMBOLS = pa.dictionary(pa.int32(), pa.string())  # the dictionary that pyarrow gives back from a file


def arrow_schema(contract: Contract) -> pa.Schema:
    """The schema to write a partition with: REQUIRED columns are not nullable, units travel as field metadata."""
    return pa.schema([arrow_field(column) for column in contract.columns])


def polars_schema(contract: Contract) -> pl.Schema:
    return pl.Schema({column.name: polars_type(column) for column in contract.columns})


@cache  # a column is asked for its types by every frame that is written
def arrow_field(column: Column) -> pa.Field:
    return pa.field(column.name, _arrow(column.type, column.arrow_type), column.nullable, _metadata(column))


@cache
def polars_type(column: Column) -> pl.DataType:
    return _polars(column.type, column.arrow_type)


def _arrow(avro_type: Any, arrow_type: str | None) -> pa.DataType:
    word, *rest = avro.canonical(avro_type, arrow_type)
    if word == "decimal":
        return pa.decimal128(*rest)
    if word == "array":
        # Parquet calls the item of a list "element", and so does every file read back.
        return pa.large_list(pa.field("element", _arrow(avro_type["items"], arrow_type), nullable=False))
    return SYMBOLS if word == "enum" else TYPES[word].arrow


def _polars(avro_type: Any, arrow_type: str | None) -> pl.DataType:
    word, *rest = avro.canonical(avro_type, arrow_type)
    if word == "decimal":
        return pl.Decimal(*rest)
    if word == "enum":
        return pl.Enum(rest)
    return pl.List(_polars(avro_type["items"], arrow_type)) if word == "array" else TYPES[word].polars


def _metadata(column: Column) -> dict[str | bytes, str | bytes] | None:
    known: dict[str | bytes, str | bytes] = {}
    if column.unit is not None:
        known["unit"] = column.unit
    if column.scale is not None:
        known["scale"] = repr(column.scale)
    if column.symbols:
        # Polars' own mark: with it a scan of the file gives an Enum, without it a Categorical.
        known |= pl.Series("enum", [], polars_type(column)).to_frame().to_arrow().schema.field(0).metadata
    return known or None


def conform(frame: pl.DataFrame, contract: Contract) -> pa.Table:
    """Exactly the contract's columns, order, types and nulls, or a ContractBroken with every complaint.

    The only casts are those that change no value: text or Categorical to an Enum that has all its values.
    """
    if complaints := [*_shape(frame, contract), *_columns(frame, contract)]:
        raise ContractBroken(complaints)
    enums = {c.name: polars_type(c) for c in contract.columns if c.symbols}
    casts = {name: kind for name, kind in enums.items() if frame.schema[name] != kind}
    # Arrow's cast is the safe one: it refuses what it would have to round.
    fitting = frame.cast(casts) if casts else frame  # type: ignore[arg-type]  # polars names every type there is
    return fitting.to_arrow().cast(arrow_schema(contract))


def conform_some(frame: pl.DataFrame, contract: Contract, without: Container[str]) -> pa.Table:
    """The columns of a frame that can be judged, though some hold nulls where none may be."""
    sound = [c for c in contract.columns if c.name not in without]
    casts = {c.name: polars_type(c) for c in sound if c.symbols}
    table = frame.select(c.name for c in sound).cast(casts).to_arrow()  # type: ignore[arg-type]
    return table.cast(pa.schema([arrow_field(c).with_nullable(True) for c in sound]))


def _shape(frame: pl.DataFrame, contract: Contract) -> Iterator[Complaint]:
    """Columns that are missing, extra, or in another order than the contract's."""
    names, given = contract.names, frame.columns
    for name in names:
        if name not in given:
            found = ", ".join(given) or "a frame with no columns"
            yield Complaint(name, "missing", "the column", found, where=contract.name)
    for name in given:
        if name not in names:
            yield Complaint(name, "extra", f"only {', '.join(names)}", name, where=contract.name)
    expected = [name for name in names if name in given]
    found_order = [name for name in given if name in names]
    for right, wrong in zip(expected, found_order, strict=True):
        if right != wrong:
            yield Complaint(right, "order", ", ".join(expected), ", ".join(found_order), where=contract.name)
            return


def _columns(frame: pl.DataFrame, contract: Contract) -> Iterator[Complaint]:
    given = set(frame.columns)  # a list that is made anew each time that it is asked for
    for column in contract.columns:
        if column.name in given:
            values = frame.get_column(column.name)
            for rule, expected, bad in _faults(values, column):
                yield _complaint(values, rule, expected, bad, contract.name)


def _complaint(values: pl.Series, rule: str, expected: str, bad: pl.Series | None, where: str) -> Complaint:
    if bad is None:
        return Complaint(values.name, rule, expected, str(values.dtype), where=where)
    row = bad.arg_true()[0]
    value = values.slice(row, 1).to_list()[0]
    found = "null" if value is None else repr(value)
    return Complaint(values.name, rule, expected, found, int(bad.sum()), row, where)


def _faults(values: pl.Series, column: Column) -> Iterator[tuple[str, str, pl.Series | None]]:
    """Rule, what was expected, and the rows that break it; no rows where the type itself is wrong."""
    expected = polars_type(column)
    if not _is_representable(values.dtype, expected):
        yield "type", str(expected), None
        return
    for rule, wanted, bad in _row_faults(values, column):
        if bad.any():
            yield rule, wanted, bad


def _is_representable(found: pl.DataType, expected: pl.DataType) -> bool:
    if isinstance(expected, pl.Enum):
        return isinstance(found, pl.String | pl.Categorical | pl.Enum)
    return found == expected


def _row_faults(values: pl.Series, column: Column) -> Iterator[tuple[str, str, pl.Series]]:
    if not column.nullable and values.null_count():
        yield "null", "a value in every row", values.is_null()
    if column.symbols and values.dtype != polars_type(column):
        known = values.cast(pl.String).is_in(column.symbols)
        yield "enum", f"one of {', '.join(column.symbols)}", ~known.fill_null(value=True)
    if column.word == "array":
        items = values.list.eval(pl.element().is_null()).list.any()
        yield "null item", "a value in every item", items.fill_null(value=False)
    if column.word == "time-micros":
        yield "precision", "whole microseconds", (values.cast(pl.Int64) % 1_000 != 0).fill_null(value=False)
