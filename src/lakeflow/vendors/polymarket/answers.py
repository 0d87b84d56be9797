"""Answers that were fetched, read by what they answer: markets, books, price points, trades, open interest, resolutions."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.bodies import (
    BATCH,
    by_shape,
    histories,
    listing,
    markets,
    one_or_many,
    points,
    service_and_name,
)  # fmt: skip
from lakeflow.vendors.polymarket.books import Book, book
from lakeflow.vendors.polymarket.buckets import with_spacing
from lakeflow.vendors.polymarket.chain import Fill, fill
from lakeflow.vendors.polymarket.fields import Partly
from lakeflow.vendors.polymarket.gamma import Sighting, listed, listed_in_part
from lakeflow.vendors.polymarket.halves import may_hold, refuse, whole
from lakeflow.vendors.polymarket.items import (
    Interest,
    Point,
    Resolution,
    Trade,
    chain_resolution,
    clob_resolution,
    interest,
    point,
    resolved,
    taken,
    trade,
)  # fmt: skip
from lakeflow.vendors.polymarket.needed import REASONS, Refused
from lakeflow.vendors.polymarket.terms import Terms, terms


class Fetch(NamedTuple):
    """One answer: when it came, from which service, for which request, and its text."""

    observed: int
    capture: str
    endpoint: str
    params: str
    status: int
    payload: str


Row = Sighting | Book | Point | Trade | Fill | Interest | Resolution | Terms
Reader = Callable[[Any, Mapping[str, Any]], Row | Partly]
Kind = tuple[
    str, Callable[[Any], Any], Reader
]  # what the items are meant for, how to find them in a body, and how to read one


class Answer(NamedTuple):
    """What an answer holds, item by item; an error, or what is no listing, holds nothing but its fault.

    `beside` has the fields of items that are rows without them.
    """

    items: list[Row | faults.Fault]
    is_listing: bool
    beside: list[faults.Fault]


def answer(fetch: Fetch) -> Answer:
    """An answer by its endpoint and its shape."""
    body, broken = loaded(fetch)
    name = service_and_name(fetch.endpoint)
    if BATCH in (name, by_shape(body)) and (found := histories(body)) is not None:
        return batch(fetch, found)
    kind = kind_of(name, body)
    if kind is None:
        strange = unread(fetch, "answers", faults.UNKNOWN_EVENT_TYPE, f"endpoint {fetch.endpoint}")
        return strange._replace(is_listing=fetch.status == 200)  # all there, though nobody here can read it
    return unread(fetch, kind[0], *broken) if broken else held(fetch, kind, body)


def batch(fetch: Fetch, found: Mapping[str, Any]) -> Answer:
    """The price histories of several tokens, each as if it had been asked for alone."""
    try:
        asked = {**json.loads(fetch.params)}
    except (ValueError, TypeError) as error:
        return unread(fetch, "points", faults.BAD_JSON, f"{type(error).__name__}: {error}"[:200])
    alone = (
        (fetch._replace(params=json.dumps(asked | {"market": token})), points)
        for token, points in found.items()
    )
    each = [held(one, KINDS["clob/prices-history"], points) for one, points in alone]
    return Answer([item for part in each for item in part.items], is_listing=True, beside=[])


def loaded(fetch: Fetch) -> tuple[Any, tuple[str, str] | None]:
    """The body of an answer, or the reason why it has none."""
    if fetch.status != 200:
        return None, (faults.HTTP_ERROR, f"status {fetch.status}")
    try:
        return json.loads(fetch.payload), None
    except (ValueError, RecursionError) as error:
        return None, (faults.BAD_JSON, f"{type(error).__name__}: {error}"[:200])


def held(fetch: Fetch, kind: Kind, body: Any) -> Answer:
    """The items of a body."""
    meant, items_of, read = kind
    try:
        params = json.loads(fetch.params)
        items = items_of(body)
        if may_hold(fetch.params):
            refuse(params)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return unread(fetch, meant, faults.BAD_JSON, f"{type(error).__name__}: {error}"[:200])
    if not isinstance(items, list):
        said = f"expected a list of items, found {type(items).__name__}"
        return unread(fetch, meant, faults.BAD_JSON, said)
    if read is point:
        params = with_spacing(params, items, fetch.observed)
    if may_hold(fetch.payload):
        read = listed_in_part if read is listed else whole(read)
    found = [one(fetch, meant, read, item, params, str(place)) for place, item in enumerate(items)]
    beside = [
        told(fetch, meant, odd, str(place), faults.text(items[place]))
        for place, each in enumerate(found)
        for odd in (each.odd if isinstance(each, Partly) else ())
    ]
    rows = [each.row if isinstance(each, Partly) else each for each in found]
    return Answer(rows, is_listing=True, beside=beside)


def unread(fetch: Fetch, meant: str, reason: str, detail: str) -> Answer:
    """An answer as one fault."""
    return Answer(
        [told(fetch, meant, Refused(reason, detail), "", fetch.payload)], is_listing=False, beside=[]
    )


def one(
    fetch: Fetch, meant: str, read: Reader, item: Any, params: Any, place: str
) -> Row | Partly | faults.Fault:
    """An item as a row, or its fault: one odd value costs its own item and no other."""
    try:
        return read(item, params)
    except Refused as refused:
        found = refused
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        found = Refused(REASON_OF.get(type(error), faults.BAD_JSON), f"{type(error).__name__}: {error}"[:200])
    return told(fetch, meant, found, place, faults.text(item))


REASON_OF = REASONS | {KeyError: faults.NO_ID}


def told(fetch: Fetch, meant: str, refused: Refused, place: str, payload: str) -> faults.Fault:
    where = f"{fetch.endpoint} {fetch.params} [{place}]"
    return faults.Fault(meant, refused.reason, refused.detail, fetch.observed, fetch.capture, where, payload)


KINDS: dict[str, Kind] = {
    "gamma/markets": ("sightings", markets, listed),
    "clob/book": ("books", one_or_many, lambda item, _: book(item)),
    "clob/prices-history": ("points", listing("history"), point),
    BATCH: ("points", listing("history"), point),
    "clob/clob-markets": ("terms", one_or_many, terms),
    "clob/trades": ("trades", one_or_many, trade),
    "data/prices-history": ("points", points, point),
    "data/trades": ("trades", listing("data"), taken),
    "data/oi": ("interest", listing("data"), interest),
    "data/resolutions": ("resolutions", listing("data"), resolved),
    "clob/markets": ("resolutions", one_or_many, clob_resolution),
    "subgraph/orderFilledEvents": ("fills", lambda body: body["data"]["orderFilledEvents"], fill),
    "subgraph/conditions": ("resolutions", lambda body: body["data"]["conditions"], chain_resolution),
}
ALIKE = {
    "clob/books": "clob/book", "clob/sampling-markets": "clob/markets", "clob/data": "clob/trades", "gamma/events": "gamma/markets",
    "gamma/public-search": "gamma/markets",
}  # fmt: skip
# Answers about no market, token or trade: bronze has their text, the ledger that they came, and no table a row of them.
WITHOUT_ROWS = frozenset(
    {"gamma/tags", "gamma/sports", "gamma/teams", "clob/fee-rate", "clob/tick-size", "clob/neg-risk"}
)


# What is like a trade and is more than trades.
UNREAD = frozenset({"data/activity"})


def kind_of(name: str, body: Any) -> Kind | None:
    """What an answer is a list of: by its service and name, and where it looks like something else, by that."""
    if name in WITHOUT_ROWS:
        return "answers", lambda _: [], lambda item, _: item
    by_path = KINDS.get(ALIKE.get(name, name))
    shape = None if name in UNREAD else by_shape(body)
    return KINDS[ALIKE.get(shape, shape)] if shape else by_path
