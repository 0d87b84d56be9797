"""The status matrix: a row a symbol, a letter a day."""

from collections.abc import Iterable, Mapping
from typing import Any

from lakeflow.cli.chosen import Choice
from lakeflow.cli.opening import opened
from lakeflow.cli.options import Place
from lakeflow.machine import without_gc
from lakeflow.status import STATES, Cell, Status, grid_dates, totals
from lakeflow.step import StepKey

LETTERS = {
    "made": "■",
    "stale": "◪",
    "missing": "□",
    "on request": "○",
    "failed": "✗",
    "no raw": "?",
    "no session": "·",
}
WIDTH = 70


def print_status(choice: Choice, place: Place, *, as_list: bool) -> None:
    """The state of every chosen partition."""
    with opened(place) as (project, voice, _):
        request = choice.request(project)
        planner = project.planner(request)
        planner.steps()
        failed = [StepKey(row.stage, row.symbol, row.dt) for row in project.ledger.failed_steps()]
        status = Status(planner, failed)
        with without_gc():
            found = {
                key: cells_of(status, project.catalog.datasets[key], planner)
                for key in sorted(request.datasets)
            }
        cells = [cell for of_dataset in found.values() for cell in of_dataset]
        if voice.json:
            voice.data("status", {"totals": totals(cells), "partitions": [cell._asdict() for cell in cells]})
        elif as_list:
            voice.rows("status", [cell._asdict() for cell in cells])
        else:
            for key, of_dataset in found.items():
                print_matrix(voice, planner, key, of_dataset)
            voice.print(
                "  ".join(f"{LETTERS[state]} {state} {count}" for state, count in totals(cells).items())
                or "nothing yet"
            )


def cells_of(status: Status, dataset: Any, planner: Any) -> list[Cell]:
    stage = planner.universe.catalog.maker[dataset.key]
    if planner.request.is_open:
        return status.cells(dataset)
    return [cell for cell in status.cells(dataset) if planner.asked_for(stage, cell.symbol, cell.dt)]


def print_matrix(voice: Any, planner: Any, key: str, cells: Iterable[Cell]) -> None:
    """One dataset: the days from its first to its last across, its symbols down; long spans in several blocks."""
    by_symbol: dict[str, dict[str, Cell]] = {}
    for cell in cells:
        by_symbol.setdefault(cell.symbol, {})[cell.dt] = cell
    voice.print(f"{key}")
    if not by_symbol:
        voice.print("  nothing yet")
        return
    days = [dt for of_symbol in by_symbol.values() for dt in of_symbol]
    dates = grid_dates(planner, planner.universe.catalog.datasets[key], min(days), max(days))
    for start in range(0, len(dates), WIDTH):
        block = dates[start : start + WIDTH]
        voice.print(f"  {'':<16} {block[0][0]} .. {block[-1][0]}")
        for symbol, of_symbol in sorted(by_symbol.items()):
            voice.print(
                f"  {symbol:<16} {''.join(letter(of_symbol, dt, is_session) for dt, is_session in block)}"
            )


def letter(of_symbol: Mapping[str, Cell], dt: str, is_session: bool) -> str:
    if dt in of_symbol:
        return LETTERS[of_symbol[dt].state]
    return LETTERS["no raw" if is_session else "no session"]


assert set(LETTERS) == set(STATES)
