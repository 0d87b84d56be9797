"""Which of a parent's symbols a date is about: what a selection chose for the sessions of that date."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

from lakeflow.catalog import Dataset, Stage
from lakeflow.partition import Partition
from lakeflow.step import Missing, Step, StepKey
from lakeflow.upstream import above

if TYPE_CHECKING:
    from lakeflow.ledger_tables import Entry
    from lakeflow.request import Request
    from lakeflow.universe import Universe

SYMBOL, WHY = "selected_symbol", "why"  # the columns of a selection that the engine reads
GOVERNED = ("silver", "gold")
Visit = Callable[[Stage, str, str], Step | Missing]


class Meant(NamedTuple):
    """What a parent means on a date: its chosen symbols, the selections still to be made, and those that cannot be."""

    symbols: frozenset[str] = frozenset()
    pending: tuple[Step, ...] = ()
    lacking: tuple[str, ...] = ()


class Selected:
    """The selections of a lake, as far as a request's symbols need them."""

    def __init__(self, universe: Universe, request: Request, visit: Visit) -> None:
        self._universe = universe
        self._request = request
        self._visit = visit
        self._meant: dict[tuple[str, str, str, str], Meant] = {}
        self._rows: dict[tuple[str, str, str, str], list[dict[str, Any]]] = {}
        self._said: dict[tuple[str, str], str] = {}
        self._governed: dict[str, Stage | None] = {}

    def wants(self, stage: Stage, symbol: str, dt: str) -> bool:
        """Whether the request's symbols mean a step: `ES` is what the selection says, `ESH6` and `ES*` are themselves."""
        if not self._universe.symbols.wants(self._request, stage, symbol):
            return False
        if any(fnmatchcase(symbol, pattern) for pattern in self._request.symbols):
            return True
        if self.chooser(stage) is None:
            return True
        return (
            symbol in self.meant(stage, self._universe.symbols.parent(stage.product_type, symbol), dt).symbols
        )

    def chooser(self, stage: Stage) -> Stage | None:
        """The stage whose selection says what a parent means for this one; none for what the selection stands on."""
        if stage.key not in self._governed:
            self._governed[stage.key] = self._chooser(stage)
        return self._governed[stage.key]

    def meant(self, stage: Stage, parent: str, dt: str) -> Meant:
        """What a parent means in a stage on a date; for a UTC date, in every session that overlaps it."""
        chooser = self.chooser(stage)
        if chooser is None:
            return Meant()
        kind = self._universe.catalog.datasets[stage.anchor].dt_kind
        key = (chooser.key, kind, parent, dt)
        if key not in self._meant:
            self._meant[key] = self._ask(chooser, parent, self._sessions(chooser, kind, dt))
        return self._meant[key]

    def unsettled(self, stage: Stage) -> list[tuple[str, str, Meant]]:
        """The parents and dates of a stage that were asked about and are not fully told."""
        chooser = self.chooser(stage)
        if chooser is None:
            return []
        of = (chooser.key, self._universe.catalog.datasets[stage.anchor].dt_kind)
        return [
            (key[2], key[3], meant)
            for key, meant in self._meant.items()
            if key[:2] == of and (meant.pending or meant.lacking)
        ]

    def told(self) -> list[str]:
        """What every selection that was asked chose and why, a line a session."""
        return [self._said[key] for key in sorted(self._said)]

    def _chooser(self, stage: Stage) -> Stage | None:
        catalog = self._universe.catalog
        product = catalog.products.get(stage.product_type)
        maker = catalog.maker.get(product.selected_by) if product and product.selected_by else None
        if maker is None or stage.layer not in GOVERNED or stage.key in above(catalog, [maker]):
            return None
        return maker

    def _sessions(self, chooser: Stage, kind: str, dt: str) -> tuple[str, ...]:
        return (dt,) if kind == "session_date" else self._universe.days.touching(chooser.product_type, dt)

    def _ask(self, chooser: Stage, parent: str, sessions: tuple[str, ...]) -> Meant:
        dataset = self._dataset(chooser)
        symbols: set[str] = set()
        pending: list[Step] = []
        lacking: list[str] = []
        for session in sessions:
            step = self._step(chooser, parent, session)
            entry = self._universe.shelves.of(dataset).get((parent, session))
            if isinstance(step, Step) and step.action in ("make", "later", "remove"):
                pending.append(step)
            elif entry is not None:
                symbols |= self._chosen(chooser, dataset, entry)
            elif isinstance(step, Missing):
                lacking.append(step.why)
        # A later session's selection that cannot be made yet takes nothing from what an earlier one has said.
        return Meant(frozenset(symbols), tuple(pending), () if symbols or pending else tuple(lacking))

    def _step(self, chooser: Stage, parent: str, session: str) -> Step | Missing | None:
        """What is to be done about a selection; None where there is none to be."""
        if (parent, session) not in self._universe.steps(chooser):
            return None
        if self._request.upstream:
            return self._visit(chooser, parent, session)
        if (parent, session) in self._universe.shelves.of(self._dataset(chooser)):
            return None  # as it is
        key = self._dataset(chooser).key
        how = f"lakeflow run {key} --symbol {parent} --dt {session}"
        return Missing(
            StepKey(chooser.key, parent, session),
            f"{key} {parent} {session} is not made; make it with: {how}",
        )

    def _dataset(self, chooser: Stage) -> Dataset:
        catalog = self._universe.catalog
        return catalog.datasets[catalog.products[chooser.product_type].selected_by or ""]

    def _chosen(self, chooser: Stage, dataset: Dataset, entry: Entry) -> set[str]:
        """The symbols of one selection, read from its file; what it chose and why is kept to be told."""
        from lakeflow.selection_file import read_selection

        rows = read_selection(self._universe.shelves.path(Partition(dataset.key, entry.symbol, entry.dt)))
        where = f"{entry.symbol} {entry.dt}"
        others = sorted(set(chooser.makes.values()) - {dataset.key})
        none = f"{where}: none, by {dataset.key}" + "".join(f"; see {other}" for other in others)
        chosen = [": ".join(filter(None, [f"{where}: {row[SYMBOL]}", row.get(WHY)])) for row in rows]
        self._said[entry.symbol, entry.dt] = "; ".join(chosen) or none
        return {str(row[SYMBOL]) for row in rows}
