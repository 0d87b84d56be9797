"""From a decided step to the job a worker gets, and from its result to the lines of the ledger."""

from pathlib import Path

from lakeflow.catalog import Stage
from lakeflow.deliveries import delivered
from lakeflow.job import Job
from lakeflow.ledger_tables import Entry
from lakeflow.partition import Partition
from lakeflow.project import Project
from lakeflow.recipe import Input
from lakeflow.siblings import family, siblings_of
from lakeflow.step import Step, StepKey
from lakeflow.universe import Universe


def write_job(
    project: Project, universe: Universe, key: StepKey, inputs: list[Input], recipe: str, folder: Path
) -> Job:
    """Everything a worker needs to make a step, and nothing that it would have to look up."""
    stage = project.catalog.stages[key.stage]
    datasets = {*stage.makes.values(), *(r.dataset for r in stage.reads)}
    return Job(
        key=key,
        stage=stage,
        recipe=recipe,
        project=project.root,
        lake=project.lake,
        folder=folder,
        inputs=tuple(inputs),
        files={each: files_of(project, universe, each) for each in inputs},
        contracts={d: project.contract(d) for d in datasets if not project.catalog.datasets[d].is_raw},
        modules=project.recipes.modules(stage),
        sources=project.recipes.sources(stage),
        session=project.days.session(stage, key.dt) if project.recipes.takes_session(stage) else None,
        family=tuple(made_before(universe, stage, key)),
    )


def files_of(project: Project, universe: Universe, given: Input) -> tuple[Path, ...]:
    dataset = project.catalog.datasets[given.dataset]
    if dataset.is_raw:
        return tuple(delivered(universe.deliveries.of(dataset)[given.symbol, given.dt]))
    return (project.lake / Partition(given.dataset, given.symbol, given.dt).path,)


def refresh(project: Project, universe: Universe, key: StepKey) -> None:
    """Look again at a step's anchor and its siblings: another run may have committed since."""
    stage = project.catalog.stages[key.stage]
    datasets = project.catalog.datasets
    shelves = universe.shelves
    shelves.refresh(datasets[stage.anchor], key.symbol, key.dt)
    anchor = shelves.of(datasets[stage.anchor]).get((key.symbol, key.dt))
    for dataset, symbol, _ in siblings_of(anchor) if anchor else ():
        if dataset in datasets:
            shelves.refresh(datasets[dataset], symbol, key.dt)


def refresh_inputs(project: Project, universe: Universe, inputs: list[Input]) -> None:
    """Look again at what a step reads, so that its recipe names what it will really read."""
    for each in inputs:
        dataset = project.catalog.datasets[each.dataset]
        if dataset.is_raw:
            universe.deliveries.forget(dataset, each.symbol, each.dt)
        else:
            universe.shelves.refresh(dataset, each.symbol, each.dt)


def orphans(universe: Universe, stage: Stage, key: StepKey, made: set[Partition]) -> list[Partition]:
    """What the step made last time and does not make now."""
    return [partition for partition in made_before(universe, stage, key) if partition not in made]


def made_before(universe: Universe, stage: Stage, key: StepKey) -> list[Partition]:
    """What the step made last time, as far as it is still there."""
    anchor = universe.shelves.of(universe.catalog.datasets[stage.anchor]).get((key.symbol, key.dt))
    before = family(anchor, universe.shelves, universe.catalog.datasets) if anchor else ()
    return [Partition(e.dataset, e.symbol, e.dt) for e in before if e.stage == stage.key]


def remember(universe: Universe, entries: list[Entry], dropped: list[Partition]) -> None:
    for entry in entries:
        universe.shelves.put(entry)
    for partition in dropped:
        universe.shelves.drop(partition)


def is_asked_for(step: Step, universe: Universe, began_ns: int) -> bool:
    """Whether a current step is still to be made over: not when another run has made it since this one began."""
    dataset = universe.catalog.datasets[universe.catalog.stages[step.key.stage].anchor]
    entry = universe.shelves.of(dataset).get((step.key.symbol, step.key.dt))
    return step.reason == "asked for" and (entry is None or entry.mtime_ns <= began_ns)
