"""What is wrong with an .avsc as a contract: the record as a whole, its key, order, rules and place."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lakeflow import avro
from lakeflow.expression import columns_of
from lakeflow.fault import shown, unknown_keys
from lakeflow.fieldlint import field_faults

RECORD_KEYS = frozenset({"type", "name", "namespace", "doc", "fields", "lakeflow", "aliases"})
PROMISE_KEYS = frozenset({"version", "key", "sort", "unique", "rules", "minRows", "compat"})
RULE_KEYS = frozenset({"name", "expr", "severity", "maxBad"})
COMPAT = ("BACKWARD", "FORWARD", "FULL", "NONE")
SEVERITY = ("error", "warn")
SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


def lint(schema: Any, name: str) -> list[str]:
    """Every fault, ours first; then, if we found none, what fastavro has to say."""
    return faults_in(schema, name) or [f"contract {name}: {said}" for said in second_opinion(schema)]


def faults_in(schema: Any, name: str) -> list[str]:
    """Every fault by our own rules, which are stricter than Avro's, each with place, expected and found."""
    if not isinstance(schema, dict):
        return [f"contract {name}: expected a JSON object of type record, found {shown(schema)}"]
    return [f"contract {name}: {fault}" for fault in _faults(schema, name)]


def second_opinion(schema: Any) -> list[str]:
    """The refusal of fastavro, if any: its parser lets through most of what `faults_in` finds."""
    from fastavro.schema import SchemaParseException, UnknownType, parse_schema

    try:
        parse_schema(schema, _force=True)
    except (SchemaParseException, UnknownType, ValueError, KeyError, TypeError) as error:
        return [f"fastavro: {type(error).__name__}: {error}"]
    return []


def _faults(schema: Mapping[str, Any], name: str) -> Iterator[str]:
    yield from _heading(schema, name)
    fields = schema.get("fields")
    if not isinstance(fields, list) or not fields or not all(isinstance(each, dict) for each in fields):
        yield f"fields: expected a list of at least one field, found {shown(fields)}"
        return
    yield from _names(fields)
    for each in fields:
        yield from field_faults(each)
    yield from _promise(schema.get("lakeflow"), {str(each.get("name")): each for each in fields})


def _heading(schema: Mapping[str, Any], name: str) -> Iterator[str]:
    layer, _, table = name.partition("/")
    for key, expected in (("type", "record"), ("name", table), ("namespace", f"lakeflow.{layer}")):
        if schema.get(key) != expected:
            yield f"{key}: expected {shown(expected)}, found {shown(schema.get(key))}"
    if not _is_text(schema.get("doc")):
        yield f"doc: expected a sentence about the table, found {shown(schema.get('doc'))}"
    yield from unknown_keys("record", schema, RECORD_KEYS)


def _names(fields: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Names once each, whatever their case (DuckDB ignores it), the names that a rename leaves behind included."""
    names = [str(name) for each in fields for name in (each.get("name"), *_aliases(each))]
    lower = [name.lower() for name in names]
    for name in dict.fromkeys(lower):
        if lower.count(name) > 1:
            yield f"field {name}: expected each name once whatever its case, found {lower.count(name)}"


def _aliases(field: Mapping[str, Any]) -> list[Any]:
    aliases = field.get("aliases", [])
    return aliases if isinstance(aliases, list) else []


def _promise(promise: Any, fields: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    if not isinstance(promise, dict):
        yield f'lakeflow: expected an object with at least "version", found {shown(promise)}'
        return
    yield from unknown_keys("lakeflow", promise, PROMISE_KEYS)
    yield from _scalars(promise)
    yield from _columns(promise, fields)
    rules = promise.get("rules", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        yield f"rules: expected a list of objects, found {shown(rules)}"
        return
    yield from _rules(rules, fields)


def _scalars(promise: Mapping[str, Any]) -> Iterator[str]:
    version, compat, rows = (
        promise.get("version"),
        promise.get("compat", "BACKWARD"),
        promise.get("minRows", 0),
    )
    if not isinstance(version, str) or not SEMVER.fullmatch(version):
        yield f'version: expected major.minor.patch such as "1.0.0", found {shown(version)}'
    if compat not in COMPAT:
        yield f"compat: expected one of {', '.join(COMPAT)}, found {shown(compat)}"
    if type(rows) is not int or rows < 0:
        yield f"minRows: expected a whole number of at least 0, found {shown(rows)}"


def _columns(promise: Mapping[str, Any], fields: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    unique = promise.get("unique", [])
    if not isinstance(unique, list):
        yield f"unique: expected a list of lists of columns, found {shown(unique)}"
        unique = []
    lists = [
        ("key", promise.get("key", [])),
        ("sort", promise.get("sort", [])),
        *(("unique", u) for u in unique),
    ]
    for what, names in lists:
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            yield f"{what}: expected a list of columns, found {shown(names)}"
            continue
        if len(set(names)) < len(names) or (what == "unique" and not names):
            yield f"{what}: expected at least one column and each once, found {shown(names)}"
        for name in names:
            yield from _ordered(what, name, fields)


def _ordered(what: str, name: str, fields: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    if name not in fields:
        yield f"{what}: expected columns of {', '.join(sorted(fields))}, found {name}"
        return
    base, nullable = avro.unwrap(fields[name].get("type"))
    if isinstance(base, dict) and base.get("type") == "array":
        yield f"{what}: expected columns that have an order, found {name}, an array"
    about = fields[name].get("lakeflow")
    if isinstance(about, dict) and about.get("allowNaN"):
        yield f"{what}: expected columns without NaN, which has no order, found {name}, which allows it"
    if what == "key" and nullable:
        yield f"key: expected columns that are never null, found {name}, which is nullable"


def _rules(rules: Sequence[Mapping[str, Any]], fields: Mapping[str, Any]) -> Iterator[str]:
    names = [rule.get("name") for rule in rules]
    for name in dict.fromkeys(str(name) for name in names):
        if names.count(name) > 1:
            yield f"rule {name}: expected each rule name once, found {names.count(name)}"
    for rule in rules:
        place = f"rule {rule.get('name')}"
        yield from (f"{place}: {fault}" for fault in _rule(rule, fields))
        yield from unknown_keys(place, rule, RULE_KEYS)


def _rule(rule: Mapping[str, Any], fields: Mapping[str, Any]) -> Iterator[str]:
    expr, severity, bad = rule.get("expr"), rule.get("severity", "error"), rule.get("maxBad", 0)
    if not _is_text(rule.get("name")):
        yield f"name: expected a word, found {shown(rule.get('name'))}"
    if severity not in SEVERITY:
        yield f"severity: expected error or warn, found {shown(severity)}"
    if isinstance(bad, bool) or not isinstance(bad, int | float) or not 0 <= bad < 1:
        yield f"maxBad: expected a fraction from 0 up to 1, found {shown(bad)}"
    if not isinstance(expr, str):
        yield f"expr: expected a SQL boolean, found {shown(expr)}"
        return
    try:
        columns = columns_of(expr)
    except ValueError as error:
        yield f"expr {shown(expr)}: {error}"
        return
    if not columns:
        yield f"expr {shown(expr)}: expected at least one column, found none"
    if unknown := columns - set(fields):
        yield f"expr {shown(expr)}: expected columns of {', '.join(sorted(fields))}, found {', '.join(sorted(unknown))}"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
