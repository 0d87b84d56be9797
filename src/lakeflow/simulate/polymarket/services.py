"""The venue's other answers: price histories that end in a settlement, trades of which some are alike, open interest, resolutions, books."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from lakeflow.simulate.polymarket.listing import tick
from lakeflow.simulate.polymarket.truth import (
    CANCELLED,
    DISPUTED,
    NO,
    RULES_CHANGED,
    SPLIT,
    YES,
    Market,
    Venue,
)

PAYOUTS = {YES: [1_000_000, 0], NO: [0, 1_000_000], SPLIT: [500_000, 500_000], CANCELLED: [0, 1_000_000]}
HASHED = (
    "market",
    "asset_id",
    "timestamp",
    "hash",
    "bids",
    "asks",
    "min_order_size",
    "tick_size",
    "neg_risk",
    "last_trade_price",
)


def history(venue: Venue, market: Market, begins: datetime, until: datetime) -> str:
    """Hourly prices of outcome 0, and once it is over the price that it paid."""
    points: list[dict[str, Any]] = []
    at = begins
    while at < min(until, venue.closes(market)):
        points.append(
            {
                "timestamp": int(at.timestamp()),
                "price": f"{tick(venue.chance(market, at)):.2f}",
                "resolution_seconds": 3600,
            }
        )
        at += timedelta(hours=1)
    if begins <= venue.closes(market) < until:
        price = PAYOUTS[market.outcome][0] / 1_000_000
        points.append(
            {"timestamp": int(venue.closes(market).timestamp()), "price": str(price), "resolution_seconds": 0}
        )
    return json.dumps({"data": points, "pagination": {"has_more": False}})


def plain_history(venue: Venue, market: Market, begins: datetime, until: datetime) -> str:
    """The same prices as the book service tells them: no point says how long its bucket is, nor that it is a settlement."""
    told = json.loads(history(venue, market, begins, until))["data"]
    return json.dumps({"history": [{"t": each["timestamp"], "p": float(each["price"])} for each in told]})


def trades(venue: Venue, market: Market, begins: datetime, until: datetime) -> str:
    """A trade every six hours, made of two fills that are alike in everything."""
    rows: list[dict[str, Any]] = []
    at = begins + timedelta(hours=1)
    while at < min(until, venue.over(market)):
        price = tick(venue.chance(market, at))
        digest = hashlib.sha256(f"{market.number} {at.isoformat()}".encode()).hexdigest()
        row = {
            "proxy_wallet": f"0xwallet{market.number % 5}", "side": "BUY", "token_id": market.tokens[0], "condition_id": market.condition,
            "size": 40 + market.number % 9, "price": price, "timestamp": int(at.timestamp()), "transaction_hash": f"0x{digest}",
        }  # fmt: skip
        rows += [row, row]
        at += timedelta(hours=6)
    return json.dumps({"data": rows, "pagination": {"has_more": False}})


def interest(market: Market) -> str:
    return json.dumps({"data": [{"condition_id": market.condition, "value": 1234.5 + market.number}]})


def resolution(venue: Venue, market: Market, at: datetime) -> dict[str, Any]:
    """What the resolution service says: nothing, a proposal, a dispute, or payouts."""
    proposed, closes = venue.over(market), venue.closes(market)
    over = at >= (final := venue.settles(market))
    said = (
        "resolved"
        if over
        else "disputed"
        if at >= closes
        else "proposed"
        if at >= proposed
        else "initialized"
    )
    return {
        "condition_id": market.condition, "status": said, "was_disputed": at >= closes and market.course == DISPUTED,
        "new_version_q": market.course == RULES_CHANGED, "proposed_price": "69" if said == "initialized" else "1", "reproposed_price": "69",
        "payouts": PAYOUTS[market.outcome] if over else [], "resolved_at": final.strftime("%Y-%m-%dT%H:%M:%SZ") if over else None,
        "last_update_timestamp": str(int(proposed.timestamp())),
        "transaction_hash": f"0x{hashlib.sha256(market.condition.encode()).hexdigest()}" if over else "", "log_index": "7" if over else "",
    }  # fmt: skip


def book(venue: Venue, market: Market, at: datetime) -> dict[str, Any]:
    """The book of outcome 0, with the hash that the service would give it."""
    price = tick(venue.chance(market, at))
    body = {
        "market": market.condition, "asset_id": market.tokens[0], "timestamp": str(int(at.timestamp() * 1000)), "hash": "",
        "bids": sides(price, -1), "asks": sides(price, 1), "min_order_size": "5", "tick_size": "0.01",
        "neg_risk": market.group is not None, "last_trade_price": f"{price:.2f}",
    }  # fmt: skip
    compact = json.dumps({field: body[field] for field in HASHED}, separators=(",", ":"))
    return body | {"hash": hashlib.sha1(compact.encode(), usedforsecurity=False).hexdigest()}


def sides(price: float, sign: int) -> list[dict[str, str]]:
    """Levels of a side, the best one last; none outside a cent and 99."""
    cents = [round(price * 100) + sign * away for away in (3, 2, 1)]
    return [{"price": f"{cent / 100:.2f}", "size": "150.5"} for cent in cents if 0 < cent < 100]
