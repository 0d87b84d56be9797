"""What lies in the lake and belongs to nothing: found first, removed only when told to."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lakeflow.catalog import LAYERS
from lakeflow.kernels import unused
from lakeflow.lake import INTERNALS, Lake
from lakeflow.partition import FILE
from lakeflow.project import Project


class Garbage(NamedTuple):
    """Something to remove, and why."""

    path: Path
    why: str
    bytes: int


def find(project: Project, keep_runs: int = 200) -> list[Garbage]:
    """Left-over drafts, half-copied deliveries, old event files, old compiled kernels, tables that no dataset names."""
    internals = project.lake / INTERNALS
    found = [
        *staging(project),
        *(
            Garbage(p, "half-copied delivery", p.stat().st_size)
            for p in (project.lake / "raw").rglob(".*.incoming")
        ),
        *events(internals, keep_runs),
        *(
            Garbage(folder, "kernels that no run has asked for in 30 days", size(folder))
            for folder in unused()
        ),
        *unnamed_tables(project),
    ]
    return sorted(found)


def remove(found: list[Garbage]) -> int:
    """Remove it; the bytes set free."""
    for each in found:
        if each.path.is_dir():
            shutil.rmtree(each.path)
        else:
            each.path.unlink(missing_ok=True)
    return sum(each.bytes for each in found)


def staging(project: Project) -> Iterator[Garbage]:
    for folder in Lake(project.lake, "gc").abandoned_drafts():
        yield Garbage(folder, "drafts of a run that is over", size(folder))


def events(internals: Path, keep_runs: int) -> Iterator[Garbage]:
    runs = sorted((internals / "runs").iterdir()) if (internals / "runs").is_dir() else []
    for folder in runs[:-keep_runs] if keep_runs else runs:
        yield Garbage(folder, f"events of a run before the last {keep_runs}", size(folder))


def unnamed_tables(project: Project) -> Iterator[Garbage]:
    """Tables whose dataset is no longer in datasets.yaml, and anything in a table folder that is no partition."""
    known = {(d.layer, d.product_type, d.table) for d in project.catalog.datasets.values()}
    for layer in LAYERS[1:]:
        for table in (project.lake / layer).glob("product_type=*/symbol=*/table=*"):
            product_type = table.parent.parent.name.removeprefix("product_type=")
            if (layer, product_type, table.name.removeprefix("table=")) not in known:
                yield Garbage(table, "no dataset in datasets.yaml has this table", size(table))
                continue
            for stray in (p for p in table.rglob("*") if p.is_file() and p.name != FILE):
                yield Garbage(
                    stray, "no partition: readers of the folder would trip over it", stray.stat().st_size
                )


def size(folder: Path) -> int:
    return sum(
        os.path.getsize(os.path.join(base, name)) for base, _, names in os.walk(folder) for name in names
    )
