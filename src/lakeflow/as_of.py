"""A lake as it was at an instant: every stage that takes `as_of` is given it, and raw of later days is not there.

Such a lake is one of its own and says so in a file; whatever is made in it later is made as of the same instant.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from lakeflow.catalog import Catalog, Dataset
from lakeflow.deliveries import delivered, folder
from lakeflow.errors import ConfigError, MissingInput, UsageError
from lakeflow.project import Project
from lakeflow.request import Request
from lakeflow.shelf import folders

PARAM = "as_of"
MARK = Path(".lakeflow") / "as_of"


def instant(text: str) -> str:
    """One spelling of an instant, in UTC, so that two spellings make one recipe."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.min  # noqa: DTZ901  refused below, as any time without a zone is
    if found.tzinfo is None:
        raise UsageError(
            f"--as-of {text}: expected an instant with its zone, such as 2026-01-07T12:00:00+00:00 or 2026-01-07T12:00:00Z"
        )
    return found.astimezone(UTC).isoformat()


def marked(lake: Path) -> str:
    """The instant that a lake says it is as of; nothing where it is current."""
    return (lake / MARK).read_text(encoding="utf-8").strip() if (lake / MARK).is_file() else ""


def held(lake: Path, usual: Path, asked: str | None) -> str:
    """The instant that a lake is as of, empty where it is current; what was asked must fit what the lake is."""
    said = marked(lake)
    if asked is None:
        return said
    wanted = instant(asked)
    if lake == usual:
        raise UsageError(
            f"--as-of {asked}: expected --lake with a folder of its own, found the project's lake {lake}"
        )
    if said and said != wanted:
        raise UsageError(
            f"--as-of {asked}: expected {said}, which {lake} is as of; name another folder with --lake"
        )
    if not said and lake.is_dir() and any(folders(lake, "")):
        raise UsageError(
            f"--as-of {asked}: expected an empty folder or a lake as of then, found a current lake in {lake}"
        )
    return wanted


def known_at(wanted: str) -> Callable[[Catalog], Catalog]:
    """The catalog with the instant as a param of every stage that takes one."""

    def change(catalog: Catalog) -> Catalog:
        if not products(catalog):
            raise ConfigError(
                [f"--as-of {wanted}: expected a stage with the param {PARAM} in datasets.yaml, found none"]
            )
        stages = {
            key: replace(stage, params={**stage.params, PARAM: wanted}) if PARAM in stage.params else stage
            for key, stage in catalog.stages.items()
        }
        return replace(catalog, stages=stages)

    return change


def products(catalog: Catalog) -> list[str]:
    """The products that can be made as of an instant."""
    return sorted({stage.product_type for stage in catalog.stages.values() if PARAM in stage.params})


def refuse_others(project: Project, request: Request, wanted: str) -> None:
    """Raise if something is asked for that would be made from whatever is there, known then or not."""
    able = products(project.catalog)
    found = {project.catalog.datasets[key].product_type for key in request.datasets} - set(able)
    if found:
        raise UsageError(
            f"as of {wanted}: expected datasets of {', '.join(able)}, whose stages take {PARAM}, "
            f"found {', '.join(sorted(found))}; say --product-type {able[0]}"
        )


def refuse_before_all(project: Project, wanted: str) -> None:
    """Raise if a lake as of an instant has no delivery at all: nothing can be made in it, which is not that all is made."""
    raw = [
        d
        for d in project.catalog.datasets.values()
        if d.is_raw and d.product_type in products(project.catalog)
    ]
    if not any(True for each in raw for _ in known(project.lake, each, wanted)):
        raise MissingInput(
            f"as of {wanted}: expected a delivery of a day up to then in the project's lake, found none of "
            f"{', '.join(each.key for each in raw)}; add files with: lakeflow raw add FILE..., or name a later instant"
        )


def prepared(project: Project, usual: Path, wanted: str) -> int:
    """Mark a lake and link into it what was delivered of days up to the instant; how many files are new in it."""
    (project.lake / MARK).parent.mkdir(parents=True, exist_ok=True)
    (project.lake / MARK).write_text(wanted + "\n", encoding="utf-8")
    able = products(project.catalog)
    raw = [d for d in project.catalog.datasets.values() if d.is_raw and d.product_type in able]
    return sum(
        bring(file, project.lake / file.relative_to(usual))
        for each in raw
        for file in known(usual, each, wanted)
    )


def known(usual: Path, dataset: Dataset, wanted: str) -> Iterator[Path]:
    """The files that were delivered of the days up to an instant."""
    base = folder(usual, dataset)
    for symbol in folders(base, "symbol="):
        for dt in folders(base / f"symbol={symbol}", "dt="):
            if dt <= wanted[:10]:
                yield from delivered(base / f"symbol={symbol}" / f"dt={dt}")


def bring(file: Path, target: Path) -> bool:
    """Link a file, or copy it to another disk; False when the same bytes are there already."""
    if target.exists() and (target.samefile(file) or target.read_bytes() == file.read_bytes()):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.with_name(f".{target.name}.incoming")
    staged.unlink(missing_ok=True)
    try:
        os.link(file, staged)
    except OSError:
        shutil.copyfile(file, staged)
    staged.replace(target)
    return True
