"""Stages in the order that data flows: what makes stands before what reads."""

from dataclasses import replace

from lakeflow.catalog import Catalog, Stage


def in_order(catalog: Catalog) -> Catalog:
    """The catalog with its stages upstream first; among equals, as datasets.yaml has them."""
    done: dict[str, Stage] = {}
    waiting = dict(catalog.stages)
    while waiting:
        free = [s for s in waiting.values() if not set(makers_of(catalog, s)) & (waiting.keys() - {s.key})]
        done.update({s.key: s for s in free})
        waiting = {key: s for key, s in waiting.items() if key not in done}
    return replace(catalog, stages=done)


def makers_of(catalog: Catalog, stage: Stage) -> list[str]:
    """The stages that make what a stage reads of its own day; a read of earlier sessions orders nothing."""
    reads = (r for r in stage.reads if not r.previous and not (r.days and r.days[1] < 0))
    return [catalog.maker[r.dataset].key for r in reads if r.dataset in catalog.maker]


def above(catalog: Catalog, stages: list[Stage]) -> set[str]:
    """These stages and every stage that they stand on, by key."""
    found: set[str] = set()
    waiting = list(stages)
    while waiting:
        stage = waiting.pop()
        if stage.key not in found:
            found.add(stage.key)
            waiting += [catalog.maker[r.dataset] for r in stage.reads if r.dataset in catalog.maker]
    return found


def below(catalog: Catalog, datasets: set[str]) -> set[str]:
    """These datasets and everything made from them, by key."""
    found: set[str] = set()
    waiting = list(datasets)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += [made for stage in catalog.readers[key] for made in stage.makes.values()]
    return found
