"""What a market that is over pays, in millionths: as its payouts say, as the oracle's price does, or as the flags of its winners do."""

from collections.abc import Mapping, Sequence
from typing import Any

from lakeflow.vendors.polymarket.amounts import UNSET, amount, array, count, decimal, number
from lakeflow.vendors.polymarket.fields import Fields
from lakeflow.vendors.polymarket.needed import truth

WHOLE, HALF = 1_000_000, 500_000
OVER = "resolved"
BY_PRICE = {WHOLE: [WHOLE, 0], HALF: [HALF, HALF], 0: [0, WHOLE]}
GROUPED = "NEGRISK"  # in the type of a market of a group of which one wins: the contract takes no half of it


def of_service(of: Fields, status: str) -> list[int] | None:
    """The payouts of a row of the resolution service; of an older row, which has none, what follows from its price."""
    told = array(of.item.get("payouts"))
    if told:
        return in_millionths([count(each) for each in told])
    return by_price(of) if status == OVER else None


def in_millionths(told: list[int]) -> list[int]:
    """Payouts; of numerators, of which none is above 1, their shares."""
    return [each * WHOLE // sum(told) for each in told] if sum(told) and max(told) == 1 else told


def by_price(of: Fields) -> list[int] | None:
    """What the oracle's final price pays; the one that says that it is too early pays nothing."""
    final = of.read("price", oracle_price)
    if final == HALF and GROUPED in str(of.item.get("market_type")).upper():
        return None
    return None if final is None else BY_PRICE.get(final)


def by_flags(
    item: Mapping[str, Any], tokens: Sequence[Mapping[str, Any]], won: list[bool]
) -> list[int] | None:
    """What the flags of two or more tokens pay: a dollar for the only winner, half of it each for two of which none or both won.

    Two that nobody won yet look like the latter, but for their prices and as long as orders are taken.
    """
    if sum(won) == 1:
        return [WHOLE if each else 0 for each in won]
    is_over = truth(item.get("closed")) and not item.get("accepting_orders") and not item.get("neg_risk")
    if not is_over or len(won) != 2:
        return None
    unsaid = (HALF, None) if all(won) else (HALF,)
    return [HALF, HALF] if all(number(each.get("price")) in unsaid for each in tokens) else None


def oracle_price(value: Any) -> int | None:
    """A price as millionths, from a decimal or from the oracle's 18 digits; what is neither is none, nor is its sentinel."""
    found = decimal(value)
    if found is None or str(value) == UNSET:
        return None
    whole = found / 10**18 if abs(found) > 10**9 else found
    return amount(whole) if 0 <= whole <= 1 else None
