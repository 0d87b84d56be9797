"""What is refused of the params of scored forecasts before anything runs: draws that give no interval, waits that look ahead."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

MOST = 2**63 - 1
BORDERS = "tte_borders_s"
PLACES, PLACE = (
    ("condition_id", "slug"),
    re.compile(r"\{(\w*)\}"),
)  # what stands in an address for what of a market
BOUNDS = {"draws": (1, 1_000_000), "seed": (0, MOST), "embargo_s": (0, MOST)}


def of_sources(params: Mapping[str, Any]) -> list[str]:
    """What is wrong with the sources of labels: each is named once, or its place among the others would be two."""
    named = params.get("sources")
    if isinstance(named, list) and named and all(isinstance(each, str) and each for each in named):
        return [] if len(set(named)) == len(named) else [f"sources: expected each once, found {named}"]
    return [f"sources: expected names in the order in which they count, found {named!r}"]


def of_addresses(params: Mapping[str, Any]) -> list[str]:
    """What is wrong with the addresses of markets: nothing but an id or a name of a market can be put into one."""
    named = params.get("addresses")
    if not isinstance(named, list) or not all(isinstance(each, str) and each for each in named):
        return [f"addresses: expected addresses such as /markets/{{condition_id}}, found {named!r}"]
    strange = sorted({place for each in named for place in PLACE.findall(each)} - set(PLACES))
    return [f"addresses: expected {list(PLACES)} in braces, found {strange}"] if strange else []


def of_forecasts(params: Mapping[str, Any]) -> list[str]:
    """All that is wrong with how forecasts are scored and measured, each with what was expected and what was found."""
    borders = params.get(BORDERS, [])
    return [
        *(
            f"{name}: expected a whole number from {least} to {most}, found {params[name]!r}"
            for name, (least, most) in BOUNDS.items()
            if name in params and not is_whole(params[name], least, most)
        ),
        *(
            []
            if is_rising(borders)
            else [f"{BORDERS}: expected whole seconds above 0 that rise, found {borders!r}"]
        ),
    ]


def is_whole(value: Any, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def is_rising(borders: Any) -> bool:
    if not isinstance(borders, Sequence) or not all(is_whole(each, 1, MOST) for each in borders):
        return False
    return all(one < other for one, other in pairwise(borders))
