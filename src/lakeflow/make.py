"""One step: read, call, keep, check. What it makes is staged and whole; committing it is the coordinator's."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from lakeflow.drafts import Drafts
from lakeflow.errors import StepFailed
from lakeflow.functions import load_function, verify_code
from lakeflow.order import Made, Order
from lakeflow.reading import Reading


def make(order: Order) -> Made:
    """Every partition of a step as a checked draft; raises with nothing in the lake changed."""
    verify_code(order.project, order.modules, order.code)
    order.folder.mkdir(parents=True, exist_ok=True)
    function = load_function(order.stage.run, order.project)
    reading = Reading(order)
    drafts = Drafts(order)
    try:
        for chunk in chunks(order, function(**reading.arguments(function))):
            drafts.take(chunk)
        made = drafts.finish(reading.rows)
    except BaseException:
        drafts.abandon()
        raise
    reading.held_still()
    return made


def chunks(order: Order, result: Any) -> Iterator[Mapping[str, Any]]:
    """What a stage returned or yields, always as mappings from table to frame."""
    tables = [name for name in order.stage.makes if name != "rejects"]
    for each in [result] if isinstance(result, pl.DataFrame | pl.LazyFrame | Mapping) else parts(order, result):
        if isinstance(each, Mapping):
            yield each
        elif len(tables) == 1:
            yield {tables[0]: each}
        else:
            raise StepFailed(f"{order.key}: expected a mapping from {tables} to frames, found {type(each).__name__}")


def parts(order: Order, result: Any) -> Iterator[Any]:
    if not isinstance(result, Iterator):
        raise StepFailed(
            f"{order.key}: {order.stage.run}: expected a frame, a mapping of frames, or an iterator of either, "
            f"found {type(result).__name__}"
        )
    return result
