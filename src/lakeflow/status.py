"""The state of every partition that is or could be: made, stale, missing, on request, failed, not delivered, no session."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from lakeflow.catalog import Dataset, Stage
from lakeflow.ledger_tables import Entry
from lakeflow.plan import Planner
from lakeflow.step import Missing, Step, StepKey

STATES = ("made", "stale", "missing", "on request", "failed", "no raw", "no session")


class Cell(NamedTuple):
    """One partition's state, and why it is not simply made."""

    dataset: str
    symbol: str
    dt: str
    state: str
    reason: str = ""


class Status:
    """What a plan found out, looked at by partition."""

    def __init__(self, planner: Planner, failed: Iterable[StepKey]) -> None:
        self._planner = planner
        self._universe = planner.universe
        self._failed = set(failed)

    def cells(self, dataset: Dataset, symbols: Iterable[str] | None = None) -> list[Cell]:
        """Every partition of a dataset that the plan looked at, by symbol and date."""
        shelf, maker = self._universe.shelves.of(dataset), self._universe.catalog.maker[dataset.key]
        keys = sorted(shelf.keys() | self._universe.keys(dataset))
        if symbols is not None:
            wanted = set(symbols)
            keys = [key for key in keys if key[0] in wanted]
        return [self._cell(dataset.key, maker, shelf.get(key), *key) for key in keys]

    def _cell(self, dataset: str, maker: Stage, entry: Entry | None, symbol: str, dt: str) -> Cell:
        if entry is not None and entry.stage == maker.key:
            asked = entry.asked
        else:
            asked = self._universe.asked(maker, dataset, symbol, dt, entry)
        step = self._planner.decided(StepKey(maker.key, asked, dt))
        if entry is not None and isinstance(step, Step) and step.action == "none":
            return Cell(dataset, symbol, dt, "made", step.reason)  # as nearly every one of a current lake
        state, reason = self._state(maker, step, asked, dt, is_made=entry is not None)
        return Cell(dataset, symbol, dt, state, reason)

    def _state(
        self, maker: Stage, step: Step | Missing | None, asked: str, dt: str, *, is_made: bool
    ) -> tuple[str, str]:
        if isinstance(step, Missing):
            return "no raw", step.why
        if step is None and not is_made and maker.build == "on_request":
            return "on request", "made when its dataset is named"
        if step is None or step.action == "none":
            return (
                ("made", step.reason if step else "")
                if is_made
                else ("missing", "its step is made and holds no such symbol")
            )
        if StepKey(maker.key, asked, dt) in self._failed:
            return "failed", "the last attempt failed; see lakeflow runs"
        return ("stale" if is_made else "missing"), step.reason


def grid_dates(planner: Planner, dataset: Dataset, first: str, last: str) -> list[tuple[str, bool]]:
    """The dates of a matrix with whether each is a session: every day of a span, weekends told apart."""
    stage = planner.universe.catalog.maker[dataset.key]
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    dates = []
    while day <= end:
        dates.append((day.isoformat(), planner.universe.days.has_session(stage, day.isoformat())))
        day += timedelta(days=1)
    return dates


def totals(cells: Iterable[Cell]) -> dict[str, int]:
    counts = Counter(cell.state for cell in cells)
    return {state: counts[state] for state in STATES if counts[state]}
