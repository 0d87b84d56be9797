"""What a market says in words or shapes never seen before: its row is kept, and what was strange about it is named there."""

from collections.abc import Iterator, Mapping
from typing import Any

from lakeflow.vendors.polymarket.fees import odd_fees
from lakeflow.vendors.polymarket.wording import V2_STATUS, spelt

KNOWN = {
    "umaResolutionStatus": frozenset({"", "requested", "proposed", "disputed", "resolved", "settled"}),
    V2_STATUS: frozenset({"", "inactive", "active", "resolved"}),
    "version": frozenset({"", "v1", "v2"}),
}
CLAIMS = (
    "active",
    "closed",
    "archived",
    "acceptingOrders",
    "negRisk",
    "feesEnabled",
    "automaticallyResolved",
)
TEXTS = (
    "slug", "question", "description", "category", "groupItemTitle", "groupItemThreshold", "negRiskMarketID", "sportsMarketType", "gameId",
    "feeType", *KNOWN,
)  # fmt: skip
LISTED = {"events": "id", "tags": "slug"}


def strange(item: Mapping[str, Any], arrays: Mapping[str, list[Any] | None]) -> Iterator[str]:
    """Each field that is not as it was ever seen, with what it is or says."""
    outcomes, tokens = arrays["outcomes"], arrays["clobTokenIds"]
    for field, known in KNOWN.items():
        if (spelt(item.get(field) or None) or "") not in known:
            yield f"{field}={item[field]}"
    if outcomes is not None and len(outcomes) != 2:
        yield f"outcomes={len(outcomes)}"
    yield from {f"outcomes:{type(each).__name__}" for each in outcomes or [] if not isinstance(each, str)}
    yield from {f"clobTokenIds:{type(each).__name__}" for each in tokens or [] if not isinstance(each, str)}
    yield from odd_fees(item)
    for field, key in LISTED.items():
        yield from {f"{field}:{shape}" for shape in unlisted(item.get(field), key)}
    for field in CLAIMS:
        if not isinstance(item.get(field), bool | None):
            yield f"{field}:{type(item[field]).__name__}"
    for field in TEXTS:
        if isinstance(item.get(field), Mapping | list | bool):
            yield f"{field}:{type(item[field]).__name__}"


def unlisted(value: Any, key: str) -> Iterator[str]:
    """What is odd about a field that should be a list of objects with a key."""
    if not isinstance(value or [], list):
        yield type(value).__name__
        return
    for each in value or []:
        if not isinstance(each, Mapping):
            yield f"list of {type(each).__name__}"
        elif not each.get(key):
            yield f"no {key}"
