"""Why a partition is as it is: what made it, held against what would make it today, part by part."""

from collections.abc import Iterator, Mapping
from typing import Any

from lakeflow.catalog import Stage
from lakeflow.manifest import Manifest, read_manifest
from lakeflow.nearby import unknown
from lakeflow.partition import Partition
from lakeflow.plan import Planner
from lakeflow.project import Project
from lakeflow.recipe import Input, differences
from lakeflow.request import Request
from lakeflow.step import Missing, StepKey
from lakeflow.universe import Universe


def why(project: Project, partition: Partition) -> dict[str, Any]:
    """The state of one partition, with every difference between its manifest and today."""
    request = Request(frozenset({partition.dataset}), first=partition.dt, last=partition.dt)
    planner = project.planner(request)
    universe = planner.universe
    dataset = project.catalog.datasets[partition.dataset]
    maker = project.catalog.maker[partition.dataset]
    entry = universe.shelves.of(dataset).get((partition.symbol, partition.dt))
    asked = universe.asked(maker, partition.dataset, partition.symbol, partition.dt, entry)
    key = StepKey(maker.key, asked, partition.dt)
    step = planner.visit(maker, asked, partition.dt)
    if isinstance(step, Missing):
        state, reason = "cannot be made", step.why
    elif entry is None and (foreign := unheard_of(universe, maker, key)):
        state, reason = "cannot be made", foreign
    else:
        state = {
            "none": "made" if entry else "not made",
            "make": "stale" if entry else "missing",
            "validate": "to be checked",
        }[step.action]
        reason = step.reason if step.reason != state else "nothing made it yet, and what it needs is there"
    found: dict[str, Any] = {"partition": str(partition), "step": str(key), "state": state, "reason": reason}
    if entry is not None:
        manifest = read_manifest(project.lake, partition)
        found["made_by"] = {
            "stage": manifest.stage,
            "rows": manifest.rows,
            "content": manifest.content,
            "inputs": manifest.inputs,
        }
        found["differences"] = list(today_differs(project, planner, key, manifest))
    return found


def unheard_of(universe: Universe, stage: Stage, key: StepKey) -> str:
    """Why a step is none that could ever be asked for; empty of one that could. Windows that may be empty are no reason to make it."""
    steps = universe.steps(stage)
    if (key.symbol, key.dt) in steps:
        return ""
    days = sorted(dt for symbol, dt in steps if symbol == key.symbol)
    if not days:
        return unknown(f"{stage.product_type} symbol", key.symbol, {symbol for symbol, _ in steps})
    if not universe.days.has_session(stage, key.dt):
        return f"{key.dt} is no day of {stage.product_type}'s calendar"
    return f"nothing of {key.symbol} that {stage.key} reads is of {key.dt}; there is {days[0]}..{days[-1]}"


def today_differs(project: Project, planner: Planner, key: StepKey, manifest: Manifest) -> Iterator[str]:
    """Each part of the recipe that is not what it was, in words."""
    stage = project.catalog.stages[key.stage]
    now, found, recipe = planner.settle(stage, key)
    if isinstance(now, Missing):
        yield now.why
        return
    changed = differences(manifest.recipe, recipe)
    yield from changes("code", manifest.code, project.recipes.sources(stage), "code changed" in changed)
    yield from changes("param", manifest.params, dict(stage.params), "params changed" in changed)
    yield from changes(
        "inputs", by_address(manifest.inputs), by_address(found.inputs), "input changed" in changed
    )
    yield from (word for word in changed if word not in ("code changed", "params changed", "input changed"))
    if "params changed" in changed and manifest.params == dict(stage.params):
        yield "filters, accounts or the names under makes changed"


def by_address(inputs: list[Input] | list[list[str]]) -> dict[str, str]:
    return {
        f"{name} = {dataset} {symbol} {dt}": content[:12] for name, dataset, symbol, dt, content in inputs
    }


def changes(word: str, old: Mapping[str, Any], new: Mapping[str, Any], differs: bool) -> Iterator[str]:
    for name in sorted({*old, *new}) if differs else ():
        if name not in new:
            yield f"{word} {name}: was {old[name]}, is gone"
        elif name not in old:
            yield f"{word} {name}: is new ({new[name]})"
        elif old[name] != new[name]:
            yield f"{word} {name}: was {old[name]}, is {new[name]}"
