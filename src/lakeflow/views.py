"""DuckDB views of the lake: one a dataset in human units, and beside it `<table>_raw` with the integers as stored.

Prices and other scaled integers become an exact DECIMAL (a DOUBLE of price * 1e-9 makes 500.00000000000006 of 500).
The columns come from the contract and not from the files, so that no file is opened before a row of it is wanted,
an older file with fewer columns reads with the defaults, and a table without files has its columns all the same.
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lakeflow.contract import Column, Contract
from lakeflow.errors import UsageError
from lakeflow.partition import Partition, encode
from lakeflow.sqltypes import duckdb_types
from lakeflow.statement import RAW

DIGITS = {"TINYINT": 3, "SMALLINT": 5, "INTEGER": 10, "BIGINT": 19,
          "UTINYINT": 3, "USMALLINT": 5, "UINTEGER": 10, "UBIGINT": 20}  # fmt: skip
WIDEST = 38  # digits in a DECIMAL
PATH, ITEM = (
    "lakeflow path",
    "lakeflow item",
)  # what no column can be called: every name of a contract is a plain word


@dataclass(frozen=True)
class Table:
    """A dataset, its contract, and the files of it that a query may open, by absolute path."""

    key: str
    contract: Contract
    files: Sequence[tuple[Partition, str | Path]] = ()


def sql_init(tables: Iterable[Table]) -> str:
    """A script for the stand-alone DuckDB shell (`duckdb -init views.sql`): the same views over the same files."""
    held = sorted(tables, key=lambda table: table.key)
    return ";\n".join(["SET GLOBAL TimeZone='UTC'", *schemas(held), *views(held)]) + ";\n"


def views(tables: Iterable[Table]) -> Iterator[str]:
    """Both views of each table; a dataset whose own name ends in `_raw` keeps it."""
    held = {table.key: table for table in tables}
    yield from (raw_view(table) for key, table in held.items() if key + RAW not in held)
    yield from map(view, held.values())


def schemas(tables: Iterable[Table]) -> Iterator[str]:
    """A database for each layer and a schema for each product type, so that a key is a table's name as it stands."""
    places = sorted({tuple(table.key.split(".", 2)[:2]) for table in tables})
    for layer in sorted({layer for layer, _ in places}):
        yield f"ATTACH IF NOT EXISTS ':memory:' AS {quoted(layer)}"
    for layer, product_type in places:
        yield f"CREATE SCHEMA IF NOT EXISTS {quoted(layer)}.{quoted(product_type)}"


def raw_view(table: Table) -> str:
    """The rows as they are stored, under the table's name with `_raw`."""
    return f"CREATE OR REPLACE VIEW {name_of(table.key + RAW)} AS {_stored(table)}"


def view(table: Table) -> str:
    """The rows in human units, under the dataset's key."""
    human = _human(table.contract)
    return f"CREATE OR REPLACE VIEW {name_of(table.key)} AS SELECT {human} FROM ({_stored(table)}) AS stored"  # noqa: S608  names and paths are quoted


def name_of(key: str) -> str:
    return ".".join(quoted(part) for part in key.split(".", 2))


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | None) -> str:
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def _stored(table: Table) -> str:
    """Every row as its files hold it, `symbol` and `dt` first."""
    types = duckdb_types(table.contract)
    if not table.files:
        columns = {"symbol": "VARCHAR", "dt": "DATE", **types}
        nulls = ", ".join(f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in columns.items())
        return f"SELECT {nulls} WHERE false"
    columns_sql = ", ".join(_column(column, types[column.name]) for column in table.contract.columns)
    return f"SELECT {_symbol(table)} AS symbol, {_dt()} AS dt, {columns_sql} FROM {_read(table, types)}"  # noqa: S608  the same


def _symbol(table: Table) -> str:
    """The symbol in the path, decoded letter by letter: DuckDB prunes only by what cannot fail, and url_decode can."""
    symbol = f"substr(split_part({quoted(PATH)}, '/', -4), {len('symbol=') + 1})"
    symbols = {partition.symbol for partition, _ in table.files}
    letters = {
        letter for each in symbols if encode(each) != each for letter in each if encode(letter) != letter
    }
    for letter in sorted(letters, key=lambda each: (each == "%", each)):  # the sign itself comes last
        symbol = f"replace({symbol}, {literal(encode(letter))}, {literal(letter)})"
    return symbol


def _dt() -> str:
    return f"TRY_CAST(substr(split_part({quoted(PATH)}, '/', -2), {len('dt=') + 1}) AS DATE)"


def _column(column: Column, kind: str) -> str:
    """A column, from the first of its names that a file has, else its default."""
    if not column.aliases:
        return quoted(column.name)
    names = [quoted(name) for name in (column.name, *map(_alias, column.aliases))]
    default = literal(_default(column))
    return f"COALESCE({', '.join(names)}, CAST({default} AS {kind})) AS {quoted(column.name)}"


def _read(table: Table, types: dict[str, str]) -> str:
    entries = []
    for column in table.contract.columns:
        default = None if column.aliases else _default(column)
        entries.append(_entry(column.name, column.name, types[column.name], default))
        entries += [_entry(alias, _alias(alias), types[column.name], None) for alias in column.aliases]
    files = ", ".join(literal(_plain(path)) for _, path in table.files)
    return f"read_parquet([{files}], hive_partitioning=false, filename={literal(PATH)}, schema=MAP {{{', '.join(entries)}}})"


def _entry(stored: str, name: str, kind: str, default: str | None) -> str:
    value = f"CAST({literal(default)} AS VARCHAR)"  # one type for the whole map
    return (
        f"{literal(stored)}: {{'name': {literal(name)}, 'type': {literal(kind)}, 'default_value': {value}}}"
    )


def _alias(name: str) -> str:
    return f"{name} (formerly)"


def _default(column: Column) -> str | None:
    """The default as DuckDB casts it from text."""
    value: Any = column.default
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


def _plain(path: str | Path) -> str:
    """A path that DuckDB takes letter by letter: it would expand these signs even in a list of files."""
    if any(sign in str(path) for sign in "*?["):
        raise UsageError(
            f"{path}: expected a lake whose folder has none of *, ? and [ in its name, which DuckDB expands; rename it"
        )
    return os.path.abspath(path)  # noqa: PTH100  no link is followed, and a lake has 100,000 of these


def _human(contract: Contract) -> str:
    types = duckdb_types(contract)
    scaled = (
        quoted(column.name)
        if column.scale is None
        else f"{_scaled(column, types[column.name])} AS {quoted(column.name)}"
        for column in contract.columns
    )
    return ", ".join(["symbol", "dt", *scaled])


def _scaled(column: Column, kind: str) -> str:
    """The human value of a column; of a list, one for each of its items."""
    if kind.endswith("[]"):
        items = _product(quoted(ITEM), column.scale, kind.removesuffix("[]"))
        return f"[{items} FOR {quoted(ITEM)} IN {quoted(column.name)}]"
    return _product(quoted(column.name), column.scale, kind)


def _product(stored: str, by: float | None, kind: str) -> str:
    """A stored integer times its scale, exact wherever a DECIMAL can hold every such product."""
    scale = Decimal(repr(by)).normalize()
    exponent = int(scale.as_tuple().exponent)
    factor = scale.as_tuple().digits
    places = max(0, -exponent)
    width = max(places, DIGITS.get(kind, WIDEST) + (len(factor) if factor != (1,) else 0) + max(0, exponent))
    if kind not in DIGITS or width > WIDEST:
        return f"CAST({stored} AS DOUBLE) * {by!r}"
    return f"CAST(CAST({stored} AS DECIMAL({DIGITS[kind]},0)) * {scale:f} AS DECIMAL({width},{places}))"
