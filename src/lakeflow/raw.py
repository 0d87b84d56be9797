"""Vendor files into the lake, each into every delivery that it says it is of."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from lakeflow.deliveries import delivery_folder, folder
from lakeflow.errors import LakeflowError, UsageError
from lakeflow.functions import load_function
from lakeflow.notes import describe_with, notes, refusal
from lakeflow.partition import Partition, decode
from lakeflow.project import Project


class Added(NamedTuple):
    """One file in one delivery, and where it is now."""

    file: Path
    dataset: str
    symbol: str
    dt: str
    state: str  # added | known | replaced | withdrawn
    path: Path


class Refused(NamedTuple):
    """A file that was not added, the code that a command ends with for it, and why."""

    file: Path
    code: int
    reason: str


class Addition(NamedTuple):
    """What became of files: in deliveries, refused, or left where they are since they are no data."""

    added: list[Added]
    refused: list[Refused]
    left: list[Path]


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
    about: Mapping[str, str] | None = None,
) -> Addition:
    """Put files where their own metadata says, or what is said `about` them. A refused one is as it was; the others are added."""
    done = Addition([], [], [])
    asked = describers(project, source)
    for file in files:
        try:
            with notes(file, about) as beside:
                places = place(project, file, asked, about)
                done.added.extend(put(project, file, places, link=link, replace=replace))
                for note in beside if places else ():
                    put_note = put(project, note, places, link=False, replace=replace)
                    done.added.extend(each._replace(file=file.with_name(note.name)) for each in put_note)
        except (LakeflowError, OSError) as error:
            reason = str(error) if isinstance(error, LakeflowError) else f"{file}: {error.strerror or error}"
            done.refused.append(Refused(file, getattr(error, "code", 1), reason))
            continue
        if not places:
            done.left.append(file)
    return done


def describers(project: Project, source: str | None) -> dict[str, Callable[..., Any]]:
    """By vendor, the function that reads a file's own metadata."""
    found = {d.table: d.describe for d in project.catalog.datasets.values() if d.is_raw and d.describe}
    if source is not None and source not in found:
        raise UsageError(f"no source {source}; datasets.yaml has {', '.join(sorted(found))}")
    return {s: load_function(d, project.root) for s, d in sorted(found.items()) if source in (None, s)}


def place(
    project: Project, file: Path, asked: dict[str, Callable[..., Any]], about: Mapping[str, str] | None = None
) -> list[Partition]:
    """Every delivery that a file is of, by the first vendor that knows it; none for what comes beside the data."""
    if not file.is_file() or file == Path():
        raise UsageError(f"{file}: expected a file, found {'a folder' if file.is_dir() else 'nothing'}")
    complaints: list[tuple[str, ValueError]] = []
    for name, describe in asked.items():
        try:
            described = describe_with(describe, file, about)
        except ValueError as error:
            complaints.append((name, error))
            continue
        for product_type in sorted({each[0] for each in described}):
            if (key := f"raw.{product_type}.{name}") not in project.catalog.datasets:
                raise NotDelivered(
                    f"{file}: is {product_type} by {name}; expected a dataset {key} in datasets.yaml, found none"
                )
        return [Partition(f"raw.{product_type}.{name}", symbol, dt) for product_type, symbol, dt in described]
    raise NotDelivered(refusal(complaints) or f"{file}: no raw dataset in datasets.yaml has a `describe`")


def put(project: Project, file: Path, places: list[Partition], *, link: bool, replace: bool) -> list[Added]:
    """Copy or link one file into its deliveries, its bytes compared before and after; one copy serves them all."""
    targets = {at: _folder(project, at) / file.name for at in places}
    wanted = sha256(file) if targets else ""
    before = {at: sha256(target) for at, target in targets.items() if target.exists()}
    others = [targets[at] for at, found in before.items() if found != wanted]
    if others and not replace:
        raise NotDelivered(
            f"{file}: {others[0]} is there with other bytes; pass --replace to put this one in its place "
            "(what was made from it is then stale)"
        )
    added = []
    origin = file if link else next((targets[at] for at in before if before[at] == wanted), None)
    for at, target in targets.items():
        state = "added" if at not in before else "known" if before[at] == wanted else "replaced"
        if state != "known":
            bring(file, target, origin, wanted, must_link=link)
            note(project, target, wanted)
            origin = origin or target
        added.append(Added(file, *at, state, target))
    old = {before[at] for at in before} - {wanted}
    return [*added, *withdrawn(project, file, targets, old)]


def withdrawn(project: Project, file: Path, targets: dict[Partition, Path], old: set[str]) -> Iterator[Added]:
    """Take a file that was replaced out of the deliveries that its new bytes are not of."""
    for key in sorted({at.dataset for at in targets}) if old else ():
        for path in sorted(
            folder(project.lake, project.catalog.datasets[key]).glob(f"symbol=*/dt=*/{file.name}")
        ):
            name = path.relative_to(project.lake).as_posix()
            if path not in targets.values() and project.ledger.raw_hash(name) in old:
                path.unlink()
                symbol, dt = (part.partition("=")[2] for part in path.parts[-3:-1])
                yield Added(file, key, decode(symbol), dt, "withdrawn", path)


def bring(file: Path, target: Path, origin: Path | None, wanted: str, *, must_link: bool) -> None:
    """The file at its target, seen to be whole before it is there; `origin` is the same file to hard-link, if there is one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = (
        target.parent / f".{file.name}.incoming"
    )  # hidden: a run does not take half a copy for a delivery
    staged.unlink(missing_ok=True)
    try:
        linked = origin is not None and linked_to(origin, staged, must_link=must_link)
        if not linked:
            copy(file, staged)
        if (must_link or not linked) and sha256(staged) != wanted:
            raise LakeflowError(
                f"{file}: the copy in the lake differs from the file: expected sha256 {wanted}; check the disk and try again"
            )
        staged.replace(target)
    finally:
        staged.unlink(missing_ok=True)


def linked_to(origin: Path, staged: Path, *, must_link: bool) -> bool:
    """Whether a hard link could be made; where it need not be, a copy will do."""
    try:
        os.link(origin, staged)
    except OSError as error:
        if must_link:
            raise UsageError(
                f"{origin}: cannot be hard-linked into the lake ({error.strerror}); leave out --link to copy it"
            ) from error
        return False
    return True


def copy(file: Path, staged: Path) -> None:
    shutil.copyfile(file, staged)
    with staged.open("rb") as copied:
        os.fsync(copied.fileno())


def note(project: Project, target: Path, digest: str) -> None:
    """Tell the ledger what a delivered file holds, so that no plan hashes it again."""
    stat = target.stat()
    name = target.relative_to(project.lake).as_posix()
    project.ledger.put_raw_hashes([(name, stat.st_size, stat.st_mtime_ns, stat.st_ino, digest)])


def sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _folder(project: Project, at: Partition) -> Path:
    return delivery_folder(project.lake, project.catalog.datasets[at.dataset], at)
