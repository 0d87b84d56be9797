"""Price histories that were fetched long after: of each, the points of the day that it is filed under."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.items import Point
from lakeflow.vendors.polymarket.otherwise import Asked

SECOND = 10**9


def of_its_day(items: Sequence[Any], asked: Asked, dt: date | None) -> list[Any]:
    """The items of an answer; of one that was observed after its day, without points of other days, which one fault names."""
    if dt is None or asked.observed < (ends := midnight(dt + timedelta(days=1))):
        return list(items)
    begins = midnight(dt)
    kept = [each for each in items if not isinstance(each, Point) or begins <= each.ts_event < ends]
    if not (others := len(items) - len(kept)):
        return kept
    detail = f"{others} points are of other days than {dt}: file the answer under each of them"
    return [
        *kept,
        faults.Fault("points", faults.OTHER_DAY, detail, asked.observed, asked.capture, asked.listing, ""),
    ]


def midnight(dt: date) -> int:
    return int(datetime.combine(dt, time(), UTC).timestamp()) * SECOND
