"""The quick look of a plan: a step that reads its own symbol and day, and is as it was, is told in one short function.

It says yes only where the whole look would find nothing to do, and leaves everything else to it. Nearly every step of a lake is
such a one, and a plan of a hundred thousand of them must end in seconds.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from lakeflow.catalog import Dataset, Read, Stage
from lakeflow.recipe import Recipes
from lakeflow.shelf import Shelf
from lakeflow.step import Missing, Step, StepKey
from lakeflow.universe import Universe


class Source(NamedTuple):
    """One plain read: where its partitions are, and whose steps make them."""

    start: str  # of the line in the recipe: name and dataset
    shelf: Shelf
    maker: str  # "" for what is delivered
    content: Callable[[str, str], str]  # of a delivery


class Sheet(NamedTuple):
    """All that is the same for every step of a stage."""

    anchors: Shelf
    sources: tuple[Source, ...]
    rules: str
    current: Step  # stands for every step of the stage that is as it was


class Glance:
    """What the quick look knows of each stage, and what the plan has decided so far."""

    def __init__(
        self, universe: Universe, recipes: Recipes, decided: Mapping[StepKey, Step | Missing]
    ) -> None:
        self._universe = universe
        self._recipes = recipes
        self._decided = decided
        self._sheets: dict[str, Sheet | None] = {}

    def current(self, stage: Stage, symbol: str, dt: str, rules: Mapping[str, str]) -> Step | None:
        """The step when it is plainly current; None when it takes a whole look to tell."""
        if stage.key not in self._sheets:
            self._sheets[stage.key] = self._sheet(stage, rules)
        sheet = self._sheets[stage.key]
        anchor = sheet.anchors.get((symbol, dt)) if sheet else None
        if (
            sheet is None
            or anchor is None
            or anchor.siblings not in (None, "[]")
            or anchor.rules_digest != sheet.rules
        ):
            return None
        lines = []
        for start, shelf, maker, content in sheet.sources:
            if not maker:
                found = content(symbol, dt)
                if not found:
                    return None
                lines.append(f"{start}{symbol}\t{dt}\t{found}")
                continue
            entry = shelf.get((symbol, dt))
            if entry is None or entry.stage != maker:
                return None
            made = self._decided.get((maker, entry.asked, dt))  # type: ignore[call-overload]  # a StepKey is this tuple
            if made is None or isinstance(made, Missing) or made.action != "none":
                return None
            lines.append(f"{start}{symbol}\t{dt}\t{entry.content}")
        return sheet.current if anchor.recipe == self._recipes.of_lines(stage, "", "\n".join(lines)) else None

    def _sheet(self, stage: Stage, rules: Mapping[str, str]) -> Sheet | None:
        """What to compare for a stage; None for one whose steps always take a whole look."""
        catalog = self._universe.catalog
        if self._recipes.takes_session(stage) or not all(r.is_plain for r in stage.reads):
            return None
        sources = tuple(self._source(read, catalog.datasets[read.dataset]) for read in stage.reads)
        anchors = self._universe.shelves.of(catalog.datasets[stage.anchor])
        return Sheet(anchors, sources, rules[stage.anchor], Step(StepKey(stage.key, "", ""), "none"))

    def _source(self, read: Read, dataset: Dataset) -> Source:
        start = f"{read.name}\t{read.dataset}\t"
        if dataset.is_raw:
            return Source(start, {}, "", self._delivered(dataset))
        maker = self._universe.catalog.maker[dataset.key].key
        return Source(start, self._universe.shelves.of(dataset), maker, nothing)

    def _delivered(self, dataset: Dataset) -> Callable[[str, str], str]:
        """The content of a delivery, nothing where there is none."""
        deliveries = self._universe.deliveries
        held = deliveries.of(dataset)
        return lambda symbol, dt: deliveries.content(dataset, symbol, dt) if (symbol, dt) in held else ""


def nothing(_symbol: str, _dt: str) -> str:
    return ""
