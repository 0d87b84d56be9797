"""A contract: the columns, the order, the key and the rules that one table promises, read from its .avsc file."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from lakeflow import avro
from lakeflow.errors import ConfigError
from lakeflow.lint import faults_in


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `type` is the Avro type without its null, as parsed JSON, and `word` is that type in one word."""

    name: str
    type: Any = field(hash=False)
    nullable: bool = False
    doc: str = ""
    unit: str | None = None
    scale: float | None = None  # the stored integer times this is the human value
    kind: str | None = None
    min: int | float | None = None
    max: int | float | None = None
    multiple_of: int | None = None
    allow_nan: bool = False
    arrow_type: str | None = None
    encoding: str | None = None
    bits: Mapping[str, int] = field(default_factory=dict, hash=False)
    aliases: tuple[str, ...] = ()
    has_default: bool = False
    default: Any = field(default=None, hash=False)

    @property
    def word(self) -> str:
        return avro.word(self.type, self.arrow_type)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols of an enum; nothing for any other type."""
        return tuple(self.type["symbols"]) if self.word == "enum" else ()


class Rule(NamedTuple):
    """A SQL boolean that is true of every row; at most the fraction `max_bad` may break it, and null breaks nothing."""

    name: str
    expr: str
    severity: str = "error"
    max_bad: float = 0.0


@dataclass(frozen=True, slots=True)
class Contract:
    """What one table promises; the key is unique and never null, rows ascend by `sort` with nulls first."""

    name: str
    version: str
    doc: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    sort: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...]
    rules: tuple[Rule, ...]
    min_rows: int
    compat: str
    schema_digest: str
    rules_digest: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def unique_sets(self) -> tuple[tuple[str, ...], ...]:
        """Every set of columns that names a row: the key first, then `unique`."""
        return tuple(dict.fromkeys(columns for columns in (self.key, *self.unique) if columns))

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}; it has {', '.join(sorted(self.names))}")


def load_contract(path: Path) -> Contract:
    """The contract in a file; its name is the last two parts of the path, `silver/bbo` for `silver/bbo.avsc`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: expected a readable contract, found {error}"]) from error
    return read_contract(text, f"{path.parent.name}/{path.stem}")


def read_contract(text: str, name: str) -> Contract:
    """The contract that an .avsc text holds, or a ConfigError with every fault found in it."""
    schema = parse(text, name)
    if faults := faults_in(schema, name):
        raise ConfigError(faults)
    return _contract(schema, name)


def parse(text: str, name: str) -> Any:
    """The JSON of an .avsc, in which a key said twice is an error: json keeps the last without a word."""
    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        twice.extend(key for key in dict.fromkeys(keys) if keys.count(key) > 1)
        return dict(pairs)

    try:
        schema = json.loads(text, object_pairs_hook=once)
    except ValueError as error:
        raise ConfigError([f"contract {name}: expected JSON, found {error}"]) from error
    if twice:
        raise ConfigError(
            f'contract {name}: key "{key}" is said twice in one object; keep one' for key in twice
        )
    return schema


def _contract(schema: Mapping[str, Any], name: str) -> Contract:
    promise = schema["lakeflow"]
    columns = tuple(_column(each) for each in schema["fields"])
    return Contract(
        name=name,
        version=promise["version"],
        doc=schema["doc"],
        columns=columns,
        key=tuple(promise.get("key", ())),
        sort=tuple(promise.get("sort", ())),
        unique=tuple(tuple(each) for each in promise.get("unique", ())),
        rules=tuple(_rule(each) for each in promise.get("rules", ())),
        min_rows=promise.get("minRows", 0),
        compat=promise.get("compat", "BACKWARD"),
        schema_digest=_digest(_shape(columns, promise)),
        rules_digest=_digest(_bounds(columns, promise)),
    )


def _column(source: Mapping[str, Any]) -> Column:
    about = source.get("lakeflow", {})
    avro_type, nullable = avro.unwrap(source["type"])
    return Column(
        name=source["name"],
        type=avro_type,
        nullable=nullable,
        doc=source["doc"],
        unit=about.get("unit"),
        scale=about.get("scale"),
        kind=about.get("kind"),
        min=about.get("min"),
        max=about.get("max"),
        multiple_of=about.get("multipleOf"),
        allow_nan=about.get("allowNaN", False),
        arrow_type=about.get("arrowType"),
        encoding=about.get("encoding"),
        bits=dict(about.get("bits", {})),
        aliases=tuple(source.get("aliases", ())),
        has_default="default" in source,
        default=source.get("default"),
    )


def _rule(source: Mapping[str, Any]) -> Rule:
    return Rule(source["name"], source["expr"], source.get("severity", "error"), source.get("maxBad", 0.0))


def _shape(columns: Iterable[Column], promise: Mapping[str, Any]) -> list[Any]:
    """What decides the bytes of a partition, or what they mean. A new major version remakes it; nothing less does."""
    shape = [
        [
            c.name,
            avro.canonical(c.type, c.arrow_type),
            c.nullable,
            c.unit,
            c.scale,
            c.encoding,
            sorted(c.bits.items()),
        ]
        for c in columns
    ]
    major = promise["version"].split(".")[0]
    return [major, shape, promise.get("sort", []), promise.get("key", [])]


def _bounds(columns: Iterable[Column], promise: Mapping[str, Any]) -> list[Any]:
    """What decides whether a partition is accepted, and changes none of its bytes."""
    bounds = [[c.name, c.min, c.max, c.multiple_of, c.allow_nan] for c in columns]
    rules = [list(_rule(each)) for each in promise.get("rules", ())]
    return [bounds, promise.get("unique", []), rules, promise.get("minRows", 0)]


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, separators=(",", ":")).encode()).hexdigest()
