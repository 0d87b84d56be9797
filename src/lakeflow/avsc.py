"""An .avsc put together in Python instead of typed: what `contract infer` writes and what trials start from."""

from collections.abc import Iterable, Mapping
from typing import Any

from lakeflow import avro

NANOS = {"type": "long", "logicalType": "timestamp-nanos"}


def record(
    name: str, fields: Iterable[Mapping[str, Any]], *, doc: str = "A table.", **promise: Any
) -> dict[str, Any]:
    """The record of contract `layer/table`; `promise` is its `lakeflow` object, in version 1.0.0 unless said."""
    layer, _, table = name.partition("/")
    return {
        "type": "record",
        "name": table,
        "namespace": f"lakeflow.{layer}",
        "doc": doc,
        "lakeflow": {"version": "1.0.0", **promise},
        "fields": list(fields),
    }


def field(
    name: str, avro_type: Any, *, doc: str = "", aliases: Iterable[str] = (), **about: Any
) -> dict[str, Any]:
    """One field; a nullable type gets its default null, any other default is given as `default=`."""
    default = {"default": about.pop("default")} if "default" in about else {}
    if avro.unwrap(avro_type)[1]:
        default = {"default": None}
    former = {"aliases": list(aliases)} if aliases else {}
    promised = {"lakeflow": about} if about else {}
    return {"name": name, "type": avro_type, **default, "doc": doc or f"The {name}.", **former, **promised}


def enum(name: str, *symbols: str) -> dict[str, Any]:
    return {"type": "enum", "name": name, "symbols": list(symbols)}


def decimal(precision: int, scale: int) -> dict[str, Any]:
    return {"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale}


def array(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}
