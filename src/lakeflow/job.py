"""What a worker is given to make one step, and what it gives back: plain values that travel between processes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lakeflow.calendar import Session
from lakeflow.catalog import Stage
from lakeflow.contract import Contract
from lakeflow.partition import Partition
from lakeflow.recipe import Input
from lakeflow.step import StepKey


@dataclass(frozen=True)
class Job:
    """One step to make: the stage, its inputs with their files, and the folder for its drafts."""

    key: StepKey
    stage: Stage
    recipe: str
    project: Path
    lake: Path
    folder: Path
    inputs: tuple[Input, ...]
    files: Mapping[Input, tuple[Path, ...]]
    contracts: Mapping[str, Contract]  # by dataset key: what is made, and what is read
    modules: tuple[str, ...]
    sources: Mapping[str, str]  # module -> digest
    session: Session | None = None
    family: tuple[Partition, ...] = ()  # what the step made last time; all there is to a validation


@dataclass(frozen=True)
class Staged:
    """A finished draft, checked, waiting to be committed."""

    partition: Partition
    path: Path
    manifest: Any  # a Manifest; not named here, so that a plan does not load pyarrow
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counts:
    """The account of a step's rows."""

    read: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)  # by table made
    rejected: Mapping[str, int] = field(default_factory=dict)  # by reason
    flagged: Mapping[str, int] = field(default_factory=dict)  # by flag


@dataclass(frozen=True)
class Made:
    """What a step made, all drafts checked: nothing of it is in the lake yet."""

    staged: tuple[Staged, ...]
    counts: Counts
