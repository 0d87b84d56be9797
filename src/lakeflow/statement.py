"""What a SQL text asks for, by DuckDB's own parser: that it only reads, and which datasets it names."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import duckdb

from lakeflow.errors import UsageError
from lakeflow.nearby import unknown

RAW = "_raw"  # the view of a table in its stored units
ALLOWED = "SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW or EXPLAIN"
NODES = {"CTE_NODE", "RECURSIVE_CTE_NODE", "SELECT_NODE", "SET_OPERATION_NODE"}
CATALOG = {"duckdb_columns", "duckdb_schemas", "duckdb_tables", "duckdb_views"}
FUNCTIONS = CATALOG | {"generate_series", "range", "unnest"}
COMMENT = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*"
EXPLAIN = re.compile(
    rf"{COMMENT}explain\b{COMMENT}(?:analyze\b)?{COMMENT}(?:\([^)]*\))?", re.IGNORECASE | re.DOTALL
)
TABLES = "SELECT concat_ws('.', database, schema, name) AS \"table\", array_to_string(column_names, ', ') AS columns FROM (SHOW ALL TABLES) ORDER BY 1"
SHOW_TABLES = re.compile(rf"{COMMENT}show{COMMENT}tables{COMMENT}", re.IGNORECASE | re.DOTALL)


class Statement(NamedTuple):
    """One reading statement, the datasets that it names, and those of them that it names by their raw view."""

    sql: str
    datasets: frozenset[str]
    raws: frozenset[str] = frozenset()
    is_explain: bool = False
    wants_catalog: bool = False  # it asks which tables there are, so each must be there, if without its files


def read_statement(text: str, keys: Iterable[str]) -> Statement:
    """The one statement in a text; anything that could write or read outside the datasets is refused."""
    with duckdb.connect() as parser:
        kind, body = _only_statement(parser, text)
        if kind not in ("SELECT", "EXPLAIN"):
            raise _refused(kind)
        match = EXPLAIN.match(body) if kind == "EXPLAIN" else None
        found = list(_nodes(_tree(parser, body[match.end() :] if match else body)))
    _check_reads(found)
    shown = {
        node["table_name"].strip('"')
        for node in found
        if node.get("type") == "SHOW_REF" and not node["query"]
    }
    datasets, raws = _datasets(found, {key.lower(): key for key in keys})
    return Statement(
        sql=TABLES if SHOW_TABLES.fullmatch(body) else body,
        datasets=datasets,
        raws=raws,
        is_explain=kind == "EXPLAIN",
        wants_catalog=bool(shown or _functions(found) & CATALOG or _schemas(found) & {"information_schema"}),
    )


def _only_statement(parser: duckdb.DuckDBPyConnection, text: str) -> tuple[str, str]:
    """The kind and the text of the one statement; its end mark is no part of it."""
    try:
        statements = parser.extract_statements(text)
    except duckdb.Error as error:
        raise UsageError(f"query: expected SQL, found {error}") from error
    if len(statements) != 1:
        raise UsageError(f"query: expected one statement, found {len(statements)}; give each its own command")
    return statements[0].type.name, statements[0].query.strip().rstrip("; \n\t")


def _tree(parser: duckdb.DuckDBPyConnection, sql: str) -> Any:
    row = parser.execute("SELECT json_serialize_sql($1)", [sql]).fetchone()
    tree = json.loads(row[0]) if row else {}
    if tree.get("error"):
        raise _refused("EXPLAIN of another statement")
    return tree


def _refused(found: str) -> UsageError:
    return UsageError(f"query: expected {ALLOWED}, found {found}; a query reads the lake and changes nothing")


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of a parse tree."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _check_reads(nodes: list[dict[str, Any]]) -> None:
    """A WITH may hold an INSERT, and a FROM a function that opens any file: neither is a query of the lake."""
    for node in nodes:
        kind = str(node.get("type", ""))
        if kind.endswith("_NODE") and kind not in NODES:
            raise _refused(kind.removesuffix("_QUERY_NODE").removesuffix("_NODE"))
    if others := _functions(nodes) - FUNCTIONS:
        raise UsageError(
            f"query: {', '.join(sorted(others))}: expected datasets, or {', '.join(sorted(FUNCTIONS))}; "
            "a query reads nothing but the lake's datasets"
        )


def _functions(nodes: list[dict[str, Any]]) -> set[str]:
    calls = (node["function"] for node in nodes if node.get("type") == "TABLE_FUNCTION")
    return {str(call["function_name"]).lower() for call in calls}


def _schemas(nodes: list[dict[str, Any]]) -> set[str]:
    return {str(node["schema_name"]).lower() for node in nodes if node.get("type") == "BASE_TABLE"}


def _datasets(nodes: list[dict[str, Any]], keys: dict[str, str]) -> tuple[frozenset[str], frozenset[str]]:
    """The keys of the tables named, and of those named with `_raw`; a name without a dot may be a WITH's own."""
    withs = {str(entry["key"]).lower() for node in nodes for entry in _with_entries(node)}
    found, raws, faults = set(), set(), []
    for name in sorted({_name(node) for node in nodes if node.get("type") == "BASE_TABLE"}):
        low = name.lower()
        if low in keys:
            found.add(keys[low])
        elif low.endswith(RAW) and low.removesuffix(RAW) in keys:
            raws.add(keys[low.removesuffix(RAW)])
        elif low not in withs and not low.startswith("information_schema."):
            faults.append(unknown("dataset", name, keys.values()))
    if faults:
        raise UsageError("\n".join(faults))
    return frozenset(found | raws), frozenset(raws)


def _with_entries(node: dict[str, Any]) -> list[dict[str, Any]]:
    own = node.get("cte_map")
    recursive = [{"key": node["cte_name"]}] if node.get("cte_name") else []
    return [*own["map"], *recursive] if isinstance(own, dict) else recursive


def _name(node: dict[str, Any]) -> str:
    parts = (node["catalog_name"], node["schema_name"], node["table_name"])
    return ".".join(part for part in parts if part)
