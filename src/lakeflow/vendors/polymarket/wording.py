"""Words, claims and ids of a market, whatever shape they are sent in."""

import json
from collections.abc import Mapping
from typing import Any

V2_STATUS = "resolutionStatus"
IDENTIFIED = (str, int)
NO_GAME = (None, "0")


def words(value: Any) -> str | None:
    """A text, or None where there is nothing to read; of an object or a list its JSON, and strange() names it."""
    if value is None or value == "":
        return None
    return json.dumps(value, sort_keys=True) if isinstance(value, Mapping | list) else str(value)


def spelt(value: Any) -> str | None:
    """A word of a fixed few, however it is spelt."""
    found = words(value)
    return None if found is None else found.strip().lower() or None


def claim(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; of what is no list there are none, and strange() names it."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def slugs(tags: Any) -> list[str]:
    """The slugs of tags that are objects, as they mostly are, or slugs themselves."""
    texts = [each for each in tags if isinstance(each, str) and each] if isinstance(tags, list) else []
    return sorted({*texts, *(str(each["slug"]) for each in objects(tags) if each.get("slug"))})


def event_ids(events: Any) -> list[str]:
    """The ids of events that are objects, as they mostly are, or ids themselves."""
    bare = [each for each in events if is_id(each)] if isinstance(events, list) else []
    return sorted({*map(str, bare), *(str(each["id"]) for each in objects(events) if each.get("id"))})


def is_id(value: Any) -> bool:
    return isinstance(value, IDENTIFIED) and not isinstance(value, bool) and value != ""


def of_events(events: Any, field: str) -> list[str]:
    """What the events of a market say in one field."""
    return sorted({str(each[field]) for each in objects(events) if is_id(each.get(field))})


def status(item: Mapping[str, Any]) -> str | None:
    """How far a resolution is: by the oracle's word, which markets of the second protocol have none of, else by theirs."""
    return spelt(item.get("umaResolutionStatus")) or spelt(item.get(V2_STATUS))


def game(item: Mapping[str, Any]) -> str | None:
    """The game that a market is about: its own word, else that of its events where they name one and no other."""
    named = [each for each in of_events(item.get("events"), "gameId") if each not in NO_GAME]
    own = words(item.get("gameId"))
    return own if own not in NO_GAME else named[0] if len(named) == 1 else None
