"""An answer as it was sent, as a line of a shard: what it answers by its shape, and what is said of its request."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lakeflow.vendors.polymarket.about import OWN, About, foreign
from lakeflow.vendors.polymarket.bodies import alone, by_shape, service_and_name

HISTORIES = ("clob/prices-history", "data/prices-history")
SUMS = frozenset({"condition_id", "value"})  # of open interest in dollars, or of a volume in shares
END = "LTE="  # a cursor of the CLOB that leads nowhere
GIVEN = ("status", "sweep", "page", "ms", "cursor_in", "cursor_out")


def answered(path: Path, document: Any, raw: bytes, known: About) -> dict[str, Any]:
    """One answer: its text whole, with what is known of its request."""
    if known.observed is None:
        raise foreign(
            path, f"an answer, and observed_at={OWN}", "say the instant: only messages tell their own"
        )
    endpoint, asked = str(known.said["endpoint"]), known.said["params"]
    if service_and_name(endpoint) in HISTORIES and not asked.keys() & {"market", "token_id"}:
        raise foreign(
            path, "prices that do not say whose they are", 'say params={"market": "TOKEN"} or the whole url'
        )
    line = {
        "observed_us": known.observed, "endpoint": endpoint, "url": known.said.get("url", f"/{endpoint}"),
        "params": json.dumps(asked), "status": 200, "cursor_out": next_cursor(document), "body": text(path, raw),
    }  # fmt: skip
    return line | {name: known.said[name] for name in GIVEN if name in known.said}


def named(path: Path, document: Any) -> str:
    """The endpoint that answers like this."""
    items = document.get("data") if isinstance(document, Mapping) else document
    if isinstance(items, list) and items and isinstance(items[0], Mapping) and items[0].keys() == SUMS:
        raise foreign(
            path, "dollars or shares of a condition", "say endpoint=data/oi or endpoint=data/live-volume"
        )
    if not (found := by_shape(document) or alone(document) or empty(document)):
        raise foreign(
            path, "an answer of no known shape", "say what it answers, such as endpoint=clob/fee-rate"
        )
    return found


def empty(document: Any) -> str | None:
    """The endpoint of a page that holds nothing, where the name of what it lacks tells it."""
    said = document if isinstance(document, Mapping) else {}
    return next((EMPTY[name] for name in EMPTY if said.get(name) == []), None)


EMPTY = {"history": "clob/prices-history", "markets": "gamma/markets", "events": "gamma/events"}


def next_cursor(document: Any) -> str | None:
    """The cursor to the next page, of an answer that has one."""
    said = document if isinstance(document, Mapping) else {}
    pages = said.get("pagination")
    inner = pages.get("next_cursor") if isinstance(pages, Mapping) else None
    found = said.get("next_cursor") or inner
    return str(found) if found and found != END else None


def text(path: Path, raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise foreign(path, "bytes that are no UTF-8", "deliver it as it was sent") from error
