"""Committed partitions held against today's contracts: their files, their steps, and what they stand on."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import polars as pl
import pyarrow as pa

from lakeflow.check import check_file
from lakeflow.footer_values import lies
from lakeflow.manifest import Manifest, NotOurs, is_whole, read_manifest
from lakeflow.partition import Partition
from lakeflow.project import Project
from lakeflow.shelf import DAMAGED, Shelves

CHANGED = (
    "expected the bytes that were committed, found others: the file was changed; the next run makes it anew"
)
LIES = (
    "holds other values than the footer tells, by which queries skip rows; the next run makes the file anew"
)


class Complaint(NamedTuple):
    """One thing that is not as it should be."""

    dataset: str
    symbol: str
    dt: str
    severity: str
    rule: str
    found: str


def validate(project: Project, partitions: Iterable[Partition], *, deep: bool = False) -> Iterator[Complaint]:
    """Every complaint: the contract's, a lost sibling, and with `deep` changed bytes and inputs that are others now."""
    shelves = project.universe().shelves
    for partition in partitions:
        try:
            manifest = read_manifest(project.lake, partition)
        except NotOurs as error:
            yield Complaint(*partition, "error", "manifest", str(error))
            continue
        dataset = project.catalog.datasets[partition.dataset]
        if (entry := shelves.of(dataset).get(partition[1:])) and entry.recipe == DAMAGED:
            yield Complaint(*partition, "error", "bytes", CHANGED)
        yield from contract_complaints(project, partition)
        yield from sibling_complaints(project, shelves, partition, manifest)
        if deep:
            yield from deep_complaints(project, shelves, partition, manifest)


def contract_complaints(project: Project, partition: Partition) -> Iterator[Complaint]:
    try:
        verdict = check_file(project.lake / partition.path, project.contract(partition.dataset))
    except (OSError, pa.ArrowException, pl.exceptions.PolarsError) as error:
        project.ledger.doubt([partition])
        words = str(error).splitlines()[0]
        yield Complaint(
            *partition,
            "error",
            "readable",
            f"cannot be read ({words}); the next run makes it anew",
        )
        return
    yield from (Complaint(*partition, "error", c.rule, str(c)) for c in verdict.errors)
    yield from (Complaint(*partition, "warn", c.rule, str(c)) for c in verdict.warnings)


def sibling_complaints(
    project: Project, shelves: Shelves, partition: Partition, manifest: Manifest
) -> Iterator[Complaint]:
    for dataset, symbol, content in manifest.siblings or ():
        known = project.catalog.datasets.get(dataset)
        entry = shelves.of(known).get((symbol, partition.dt)) if known else None
        if entry is None or entry.content != content:
            state = "is gone" if entry is None else "is of another making"
            yield Complaint(
                *partition,
                "error",
                "siblings",
                f"{dataset} {symbol} {partition.dt} {state}; run its stage again",
            )


def deep_complaints(
    project: Project, shelves: Shelves, partition: Partition, manifest: Manifest
) -> Iterator[Complaint]:
    if not is_whole(project.lake / partition.path, manifest):
        project.ledger.doubt([partition])
        yield Complaint(*partition, "error", "bytes", CHANGED)
    elif told := next(lies(project.lake / partition.path), None):
        project.ledger.doubt([partition])
        yield Complaint(*partition, "error", "footer", f"{told} {LIES}")
    for name, dataset, symbol, dt, content in manifest.inputs:
        known = project.catalog.datasets.get(dataset)
        if known is None or known.is_raw:
            continue
        entry = shelves.of(known).get((symbol, dt))
        if entry is None or entry.content != content:
            yield Complaint(
                *partition,
                "warn",
                "inputs",
                f"{name} = {dataset} {symbol} {dt} is not what it was made from; it is stale",
            )
