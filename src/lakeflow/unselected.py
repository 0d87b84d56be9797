"""Sessions that the lake has tables of, and no selection to say which contract they are about."""

from collections.abc import Iterable, Iterator

from lakeflow.catalog import Catalog, Stage
from lakeflow.finding import Finding
from lakeflow.partition import Partition
from lakeflow.project import Project
from lakeflow.selected import GOVERNED
from lakeflow.shelf import Shelves
from lakeflow.upstream import above

NAME = "selected"


def unselected(project: Project, shelves: Shelves, partitions: Iterable[Partition]) -> Iterator[Finding]:
    """A check for each session of a parent that some table which a selection governs is about.

    Whoever asks for contracts by their names needs no selection: a parent of which the lake has none is asked for none.
    """
    found = {about for partition in partitions for about in sessions_of(project, partition)}
    chosen = {
        (key, parent)
        for key in {about[0] for about in found}
        for parent, _ in shelves.of(project.catalog.datasets[key])
    }
    sessions = [about for about in found if about[:2] in chosen]
    for key, parent, session in sorted(sessions, key=lambda about: about[::-1]):
        there = (parent, session) in shelves.of(project.catalog.datasets[key])
        where = (NAME, key, parent, session)
        how = f"lakeflow run {key} --symbol {parent} --dt {session}"
        yield (
            Finding(*where)
            if there
            else Finding(*where, 1, "", f"a selection for the session; make it with: {how}", "none")
        )


def sessions_of(project: Project, partition: Partition) -> Iterator[tuple[str, str, str]]:
    """The selection, parent and date of each session that ended by the date of a partition."""
    dataset, maker = project.catalog.datasets[partition.dataset], project.catalog.maker[partition.dataset]
    chooser = chooser_of(project.catalog, maker)
    if chooser is None:
        return
    key = project.catalog.products[maker.product_type].selected_by or ""
    parent = project.symbols.parent(maker.product_type, partition.symbol)
    is_session = dataset.dt_kind == "session_date"
    found = (partition.dt,) if is_session else project.days.touching(maker.product_type, partition.dt)
    yield from ((key, parent, session) for session in found if session <= partition.dt)


def chooser_of(catalog: Catalog, stage: Stage) -> Stage | None:
    """The stage that chooses for this one; none for what the choice itself stands on."""
    key = catalog.products[stage.product_type].selected_by
    if key is None or stage.layer not in GOVERNED:
        return None
    chooser = catalog.maker[key]
    return None if stage.key in above(catalog, [chooser]) else chooser
