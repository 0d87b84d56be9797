"""What two answers say otherwise of one thing at one instant: one row can be kept, and the other is named."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.shapes import SHAPES

KEYS = {
    "sightings": "condition_id",
    "open_interest": "condition_id",
    "rest_books": "token_id",
    "trading_terms": "condition_id",
}
TOGETHER = {"event_ids", "tags"}  # each event lists its markets as if there were no other


class Asked(NamedTuple):
    """What comes with every row of an answer: when it was observed, the listing that it is a page of, and by which recorder."""

    observed: int
    listing: str
    capture: str = ""
    again: int = 0  # how often its page had been told before


def said_otherwise(name: str, found: Sequence[tuple[Asked, tuple[Any, ...]]]) -> Iterator[faults.Fault]:
    """Rows of a table that say something else than an earlier row of the same thing and instant."""
    if name not in KEYS:
        return
    columns = list(SHAPES[name])
    key, compared = (
        columns.index(KEYS[name]),
        [at for at, column in enumerate(columns) if column not in TOGETHER],
    )
    first: dict[tuple[int, Any], list[Any]] = {}
    for asked, row in found:
        said = [row[at] for at in compared]
        if first.setdefault((asked.observed, row[key]), said) == said:
            continue
        detail = f"{row[key]} was said otherwise at the same instant"
        payload = faults.text(dict(zip(columns, row, strict=True)))
        yield faults.Fault(
            name, faults.REPEATED, detail, asked.observed, asked.capture, asked.listing, payload
        )
