"""How long the buckets of a price history are, where neither the request nor the points say it: never shorter than they can be."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from lakeflow.vendors.polymarket import faults
from lakeflow.vendors.polymarket.amounts import count
from lakeflow.vendors.polymarket.instants import SECOND, BadInstant, instant
from lakeflow.vendors.polymarket.needed import Refused

LONGEST = 366 * 86_400  # seconds of a bucket
MINUTE = 60
SPACING = "spacing_s"


def with_spacing(params: Any, items: Sequence[Any], observed: int) -> Any:
    """The request, and how far its points lie apart: of closed markets a service answers in longer buckets than were asked for.

    Points lie a bucket apart or more, so that a price is known no later than this says; the middle one of the distances is
    taken, since the last point may be of the bucket that was just begun. A point alone is known since it was fetched.
    """
    if not isinstance(params, Mapping):
        return params
    times = sorted({at for item in items if (at := seconds_of(item)) is not None})
    apart = sorted(later - earlier for earlier, later in pairwise(times))
    if params.get("fidelity") not in (None, ""):
        return {**params, SPACING: nearest(apart[len(apart) // 2])} if apart else params
    if not apart and times:
        return {**params, SPACING: max(MINUTE, -(-observed // SECOND) - times[0])}
    return {**params, SPACING: -(-apart[len(apart) // 2] // MINUTE) * MINUTE} if apart else params


def seconds_of(item: Any) -> int | None:
    """When a point is of, in whole seconds; None of what is no point."""
    try:
        found = instant(item["t"])
    except (BadInstant, LookupError, TypeError, ValueError):
        return None
    return None if found is None else found // SECOND


def length(params: Mapping[str, Any]) -> int:
    """The seconds of a bucket: the larger of what the request says in minutes and of how far its points lie apart."""
    if params.get("fidelity") in (None, ""):
        return bucket(params[SPACING] if SPACING in params else params["fidelity"], 1)
    return max(bucket(params["fidelity"], MINUTE), bucket(params.get(SPACING, 0), 1))


def nearest(seconds: int) -> int:
    """The whole minutes that are meant by a distance: points of a bucket each come some seconds early or late."""
    return (seconds + MINUTE // 2) // MINUTE * MINUTE


def bucket(value: Any, unit: int) -> int:
    """The seconds of a history's bucket."""
    found = unit * count(value)
    if found > LONGEST:
        raise Refused(faults.BAD_AMOUNT, f"expected a bucket of up to {LONGEST} seconds, found {found}")
    return found
