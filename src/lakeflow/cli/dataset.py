"""The answer to show: a dataset's columns, what made its partitions and from what, and its rows."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from lakeflow.cli.opening import opened
from lakeflow.cli.options import Place
from lakeflow.contract import Contract
from lakeflow.partition import Partition
from lakeflow.project import Project

FEW, LISTED = 10, 200


def print_dataset(
    key: str, symbol: Sequence[str] | None, dt: str | None, rows: int | None, place: Place
) -> None:
    """As JSON its rows are whole, and of a report, which is made on request, all are there unless `rows` says how many."""
    import polars as pl

    with opened(place) as (project, voice, _):
        table = project[key]
        partitions = table.partitions(symbol, dt)
        scanned = table.scan(symbol, dt) if partitions else pl.LazyFrame()
        is_whole = rows is None and voice.json and is_report(project, key)
        head = (scanned if is_whole else scanned.head(FEW if rows is None else rows)).collect()
        columns, listed = described(table.contract), partitions[:LISTED]
        if voice.json:
            made = [lineage(project, each) for each in listed]
            told = {"key": key, "columns": columns, "partitions": made, "rows": json.loads(head.write_json())}
            voice.data("dataset", told)
            return
        voice.rows("columns", columns)
        beyond = f", the first {LISTED}:" if len(partitions) > LISTED else ""
        voice.print(f"\n{len(partitions)} partitions{beyond}")
        voice.rows("partitions", [manifest_row(project, each) for each in listed])
        if head.height:
            voice.print(f"\n{head}")


def described(contract: Contract) -> list[dict[str, Any]]:
    """The columns that a contract promises, in words."""
    return [
        {
            "column": c.name,
            "type": c.word,
            "null": c.nullable,
            "unit": c.unit,
            "scale": c.scale,
            "about": c.doc,
        }
        for c in contract.columns
    ]


def is_report(project: Project, key: str) -> bool:
    maker = project.catalog.maker.get(key)
    return maker is not None and maker.build == "on_request"


def manifest_row(project: Project, partition: Partition) -> dict[str, Any]:
    manifest = project[partition.dataset].manifest(partition.symbol, partition.dt)
    return {"symbol": partition.symbol, "dt": partition.dt, "rows": manifest.rows, "stage": manifest.stage,
            "content": manifest.content[:12], "inputs": len(manifest.inputs)}  # fmt: skip


def lineage(project: Project, partition: Partition) -> dict[str, Any]:
    """The same with what it was made of. When it was committed the file says: a manifest depends on no clock."""
    manifest = project[partition.dataset].manifest(partition.symbol, partition.dt)
    committed = (project.lake / partition.path).stat().st_mtime
    made_of = [
        dict(zip(("read", "dataset", "symbol", "dt", "content"), each, strict=True))
        for each in manifest.inputs
    ]
    return manifest_row(project, partition) | {
        "created_at": datetime.fromtimestamp(committed, UTC).isoformat(),
        "recipe": manifest.recipe,
        "params": manifest.params,
        "made_of": made_of,
    }
