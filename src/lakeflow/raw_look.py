"""A look at the deliveries in the lake: which there are, and whether each file is what it was and lies where it belongs."""

from pathlib import Path
from typing import Any, NamedTuple

from lakeflow.catalog import Dataset
from lakeflow.deliveries import Deliveries, delivered
from lakeflow.functions import load_function
from lakeflow.project import Project
from lakeflow.raw import sha256


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
    count, faults, seen = 0, [], Seen()
    for dataset in (d for d in project.catalog.datasets.values() if d.is_raw):
        for (symbol, dt), folder in sorted(deliveries.of(dataset).items()):
            for file in delivered(folder) if not symbols or symbol in symbols else ():
                count += 1
                faults += [
                    RawFault(file.relative_to(project.lake).as_posix(), f)
                    for f in faults_of(project, dataset, (symbol, dt), file, seen)
                ]
    return count, faults


class Seen:
    """What is known of files by now: one that lies in several deliveries is hashed and asked once."""

    def __init__(self) -> None:
        self._hashes: dict[tuple[int, int], str] = {}
        self._places: dict[tuple[int, int, str], list[tuple[str, str, str]]] = {}

    def sha256(self, file: Path) -> str:
        key = _same(file)
        if key not in self._hashes:
            self._hashes[key] = sha256(file)
        return self._hashes[key]

    def places(self, file: Path, dataset: Dataset, root: Path) -> list[tuple[str, str, str]]:
        """Every (product type, symbol, date) that the file says it is of."""
        key = (*_same(file), dataset.describe or "")
        if key not in self._places:
            described: list[Any] = load_function(dataset.describe or "", root)(file)
            self._places[key] = [tuple(each) for each in described]
        return self._places[key]


def _same(file: Path) -> tuple[int, int]:
    """What two names of one file have in common."""
    stat = file.stat()
    return stat.st_dev, stat.st_ino


def faults_of(
    project: Project, dataset: Dataset, place: tuple[str, str], file: Path, seen: Seen
) -> list[str]:
    """What is wrong with a delivered file."""
    known = project.ledger.raw_hash(file.relative_to(project.lake).as_posix())
    found = seen.sha256(file)
    faults = []
    if known and known != found:
        faults.append(
            f"expected sha256 {known}, as it was delivered, found {found}: its bytes changed since; "
            "deliver it again: lakeflow raw add --replace FILE"
        )
    try:
        places = seen.places(file, dataset, project.root)
    except ValueError as error:
        return [*faults, str(error)]
    expected = (dataset.product_type, *place)
    if expected not in places:
        said = (
            f"{' '.join(places[0])}{f' and {len(places) - 1} more' * (len(places) > 1)}" if places else "none"
        )
        faults.append(f"lies under {' '.join(expected)}, says itself that it is {said}")
    return faults
