"""What could be wrong with a lake or a machine, looked at one by one; and the ledger made anew from the files."""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lakeflow.account import versions
from lakeflow.errors import LakeflowError
from lakeflow.garbage import find
from lakeflow.lake import INTERNALS
from lakeflow.ledger import Ledger
from lakeflow.ledger_file import open_read_only
from lakeflow.locks import described, holders
from lakeflow.project import Project
from lakeflow.shelf import DAMAGED

LOW_DISK = 5 << 30


class Finding(NamedTuple):
    """One thing looked at."""

    what: str
    state: str  # good | look | bad
    found: str


def examine(project: Project) -> Iterator[Finding]:
    """Every check, each on its own: one that fails does not hide the next."""
    yield Finding("versions", "good", ", ".join(f"{name} {number}" for name, number in versions().items()))
    yield disk(project.lake)
    yield renames(project.lake)
    yield clock(project.lake)
    yield ledger(project)
    yield from damaged(project)
    yield from locks(project)
    yield intents(project.lake)
    yield rubbish(project)


def disk(lake: Path) -> Finding:
    base = lake if lake.exists() else lake.parent
    free = shutil.disk_usage(base).free
    return Finding(
        "disk", "good" if free > LOW_DISK else "look", f"{free / (1 << 30):.1f} GiB free under the lake"
    )


def renames(lake: Path) -> Finding:
    """Whether the lake's file system takes a file's place in one rename, from the folder that drafts lie in."""
    try:
        (lake / INTERNALS).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=lake / INTERNALS) as folder:
            for name in ("a", "b"):
                (Path(folder) / name).write_text(name)
            (Path(folder) / "a").replace(Path(folder) / "b")
            whole = (Path(folder) / "b").read_text() == "a"
    except OSError as error:
        return Finding(
            "lake", "look", f"cannot be written ({error.strerror}): it can be read and queried, not run"
        )
    return Finding(
        "lake",
        "good" if whole else "bad",
        "writable, renames replace" if whole else "a rename did not replace the file",
    )


def clock(lake: Path) -> Finding:
    newest = max((p.stat().st_mtime for p in (lake / INTERNALS).glob("runs/*")), default=0.0)
    behind = newest - time.time()
    return Finding(
        "clock",
        "good" if behind < 60 else "look",
        "runs forward" if behind < 60 else f"is {behind:.0f} s behind the last run",
    )


def ledger(project: Project) -> Finding:
    try:
        db = open_read_only(project.ledger.path)
        verdict = db.execute("PRAGMA integrity_check").fetchone()[0]
        db.close()
    except (sqlite3.Error, LakeflowError) as error:
        return Finding("ledger", "bad", f"{error}; make it anew with: lakeflow doctor --rebuild-ledger")
    return Finding(
        "ledger", "good" if verdict == "ok" else "bad", "whole" if verdict == "ok" else str(verdict)
    )


def damaged(project: Project) -> Iterator[Finding]:
    universe = project.universe()
    for dataset in project.catalog.datasets.values():
        if not dataset.is_raw:
            for entry in universe.shelves.of(dataset).values():
                if entry.recipe == DAMAGED:
                    yield Finding(
                        "partition",
                        "bad",
                        f"{entry.dataset} {entry.symbol} {entry.dt} is damaged; the next run makes it anew",
                    )


def locks(project: Project) -> Iterator[Finding]:
    held = holders(project.lake / INTERNALS / "locks")
    for about in held:
        yield Finding("lock", "look", f"{about.get('name', '?')} is held by {described(about)}")
    if not held:
        yield Finding("locks", "good", "none held")


def intents(lake: Path) -> Finding:
    left = [p.stem for p in (lake / INTERNALS / "intents").glob("*.json")]
    return Finding(
        "commits",
        "look" if left else "good",
        f"{len(left)} cut off; the next run finishes them" if left else "none cut off",
    )


def rubbish(project: Project) -> Finding:
    found = find(project)
    total = sum(each.bytes for each in found)
    words = f"{len(found)} things, {total / (1 << 20):.1f} MiB; see lakeflow gc" if found else "none"
    return Finding("garbage", "look" if found else "good", words)


def rebuild_ledger(project: Project) -> int:
    """Set the old ledger aside and make a new one from the lake; how many partitions it knows."""
    path = project.ledger_path
    for suffix in ("", "-wal", "-shm"):
        old = path.with_name(path.name + suffix)
        if old.exists():
            os.replace(old, path.with_name(f"{path.stem}.old{suffix}.sqlite"))  # noqa: PTH105  beside the new one
    fresh = Ledger.open(path)
    try:
        universe = project.universe_with(fresh)
        return sum(len(universe.shelves.of(d)) for d in project.catalog.datasets.values() if not d.is_raw)
    finally:
        fresh.close()
