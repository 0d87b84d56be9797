"""Steps that no plan can name yet: their symbols are known only when a fan-out that they stand on is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakeflow.step import Missing

if TYPE_CHECKING:  # the planner asks for this
    from lakeflow.catalog import Read, Stage
    from lakeflow.plan import Planner


def plan_later(planner: Planner, stage: Stage, *, has_symbols: bool) -> None:
    """Plan the fan-outs that a stage's wanted steps stand on, and say which of its steps follow from them."""
    universe = planner.universe
    for read in stage.reads:
        if read.symbol not in ("same", "children", "*") or read.previous:
            continue
        for maker, asked, dt in universe.fan_outs(universe.catalog.datasets[read.dataset]):
            if any(
                is_meant(planner, stage, maker, asked, day, has_symbols)
                for day in step_dates(planner, stage, read, dt)
            ):
                step = planner.visit(maker, asked, dt)
                if isinstance(step, Missing):
                    is_pending = step.is_failed and (asked, dt) not in universe.steps(stage)
                else:
                    is_pending = step.action == "make"
                if is_pending:
                    planner.put_off(stage, step)


def step_dates(planner: Planner, stage: Stage, read: Read, dt: str) -> tuple[str, ...]:
    """The dates of a stage's steps that a fan-out of this date may lead to."""
    return (*planner.universe.days.made(stage, read, dt), dt)


def is_meant(planner: Planner, stage: Stage, maker: Stage, asked: str, dt: str, has_symbols: bool) -> bool:
    """Whether the request means what a fan-out will lead to, judged by the fan-out's own symbol."""
    if stage.symbol is not None and has_symbols:
        return planner.asked_for(stage, stage.symbol, dt)
    return planner.asked_for(maker, asked, dt)
