"""Vendor files into the lake by what they say of themselves, and a look at what is there."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from lakeflow.catalog import Dataset
from lakeflow.deliveries import Deliveries, delivered, delivery_folder
from lakeflow.errors import LakeflowError, UsageError
from lakeflow.functions import load_function
from lakeflow.partition import Partition
from lakeflow.project import Project


class Added(NamedTuple):
    """One file, and where it is now."""

    file: Path
    dataset: str
    symbol: str
    dt: str
    state: str  # added | known | replaced
    path: Path


class NotDelivered(LakeflowError):
    """A file that no vendor of this project knows, or that would take another's place."""

    code = 6


def add(
    project: Project,
    files: Iterable[Path],
    *,
    link: bool = False,
    replace: bool = False,
    source: str | None = None,
) -> list[Added]:
    """Put files where their own metadata says; all of them are looked at before any is moved."""
    placed = [(file, *place(project, file, source)) for file in files]
    return [put(project, *each, link=link, replace=replace) for each in placed]


def place(project: Project, file: Path, source: str | None) -> tuple[Dataset, str, str]:
    """The raw dataset, symbol and date that a file is for."""
    if not file.is_file() or file == Path():
        raise UsageError(f"{file}: expected a file, found {'a folder' if file.is_dir() else 'nothing'}")
    complaints = []
    for name, describe in describers(project, source).items():
        try:
            product_type, symbol, dt = describe(file)[0]
        except ValueError as error:
            complaints.append(f"{name}: {error}")
            continue
        key = f"raw.{product_type}.{name}"
        if key not in project.catalog.datasets:
            raise NotDelivered(
                f"{file}: is {product_type} by {name}; expected a dataset {key} in datasets.yaml, found none"
            )
        return project.catalog.datasets[key], symbol, dt
    raise NotDelivered("\n".join(complaints) or f"{file}: no raw dataset in datasets.yaml has a `describe`")


def describers(project: Project, source: str | None) -> dict[str, Callable[[Path], Any]]:
    """By vendor, the function that reads a file's own metadata."""
    found = {d.table: d.describe for d in project.catalog.datasets.values() if d.is_raw and d.describe}
    if source is not None and source not in found:
        raise UsageError(f"no source {source}; datasets.yaml has {', '.join(sorted(found))}")
    return {s: load_function(d, project.root) for s, d in sorted(found.items()) if source in (None, s)}


def put(  # noqa: PLR0913  what, where, and how
    project: Project, file: Path, dataset: Dataset, symbol: str, dt: str, *, link: bool, replace: bool
) -> Added:
    """Copy or link one file into its delivery, its bytes compared before and after."""
    folder = delivery_folder(project.lake, dataset, Partition(dataset.key, symbol, dt))
    target = folder / file.name
    wanted = sha256(file)
    state = "added"
    if target.exists():
        if sha256(target) == wanted:
            return Added(file, dataset.key, symbol, dt, "known", target)
        if not replace:
            raise NotDelivered(
                f"{file}: {target} is there with other bytes; pass --replace to put this one in its place "
                "(what was made from it is then stale)"
            )
        state = "replaced"
    folder.mkdir(parents=True, exist_ok=True)
    staged = folder / f".{file.name}.incoming"  # hidden: a run does not take half a copy for a delivery
    staged.unlink(missing_ok=True)
    bring(file, staged, link=link)
    if sha256(staged) != wanted:
        staged.unlink()
        raise LakeflowError(
            f"{file}: the copy in the lake differs from the file: expected sha256 {wanted}; check the disk and try again"
        )
    staged.replace(target)
    stat = target.stat()
    name = target.relative_to(project.lake).as_posix()
    project.ledger.put_raw_hashes([(name, stat.st_size, stat.st_mtime_ns, stat.st_ino, wanted)])
    return Added(file, dataset.key, symbol, dt, state, target)


def bring(file: Path, staged: Path, *, link: bool) -> None:
    if link:
        try:
            os.link(file, staged)
        except OSError as error:
            raise UsageError(
                f"{file}: cannot be hard-linked into the lake ({error.strerror}); leave out --link to copy it"
            ) from error
        return
    shutil.copyfile(file, staged)
    with staged.open("rb") as copy:
        os.fsync(copy.fileno())


def sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


class RawRow(NamedTuple):
    """One delivery."""

    dataset: str
    symbol: str
    dt: str
    files: int
    bytes: int


def listing(project: Project) -> list[RawRow]:
    """Every delivery in the lake."""
    deliveries = Deliveries(project.lake, project.ledger)
    return [
        RawRow(dataset.key, symbol, dt, len(files), sum(file.stat().st_size for file in files))
        for dataset in project.catalog.datasets.values()
        if dataset.is_raw
        for (symbol, dt), folder in sorted(deliveries.of(dataset).items())
        if (files := delivered(folder))
    ]


class RawFault(NamedTuple):
    """A delivered file that is not what it was, or not where it belongs."""

    path: str
    fault: str


def verify(project: Project, symbols: frozenset[str] = frozenset()) -> tuple[int, list[RawFault]]:
    """Hash every delivered file again and read its metadata; how many were looked at, and what is wrong."""
    deliveries = Deliveries(project.lake, project.ledger)
    count, faults = 0, []
    for dataset in (d for d in project.catalog.datasets.values() if d.is_raw):
        for (symbol, dt), folder in sorted(deliveries.of(dataset).items()):
            for file in delivered(folder) if not symbols or symbol in symbols else ():
                count += 1
                faults += [
                    RawFault(file.relative_to(project.lake).as_posix(), f)
                    for f in faults_of(project, dataset, symbol, dt, file)
                ]
    return count, faults


def faults_of(project: Project, dataset: Dataset, symbol: str, dt: str, file: Path) -> list[str]:
    known = project.ledger.raw_hash(file.relative_to(project.lake).as_posix())
    found = sha256(file)
    faults = []
    if known and known != found:
        faults.append(
            f"expected sha256 {known}, as it was delivered, found {found}: its bytes changed since; "
            "deliver it again: lakeflow raw add --replace FILE"
        )
    try:
        described = tuple(load_function(dataset.describe or "", project.root)(file)[0])
    except ValueError as error:
        return [*faults, str(error)]
    expected = (dataset.product_type, symbol, dt)
    if described != expected:
        faults.append(f"lies under {' '.join(expected)}, says itself that it is {' '.join(described)}")
    return faults
