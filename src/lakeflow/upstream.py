"""Stages in the order that data flows: what makes stands before what reads."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from lakeflow.catalog import Catalog, Stage


def in_order(catalog: Catalog) -> Catalog:
    """The catalog with its stages upstream first; among equals, as datasets.yaml has them."""
    sorter = TopologicalSorter(needs(catalog))
    sorter.prepare()  # raises on a circle, which wiring has refused before
    place = {key: n for n, key in enumerate(catalog.stages)}
    done: list[str] = []
    while sorter.is_active():
        free = sorted(sorter.get_ready(), key=place.__getitem__)
        sorter.done(*free)
        done += free
    return replace(catalog, stages={key: catalog.stages[key] for key in done})


def needs(catalog: Catalog) -> dict[str, set[str]]:
    """The stages whose tables each stage reads of its own day; a read of earlier sessions orders nothing."""
    return {
        stage.key: {
            catalog.maker[read.dataset].key
            for read in stage.reads
            if read.dataset in catalog.maker and not read.is_earlier
        }
        for stage in catalog.stages.values()
    }


def leads(catalog: Catalog) -> dict[str, set[str]]:
    """The stages whose tables say which steps each stage has."""
    return {
        stage.key: {
            catalog.maker[read.dataset].key for read in stage.drivers if read.dataset in catalog.maker
        }
        for stage in catalog.stages.values()
    }


def circles(
    catalog: Catalog, wanted: Callable[[Catalog], dict[str, set[str]]] = needs
) -> Iterator[list[str]]:
    """Stages that stand on what they make: each circle in the order that data would flow, first stage repeated."""
    left = wanted(catalog)
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            circle = error.args[1][:-1]
            first = circle.index(min(circle))
            yield [*circle[first:], *circle[: first + 1]]
            left = {key: wanted - set(circle) for key, wanted in left.items() if key not in circle}
        else:
            return


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
