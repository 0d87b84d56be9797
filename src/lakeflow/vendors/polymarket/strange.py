"""What a market says in words or shapes never seen before: its row is kept, and names them, so that nothing is lost over them."""

from collections.abc import Iterator, Mapping
from typing import Any

from lakeflow.vendors.polymarket.arrays import unlike_any

KNOWN = {
    "umaResolutionStatus": frozenset({"", "requested", "proposed", "disputed", "resolved", "settled"}),
    "resolutionStatus": frozenset({"", "inactive", "active", "resolved"}),  # of the second protocol
    "version": frozenset({"", "v1", "v2"}),
}
TEXTS = (
    "question",
    "slug",
    "category",
    "groupItemTitle",
    "umaResolutionStatus",
    "resolutionStatus",
    "version",
)
CLAIMS = ("active", "closed", "archived", "acceptingOrders", "negRisk")
LISTS = ("events", "tags")


def strange(item: Mapping[str, Any], outcomes: list[Any] | None) -> Iterator[str]:
    """Every word and shape of a market that nobody knew when this was written."""
    for field, words in KNOWN.items():
        if (said := str(item.get(field) or "")) not in words:
            yield f"{field}={said}"
    if outcomes is not None and len(outcomes) != 2:
        yield f"outcomes={len(outcomes)}"
    yield from unlike("outcomes", outcomes, str)
    yield from unlike_any(item)
    for field in LISTS:
        found = item.get(field) or []
        yield from unlike(field, found, Mapping) if isinstance(found, list) else [named(field, found)]
    for fields, kind in ((TEXTS, str), (CLAIMS, bool)):
        yield from (
            named(field, item[field]) for field in fields if not isinstance(item.get(field), kind | None)
        )


def unlike(field: str, found: list[Any] | None, kind: type) -> set[str]:
    """The types of the items of a list that are of another one."""
    return {named(f"{field}[]", each) for each in found or [] if not isinstance(each, kind)}


def named(field: str, value: Any) -> str:
    return f"{field}:{type(value).__name__}"
