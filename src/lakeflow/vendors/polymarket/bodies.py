"""What the body of an answer is a list of, in every shape that the services wrap it in; and what it is where its endpoint does not tell."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

SERVICES = ("gamma", "clob", "data", "subgraph")
PASSED_OVER = ("v1", "v2", "keyset")  # parts of a path that change what a page is like, and not what is on it
BATCH = "clob/batch-prices-history"
WRAPPERS = ("data", "history", "markets", "events")


def service_and_name(endpoint: str) -> str:
    """`gamma/markets` of `gamma/markets/keyset`, of `gamma/markets/slug/x` and of the whole address of either."""
    said = urlsplit(endpoint)
    host = (said.hostname or "").replace(".", "-").split("-")
    service = [name for name in SERVICES if name in host]
    parts = [*service, *(part for part in said.path.split("/") if part and part not in PASSED_OVER)]
    return "/".join(parts[:2])


def listing(key: str) -> Callable[[Any], Any]:
    """The items of a body: under a key, or the body itself where it is a list."""
    return lambda body: body if isinstance(body, list) else body[key]


def points(body: Any) -> Any:
    """The points of a history, or the one that was asked for by its instant."""
    found = body["data"] if isinstance(body, Mapping) and "data" in body else body
    return [found] if isinstance(found, Mapping) and "timestamp" in found else found


def one_or_many(body: Any) -> Any:
    """The items of a body that is one of them, a list of them, or a page of them."""
    if isinstance(body, Mapping) and isinstance(body.get("data"), list):
        return body["data"]
    return body if isinstance(body, list) else [body]


def markets(body: Any) -> list[Any]:
    """The markets of a page, of events, of a search, or the one that a body is; each of an event with what that says of it."""
    if isinstance(body, list):
        return [market for each in body for market in (of_event(each) if is_event(each) else [each])]
    if is_event(body):
        return list(of_event(body))
    if "conditionId" in body or "id" in body:  # a page of them has no id
        return [body]
    wrapped = [key for key in ("events", "markets", "data") if isinstance(body.get(key), list)]
    if not wrapped:
        raise KeyError("expected a list of markets or events, or the conditionId of a market")
    return [market for key in wrapped for market in markets(body[key])]


def is_event(body: Any) -> bool:
    """An event has an id and its markets or a ticker; a page of markets has no id, and a market neither of the two."""
    has = body if isinstance(body, Mapping) else {}
    return "id" in has and "conditionId" not in has and ("markets" in has or "ticker" in has)


def of_event(event: Mapping[str, Any]) -> Iterator[Any]:
    """The markets of an event, with what they leave out because the event says it; an event without a list of them is no market, and named."""
    if not isinstance(event.get("markets"), list):
        yield event
        return
    lent = {"events": [{name: event.get(name) for name in ("id", "parentEventId", "gameId")}]} | {
        name: event[name] for name in ("tags", "negRiskMarketID") if event.get(name)
    }
    for market in event["markets"]:
        own = {name: value for name, value in market.items() if value} if isinstance(market, Mapping) else {}
        yield {**market, **{name: own.get(name, value) for name, value in lent.items()}} if own else market


def histories(body: Any) -> Mapping[str, Any] | None:
    """The price histories of a batch by token; None of what is none."""
    said = body if isinstance(body, Mapping) else {}
    found = said.get("history", said)
    is_plain = found is said and bool(said) and all(isinstance(each, list) for each in said.values())
    return found if isinstance(found, Mapping) and (is_plain or found is not said) else None


def by_shape(body: Any) -> str | None:
    """The endpoint that answers like this, for a body whose own is not known; None of what is like nothing known."""
    first = body
    if isinstance(body, Mapping) and isinstance(body.get("history"), Mapping):
        return BATCH
    while isinstance(first, Mapping) and (
        inner := [first[key] for key in WRAPPERS if isinstance(first.get(key), list)]
    ):
        if "id" in first:
            break
        first = inner[0]
    while isinstance(first, list) and first:
        first = first[0]
    fields = set(first) if isinstance(first, Mapping) else set()
    return next((endpoint for needed, endpoint in SHAPES if fields >= needed), None)


SHAPES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"id", "markets"}), "gamma/events"),
    (frozenset({"id", "conditionId", "question"}), "gamma/markets"),
    (frozenset({"asset_id", "bids", "asks"}), "clob/book"),
    (frozenset({"condition_id", "tokens"}), "clob/markets"),
    (frozenset({"c", "t", "mts"}), "clob/clob-markets"),
    (frozenset({"asset", "conditionId", "side", "transactionHash"}), "data/trades"),
    (frozenset({"token_id", "condition_id", "side", "transaction_hash"}), "data/trades"),
    (frozenset({"asset_id", "taker_order_id", "match_time"}), "clob/trades"),
    (frozenset({"t", "p"}), "clob/prices-history"),
    (frozenset({"timestamp", "price", "resolution_seconds"}), "data/prices-history"),
    (frozenset({"condition_id", "proposed_price"}), "data/resolutions"),
    (frozenset({"id", "payoutNumerators"}), "subgraph/conditions"),
    (frozenset({"id", "makerAssetId", "takerAssetId"}), "subgraph/orderFilledEvents"),
)


def alone(body: Any) -> str | None:
    """The endpoint of an answer that says one thing, of which no table has a row; None of any other."""
    first = body[0] if isinstance(body, Sequence) and not isinstance(body, str) and body else body
    fields = frozenset(first) if isinstance(first, Mapping) else frozenset()
    if fields >= TAG and not fields & {"conditionId", "ticker", "markets"}:
        return "gamma/tags"
    return ALONE.get(fields)


TAG = frozenset({"id", "label", "slug"})
ALONE: dict[frozenset[str], str] = {
    frozenset({"mid"}): "clob/midpoint",
    frozenset({"mid_price"}): "clob/midpoint",
    frozenset({"price"}): "clob/price",
    frozenset({"price", "side"}): "clob/last-trade-price",
    frozenset({"spread"}): "clob/spread",
    frozenset({"base_fee"}): "clob/fee-rate",
    frozenset({"minimum_tick_size"}): "clob/tick-size",
    frozenset({"neg_risk"}): "clob/neg-risk",
}
