"""Order books as the REST service answers them: their levels as whole millionths, and their hash recomputed."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.amounts import price
from lakeflow.vendors.polymarket.instants import instant
from lakeflow.vendors.polymarket.needed import Refused, need, padded, positive, token

HASHED = (
    "market", "asset_id", "timestamp", "hash", "bids", "asks", "min_order_size", "tick_size", "neg_risk", "last_trade_price",
)  # fmt: skip
MATCH, MISMATCH, UNVERIFIABLE = "MATCH", "MISMATCH", "UNVERIFIABLE"


class Level(NamedTuple):
    """A price and what rests there, in millionths."""

    price: int
    size: int


class Book(NamedTuple):
    """A token's whole book at an instant; the best level of each side comes first."""

    condition_id: str
    token_id: str
    ts_event: int | None
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    hash_status: str


def book(body: Mapping[str, Any]) -> Book:
    """The book of an answer; `buys` and `sells` are what old captures call its sides."""
    bids, asks = body.get("bids", body.get("buys")) or [], body.get("asks", body.get("sells")) or []
    return Book(
        padded(str(body.get("market") or "").lower()),
        token(body.get("asset_id")),
        instant(body.get("timestamp")),
        tuple(sorted(levels(bids), reverse=True)),
        tuple(sorted(levels(asks))),
        hash_status(body),
    )


def levels(side: list[Any]) -> Iterator[Level]:
    """The levels of a side that hold something."""
    seen: set[int] = set()
    for each in side:
        at, size = need(price(each["price"])), positive(each["size"])
        if at in seen:
            raise Refused(faults.BAD_ARRAY, f"two levels at {each['price']}")
        seen.add(at)
        if size:
            yield Level(at, size)


def hash_status(body: Mapping[str, Any]) -> str:
    """Whether a book's hash is that of its content; a message that lacks hashed fields cannot be told either way."""
    if not body.get("hash") or any(field not in body for field in HASHED):
        return UNVERIFIABLE
    return MATCH if book_hash(body) == body["hash"] else MISMATCH


def book_hash(body: Mapping[str, Any]) -> str:
    """SHA-1 over the compact JSON of the fields in the service's order, decimals as they came, without the hash."""
    content = {field: "" if field == "hash" else body[field] for field in HASHED}
    # SHA-1 is what the service uses: it recognises a book here and keeps no secret.
    return hashlib.sha1(
        json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode(), usedforsecurity=False
    ).hexdigest()
