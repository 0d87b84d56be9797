"""OrderFilled events of the chain: one for each maker of a match and one for its taker, told apart so that volume is there once."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.amounts import count
from lakeflow.vendors.polymarket.instants import instant
from lakeflow.vendors.polymarket.needed import Refused, need, token

COLLATERAL, WHOLE = "0", 1_000_000
V1 = ("0x4bfb41d5b3570defd03c39a9a4d8de6bd8b8982e", "0xc5d563a36ae78145c45a50134d48a1215220f80a")
V2 = ("0xe111180000d2663c0091e4f400237545b87b996b", "0xe2222d279d744050d28e00520010520000310f59")
SIDES = {"0": "BUY", "1": "SELL", "BUY": "BUY", "SELL": "SELL"}


class Fill(NamedTuple):
    """What the owner of an order paid and got; the taker's leg is against the exchange itself."""

    fill_id: str
    transaction: str
    token_id: str
    ts_event: int
    side: str
    price: int
    size: int
    paid: int
    wallet: str
    is_taker_leg: bool
    protocol: str


def fill(item: Any, _: Mapping[str, Any]) -> Fill:
    """An event of either protocol: the first says the side by which asset the owner gave, the second outright."""
    gave, got = token(item.get("makerAssetId")), token(item.get("takerAssetId"))
    if not item.get("id"):
        raise Refused(faults.NO_ID, "a fill has an id")
    if (gave == COLLATERAL) == (got == COLLATERAL):
        raise Refused(faults.BAD_TOKEN_ID, "a fill is of a token against money, expected one asset 0")
    amounts = {gave: count(item["makerAmountFilled"]), got: count(item["takerAmountFilled"])}
    traded = got if gave == COLLATERAL else gave
    paid, size = amounts[COLLATERAL], amounts[traded]
    if not 0 <= paid <= size or not size:
        raise Refused(faults.PRICE_RANGE, f"{paid} for {size}")
    price = int((Decimal(paid) * WHOLE / size).to_integral_value(ROUND_HALF_EVEN))
    taker = str(item.get("taker") or "").lower()
    return Fill(
        str(item["id"]).lower(), str(item["transactionHash"]).lower(), traded, need(instant(item["timestamp"])), side(item, gave), price,
        size, paid, str(item.get("maker") or "").lower(), taker in {*V1, *V2}, "v2" if item.get("side") not in (None, "") else "v1",
    )  # fmt: skip


def side(item: Any, gave: str) -> str:
    """What the owner of the order did."""
    said = item.get("side")
    if said in (None, ""):
        return "BUY" if gave == COLLATERAL else "SELL"
    if str(said) not in SIDES:
        raise Refused(faults.BAD_AMOUNT, f"expected side 0 or 1, found {said}")
    return SIDES[str(said)]
