"""A contract's types in DuckDB; apart from the others, so that a query loads neither Polars nor pyarrow."""

from typing import Any

from lakeflow import avro
from lakeflow.contract import Contract

NAMES = {
    "boolean": "BOOLEAN",
    "int": "INTEGER",
    "long": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "string": "VARCHAR",
    "bytes": "BLOB",
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "uint8": "UTINYINT",
    "uint16": "USMALLINT",
    "uint32": "UINTEGER",
    "uint64": "UBIGINT",
    "date": "DATE",
    "time-micros": "TIME",
    "timestamp-nanos": "TIMESTAMPTZ_NS",
    "local-timestamp-nanos": "TIMESTAMP_NS",
    "local-timestamp-micros": "TIMESTAMP",
    "timestamp-micros": "TIMESTAMP WITH TIME ZONE",
    "enum": "VARCHAR",
}


def duckdb_types(contract: Contract) -> dict[str, str]:
    return {column.name: _duckdb(column.type, column.arrow_type) for column in contract.columns}


def _duckdb(avro_type: Any, arrow_type: str | None) -> str:
    word, *rest = avro.canonical(avro_type, arrow_type)
    if word == "decimal":
        return "DECIMAL({},{})".format(*rest)
    return f"{_duckdb(avro_type['items'], arrow_type)}[]" if word == "array" else NAMES[word]
