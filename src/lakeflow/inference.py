"""A first draft of a contract, from a Parquet file or a frame that already has the rows."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from lakeflow import avro
from lakeflow.avsc import array, decimal, enum, field, record
from lakeflow.errors import ConfigError
from lakeflow.fieldlint import PARTITION, RESERVED
from lakeflow.typelint import SYMBOL
from lakeflow.types import TYPES

WORDS = {alike.polars: word for word, alike in TYPES.items()}


def infer(rows: pl.DataFrame | Path, name: str) -> dict[str, Any]:
    """An .avsc that the rows fit and lint accepts; its docs, units, key and ranges are for a person to write.

    Column names become small letters, and `ts_...` for times; a timestamp column that ascends becomes the sort.
    """
    scan = (
        pl.scan_parquet(rows, hive_partitioning=False, glob=False) if isinstance(rows, Path) else rows.lazy()
    )
    schema = {column: kind for column, kind in scan.collect_schema().items() if column not in PARTITION}
    if not schema:
        raise ConfigError([f"contract {name}: expected a file with columns to describe, found none"])
    if faults := [fault for column, kind in schema.items() if (fault := _fault(name, column, kind))]:
        raise ConfigError(faults)
    seen = _look(scan, schema)
    if holed := [column for column in schema if seen.get(f"{column} null items")]:
        raise ConfigError(
            f"contract {name}: column {each}: expected lists without null items, found some" for each in holed
        )
    names = clean_names(schema)
    times = [names[column] for column in schema if seen.get(f"{column} ascends")]
    origin = rows.name if isinstance(rows, Path) else "a frame"
    fields = [_field(column, names[column], kind, seen) for column, kind in schema.items()]
    return record(
        name, fields, doc=f"Inferred from {origin}; say what one row is.", version="0.1.0", sort=times[:1]
    )


def _fault(name: str, column: str, kind: pl.DataType) -> str | None:
    held = kind.inner if isinstance(kind, pl.List) else kind
    if (
        isinstance(held, pl.Decimal)
        or held in WORDS
        or (held is kind and isinstance(kind, pl.Enum | pl.Categorical))
    ):
        return None
    known = ", ".join(sorted({*map(str, WORDS), "Categorical", "Decimal", "Enum", "List"}))
    return f"contract {name}: column {column}: expected a type of {known}, found {kind}; cast it first"


def _look(scan: pl.LazyFrame, schema: Mapping[str, pl.DataType]) -> dict[str, Any]:
    """Which columns have nulls, which have NaN, which times ascend; one streaming pass."""
    looks = {f"{column} nulls": pl.col(column).null_count() for column in schema}
    looks |= {
        f"{column} NaN": pl.col(column).is_nan().any() for column, kind in schema.items() if kind.is_float()
    }
    for column, kind in schema.items():
        if isinstance(kind, pl.List):
            looks[f"{column} null items"] = _any_item(column, pl.element().is_null())
            if kind.inner in (pl.Float32, pl.Float64):
                looks[f"{column} NaN"] = _any_item(column, pl.element().is_nan())
    for column, kind in schema.items():
        if isinstance(kind, pl.Datetime):
            falls = pl.col(column).cast(pl.Int64).diff() < 0
            looks[f"{column} ascends"] = ~falls.any() & (pl.col(column).null_count() == 0)
    return scan.select(**looks).collect(engine="streaming").row(0, named=True)


def _any_item(column: str, test: pl.Expr) -> pl.Expr:
    return pl.col(column).list.eval(test).list.any().any()


def clean_names(schema: Mapping[str, pl.DataType]) -> dict[str, str]:
    """The name that each column gets in the contract: one that SQL needs no quotes for, and none twice."""
    names: dict[str, str] = {}
    for column, kind in schema.items():
        plain = re.sub(r"[^a-z0-9_]+", "_", column.lower()).strip("_") or "column"
        if isinstance(kind, pl.Datetime):
            plain = plain if plain.startswith("ts_") else f"ts_{plain}"
        elif plain.startswith("ts_") or plain[0].isdigit() or plain in RESERVED | PARTITION:
            plain = f"column_{plain}"
        while plain in names.values():
            plain += "_too"
        names[column] = plain
    return names


def _field(column: str, name: str, kind: pl.DataType, seen: Mapping[str, Any]) -> dict[str, Any]:
    avro_type, about = _type(name, kind)
    if seen.get(f"{column} NaN"):
        about["allowNaN"] = True
    held = ["null", avro_type] if seen[f"{column} nulls"] else avro_type
    return field(name, held, doc=f"Column {column!r} as found; say what it is and in which unit.", **about)


def _type(name: str, kind: pl.DataType) -> tuple[Any, dict[str, Any]]:
    """The Avro type, and what the `lakeflow` object must add to it."""
    match kind:
        case pl.Enum() if len(kind.categories) and all(SYMBOL.fullmatch(each) for each in kind.categories):
            return enum(f"{name}_symbol", *kind.categories), {}
        case pl.Enum() | pl.Categorical():
            return "string", {}
        case pl.Decimal():
            return decimal(kind.precision, kind.scale), {}
        case pl.List():
            items, about = _type(name, kind.inner)  # type: ignore[arg-type]
            return array(items), about
    word = WORDS[kind]
    if word in avro.ARROW_TYPES:
        return avro.ARROW_TYPES[word], {"arrowType": word}
    return ({"type": avro.LOGICAL[word], "logicalType": word} if word in avro.LOGICAL else word), {}
