"""A dataset's partitions as a query sees them: chosen by symbol and date, each with its file."""

import fnmatch
from collections.abc import Iterable, Sequence

from lakeflow.dates import FIRST, LAST, Dates
from lakeflow.partition import Partition
from lakeflow.project import Project
from lakeflow.views import Table


def partitions_of(project: Project, key: str, symbols: Sequence[str], dates: Dates) -> list[Partition]:
    """What the lake holds of a dataset, oldest day first; no symbols means all of them."""
    first = "" if dates.first == FIRST else dates.first
    last = "9999" if dates.last == LAST else dates.last
    shelf = project.universe(first, last).shelves.of(project.catalog.datasets[key])
    return [
        Partition(key, symbol, dt)
        for symbol, dt in sorted(shelf, key=lambda held: (held[1], held[0]))
        if dates.contains(dt) and (not symbols or any(fnmatch.fnmatchcase(symbol, glob) for glob in symbols))
    ]


def table_of(project: Project, key: str, symbols: Sequence[str], dates: Dates) -> Table:
    return with_files(project, key, partitions_of(project, key, symbols, dates))


def with_files(project: Project, key: str, partitions: Iterable[Partition]) -> Table:
    lake = str(project.lake)
    return Table(key, project.contract(key), [(p, f"{lake}/{p.path}") for p in partitions])
