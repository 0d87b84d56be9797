"""Audits carried out on committed steps: the tables that each takes, and the rows that break it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from lakeflow.audits_file import Audit, read_audits
from lakeflow.committed import Committed, Lacking
from lakeflow.counted import counted
from lakeflow.finding import Finding
from lakeflow.manifest import NotOurs, read_manifest
from lakeflow.partition import Partition
from lakeflow.project import Project
from lakeflow.shelf import DAMAGED, Shelves
from lakeflow.step import StepKey
from lakeflow.unselected import unselected


def audited(project: Project, partitions: Iterable[Partition]) -> Iterator[Finding]:
    """Every check of every step that these partitions are of, whether it holds or not, oldest day first."""
    audits = read_audits(project.root, project.catalog)
    chosen = list(partitions)
    shelves = project.universe().shelves
    for key in steps_of(project, shelves, chosen):
        yield from checks(project, shelves, key, audits)
    yield from unselected(project, shelves, chosen)


def steps_of(project: Project, shelves: Shelves, partitions: Iterable[Partition]) -> list[StepKey]:
    """The steps that made these partitions; a damaged file does not say which, and is a complaint by itself."""
    found = set()
    for partition in partitions:
        entry = shelves.of(project.catalog.datasets[partition.dataset]).get(partition[1:])
        if entry is not None and entry.recipe != DAMAGED and entry.stage in project.catalog.stages:
            found.add(StepKey(entry.stage, entry.asked, entry.dt))
    return sorted(found, key=lambda key: (key.dt, key.symbol, key.stage))


def checks(
    project: Project, shelves: Shelves, key: StepKey, audits: Mapping[str, tuple[Audit, ...]]
) -> Iterator[Finding]:
    """Every check of one step; without its anchor nobody knows what it was made from."""
    stage = project.catalog.stages[key.stage]
    anchor = Partition(stage.anchor, key.symbol, key.dt)
    try:
        manifest = read_manifest(project.lake, anchor)
    except (FileNotFoundError, NotOurs):
        yield Finding(
            "counted", *anchor, 1, "", f"{anchor}, which the step made first", "none that can be read"
        )
        return
    step = Committed(project, shelves, stage, key.symbol, key.dt, manifest)
    yield counted(step)
    yield from (carried_out(step, audit) for audit in audits.get(stage.key, ()))


def carried_out(step: Committed, audit: Audit) -> Finding:
    """How one audit ends for one step; a table that cannot be had as its contract says breaks every audit that takes it."""
    makes = step.stage.makes
    about = next((makes[name] for name in audit.takes if name in makes), step.stage.anchor)
    where = (audit.name, about, step.symbol, step.dt)
    try:
        rows, *first = summed(audit.function(**{name: step.argument(name) for name in audit.takes}))
    except (OSError, pl.exceptions.PolarsError, Lacking) as error:
        expected = "the tables that it was made as and from, as their contracts say"
        return Finding(*where, 1, "", expected, str(error).splitlines()[0])
    return Finding(*where, rows, *(text or "" for text in first))


def summed(broken: pl.LazyFrame) -> tuple[Any, ...]:
    """How many rows break an audit, and what is told of the first."""
    told = broken.select(pl.len(), pl.col("at", "expected", "found").first())
    return told.collect(engine="streaming").row(0)
