"""Whether what a step made is whole: every sibling its anchor lists is there as made, and checked by today's rules."""

import json
from collections.abc import Iterator, Mapping

from lakeflow.catalog import Dataset
from lakeflow.ledger_tables import Entry
from lakeflow.shelf import Shelves


def siblings_of(anchor: Entry) -> list[tuple[str, str, str]]:
    """The other partitions that the anchor's step made: dataset, symbol, content."""
    return (
        []
        if not anchor.siblings or anchor.siblings == "[]"
        else [tuple(s) for s in json.loads(anchor.siblings)]
    )


def lost_siblings(anchor: Entry, shelves: Shelves, datasets: Mapping[str, Dataset]) -> str:
    """The first sibling that is not as it was made; nothing when all are."""
    for dataset, symbol, content in siblings_of(anchor):
        entry = shelves.of(datasets[dataset]).get((symbol, anchor.dt)) if dataset in datasets else None
        if entry is None or entry.content != content:
            return f"{dataset} {symbol} {anchor.dt}"
    return ""


def family(anchor: Entry, shelves: Shelves, datasets: Mapping[str, Dataset]) -> Iterator[Entry]:
    """The entries of everything that the anchor's step made."""
    yield anchor
    for dataset, symbol, _ in siblings_of(anchor):
        entry = shelves.of(datasets[dataset]).get((symbol, anchor.dt)) if dataset in datasets else None
        if entry is not None:
            yield entry


def stale_verdicts(
    anchor: Entry,
    rules: Mapping[str, str],
    shelves: Shelves,
    datasets: Mapping[str, Dataset],
    verdicts: set[tuple[str, str, str, str, str]],
) -> str:
    """The first partition of the family that was not yet checked by today's rules."""
    for e in family(anchor, shelves, datasets):
        today = rules.get(e.dataset, e.rules_digest)
        if e.rules_digest != today and (e.dataset, e.symbol, e.dt, e.content, today) not in verdicts:
            return f"{e.dataset} {e.symbol} {e.dt}"
    return ""
