"""The terms of trading a market as the book service lists them, in its one-letter names: its tokens, tick, least order and fees."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.amounts import count, price
from lakeflow.vendors.polymarket.needed import Refused, condition, need, positive, token, truth


class Terms(NamedTuple):
    """How a market can be traded; tokens and outcomes by place."""

    condition_id: str
    token_ids: list[str]
    outcomes: list[str]
    tick: int
    least_size: int | None
    maker_fee_bps: int
    taker_fee_bps: int
    neg_risk: bool
    accepting_orders: bool


def terms(item: Any, _: Mapping[str, Any]) -> Terms:
    """The terms of one market."""
    sides = item["t"]
    if not isinstance(sides, list):
        raise Refused(faults.BAD_ARRAY, f"expected a list of tokens, found {type(sides).__name__}")
    return Terms(
        condition(item["c"]), [token(side["t"]) for side in sides], [str(side["o"]) for side in sides], need(price(item["mts"])),
        None if item.get("mos") is None else positive(item["mos"]), count(item.get("mbf") or 0), count(item.get("tbf") or 0),
        truth(item.get("nr")), truth(item.get("ao")),
    )  # fmt: skip
