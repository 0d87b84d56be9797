"""Answers that were fetched, read by what they answer: markets, books, price points, trades, open interest, resolutions."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.amounts import BadAmount, BadArray, OutOfRange
from lakeflow.vendors.polymarket.books import Book, book
from lakeflow.vendors.polymarket.chain import Fill, fill
from lakeflow.vendors.polymarket.gamma import Refused, Sighting, sighting
from lakeflow.vendors.polymarket.instants import BadInstant
from lakeflow.vendors.polymarket.items import (
    Interest,
    Point,
    Resolution,
    Trade,
    chain_resolution,
    clob_resolution,
    interest,
    point,
    resolution,
    trade,
)  # fmt: skip


class Fetch(NamedTuple):
    """One answer: when it came, from which service, for which request, and its text."""

    observed: int
    capture: str
    endpoint: str
    params: str
    status: int
    payload: str


Row = Sighting | Book | Point | Trade | Fill | Interest | Resolution
Reader = Callable[[Any, Mapping[str, Any]], Any]


def rows(fetch: Fetch) -> Iterator[Row | faults.Fault]:
    """Every item of an answer, as a row or as the fault that it is."""
    kind = kind_of(fetch.endpoint)
    if kind is None:
        yield told(
            fetch,
            "answers",
            Refused(faults.UNKNOWN_EVENT_TYPE, f"endpoint {fetch.endpoint}"),
            "",
            fetch.payload,
        )
        return
    meant, listed, read = kind
    if fetch.status != 200:
        yield told(fetch, meant, Refused(faults.HTTP_ERROR, f"status {fetch.status}"), "", fetch.payload)
        return
    try:
        body, params = json.loads(fetch.payload), json.loads(fetch.params)
        items = listed(body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        yield told(
            fetch, meant, Refused(faults.BAD_JSON, f"{type(error).__name__}: {error}"), "", fetch.payload
        )
        return
    for place, item in enumerate(items):
        yield one(fetch, meant, read, item, params, str(place))


def one(fetch: Fetch, meant: str, read: Reader, item: Any, params: Any, place: str) -> Any:
    """An item as a row, or its fault."""
    try:
        return read(item, params)
    except Refused as refused:
        return told(fetch, meant, refused, place, faults.text(item))
    except (BadInstant, BadArray, OutOfRange, BadAmount, KeyError, TypeError, AttributeError) as error:
        reason = REASONS.get(type(error), faults.NO_ID)
        return told(
            fetch, meant, Refused(reason, f"{type(error).__name__}: {error}"), place, faults.text(item)
        )


REASONS: dict[type[Exception], str] = {
    BadInstant: faults.BAD_TS, BadArray: faults.BAD_ARRAY, OutOfRange: faults.PRICE_RANGE, BadAmount: faults.BAD_AMOUNT,
    TypeError: faults.BAD_JSON, AttributeError: faults.BAD_JSON,
}  # fmt: skip


def told(fetch: Fetch, meant: str, refused: Refused, place: str, payload: str) -> faults.Fault:
    where = f"{fetch.endpoint} {fetch.params} [{place}]"
    return faults.Fault(meant, refused.reason, refused.detail, fetch.observed, fetch.capture, where, payload)


def listing(key: str) -> Callable[[Any], list[Any]]:
    """The items of a body: under a key, or the body itself where it is a list."""
    return lambda body: body if isinstance(body, list) else body[key]


KINDS: dict[str, tuple[str, Callable[[Any], list[Any]], Reader]] = {
    "gamma/markets": ("sightings", listing("markets"), lambda item, _: sighting(item)),
    "clob/book": (
        "books",
        lambda body: body if isinstance(body, list) else [body],
        lambda item, _: book(item),
    ),
    "clob/prices-history": ("points", listing("history"), point),
    "data/prices-history": ("points", listing("data"), point),
    "data/trades": ("trades", listing("data"), trade),
    "data/oi": ("interest", listing("data"), interest),
    "data/resolutions": ("resolutions", listing("data"), resolution),
    "clob/markets": ("resolutions", lambda body: body if isinstance(body, list) else [body], clob_resolution),
    "subgraph/orderFilledEvents": ("fills", lambda body: body["data"]["orderFilledEvents"], fill),
    "subgraph/conditions": ("resolutions", lambda body: body["data"]["conditions"], chain_resolution),
}


def kind_of(endpoint: str) -> tuple[str, Callable[[Any], list[Any]], Reader] | None:
    """What an endpoint answers with, by its service and name: `gamma/markets/keyset` answers as `gamma/markets` does."""
    parts = [part for part in endpoint.split("/") if part not in ("v2", "keyset")]
    name = "/".join(parts[:2])
    return KINDS.get({"clob/books": "clob/book"}.get(name, name))
