"""The partitions that a request means, as far as the lake holds them."""

from lakeflow.partition import Partition
from lakeflow.project import Project
from lakeflow.request import Request


def held(project: Project, request: Request) -> list[Partition]:
    """What is there of the datasets, symbols and dates asked for; a selection is not asked what a parent means."""
    shelves = project.universe(request.first, request.last).shelves
    return [
        Partition(key, symbol, dt)
        for key in sorted(request.datasets)
        for symbol, dt in sorted(shelves.of(project.catalog.datasets[key]))
        if request.wants_date(dt) and project.symbols.wants(request, project.catalog.maker[key], symbol)
    ]
