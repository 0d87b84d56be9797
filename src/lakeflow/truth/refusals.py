"""What is refused of the params of datasets.yaml before anything runs: numbers that no market can meet, and words that nobody reads."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from lakeflow.market.refusals import of_ticks
from lakeflow.truth.rules import PRINTED, Thresholds

FAST, SLOW = 10, 120  # the windows of volatility that k1 and k2 compare
NAMES = dict(zip(Thresholds._fields, ("B", "S", "k1", "k2", "E"), strict=True))
ENTRY = "five numbers [B, S, k1, k2, E]"
BUCKETS = ("0", "2", "4", "6+", "na")  # of days to expiry
UNDATED = ("na",)  # futures and shares have none
LEAST = {"cooldown_s": 0, "min_dur_s": 0, "merge_gap_s": -1}  # -1: events are never merged
UNBOUNDED = ("spread", "spread_back", "deviations")  # all other numbers with a point are shares
TIGHTER = {  # the entry lies beyond the exit, or an event would end as it begins
    "vacuum": (("depth", "depth_back"), ("spread_back", "spread")),
    "chop": (("er_enter", "er_exit"), ("q_rv", "q_rv_exit")),
    "past": (("min_sessions", "sessions"),),
}
GRID = {
    "max_stale_s": 0,
    "max_gap_s": 1,
}  # 0: a state is told of the second in which it was seen, and of no other
TRUTH = {"draws": (1, 1_000_000), "conf": (0, 1), "min_n": (1, 1_000_000), "min_days": (2, 10_000)}


def of_events(params: Mapping[str, Any]) -> list[str]:
    """All that is wrong with the params of a stage that finds events, each with where, what was expected and what was found."""
    return [
        *of_table(params.get("bursts", {}), UNDATED),
        *of_entry("burst_fallback_ticks", params.get("burst_fallback_ticks", [])),
        *(fault for name in PRINTED._fields if name in params for fault in of_group(name, params[name])),
        *of_clocks(params),
    ]


def of_grid(params: Mapping[str, Any]) -> list[str]:
    """The same of a stage that lays tables on seconds, or hides some of them."""
    return [
        *(
            f"{name}: expected a whole number of seconds, {least} or more, found {params[name]!r}"
            for name, least in GRID.items()
            if name in params and (type(params[name]) is not int or params[name] < least)
        ),
        *of_ticks(params),
    ]


def of_truth(params: Mapping[str, Any]) -> list[str]:
    """The same of a stage that makes truth tables."""
    return [
        f"{name}: expected a number between {least} and {most}, found {params[name]}"
        for name, (least, most) in TRUTH.items()
        if name in params and not (least < params[name] < most or (name != "conf" and params[name] == least))
    ]


def of_table(table: Any, buckets: Sequence[str] = BUCKETS) -> Iterator[str]:
    """Thresholds by underlying and bucket of days to expiry."""
    if not isinstance(table, Mapping):
        yield f"bursts: expected a map of underlyings, found {table!r}"
        return
    for underlying, entries in table.items():
        where = f"bursts: {underlying}"
        if not isinstance(underlying, str) or not isinstance(entries, Mapping) or not entries:
            yield f"{where}: expected an underlying with a map of buckets ({{na: {ENTRY[13:]}}}), found {entries!r}"
            continue
        for bucket, entry in entries.items():
            if bucket not in buckets:
                yield f"{where}: expected buckets of {sorted(buckets)} (quote numbers; na for futures and shares), found {bucket!r}"
            yield from of_entry(f"{where}: {bucket}", entry)


def of_entry(where: str, entry: Any) -> Iterator[str]:
    if not isinstance(entry, Sequence) or isinstance(entry, str) or len(entry) != len(NAMES):
        yield f"{where}: expected {ENTRY}, found {entry!r}"
        return
    bad = [
        f"{name} {value!r}"
        for name, value in zip(NAMES.values(), entry, strict=True)
        if not is_above_0(value)
    ]
    if bad:
        yield f"{where}: expected {ENTRY}, each above 0, found {', '.join(bad)}"
        return
    rule = Thresholds(*entry)
    yield from of_thresholds(where, rule)
    if rule.end > rule.move or rule.step > rule.move:
        yield (
            f"{where}: expected S and E of at most B = {rule.move}: a step is part of the move, and a burst ends calmer than it "
            f"began, found S = {rule.step}, E = {rule.end}; lower them"
        )


def of_thresholds(where: str, rule: Thresholds) -> Iterator[str]:
    bound = math.sqrt(SLOW / FAST)
    if rule.enter >= bound:
        yield (
            f"{where}: expected k1 below sqrt({SLOW // FAST}) = {bound:.4f}, the most that rv_10s / rv_120s can be, "
            f"found {rule.enter}; no burst could ever be found: lower it"
        )
    if rule.leave >= rule.enter:
        yield (
            f"{where}: expected k2 below k1 = {rule.enter}, so that a burst ends calmer than it began, found {rule.leave}; "
            "lower it"
        )


def is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def is_above_0(value: Any) -> bool:
    return is_number(value) and value > 0


def of_group(name: str, given: Any) -> Iterator[str]:
    """One map of numbers; what it does not say is as printed."""
    usual = getattr(PRINTED, name)
    if not isinstance(given, Mapping):
        yield f"{name}: expected a map, found {given!r}"
        return
    unknown = sorted(str(key) for key in given if key not in usual._fields)
    if unknown:
        yield f"{name}: expected some of {sorted(usual._fields)}, found {', '.join(unknown)}"
    known = {key: given[key] for key in usual._fields if key in given}
    bad = [
        fault
        for key, value in known.items()
        for fault in of_number(f"{name}: {key}", getattr(usual, key), value)
    ]
    yield from bad
    if not bad:
        yield from of_order(name, usual._replace(**known))


def of_number(where: str, usual: Any, value: Any) -> Iterator[str]:
    key = where.rpartition(" ")[2]
    if isinstance(usual, int):
        if type(value) is not int or value < LEAST.get(key, 1):
            yield f"{where}: expected a whole number of {LEAST.get(key, 1)} or more, found {value!r}"
    elif key in UNBOUNDED:
        if not is_above_0(value):
            yield f"{where}: expected a number above 0, found {value!r}"
    elif not is_number(value) or not 0 <= value <= 1:
        yield f"{where}: expected a share from 0 to 1, found {value!r}"


def of_order(name: str, rule: Any) -> Iterator[str]:
    for less, more in TIGHTER.get(name, ()):
        low, high = getattr(rule, less), getattr(rule, more)
        if not (low < high or (name == "past" and low == high)):
            yield f"{name}: expected {less} below {more} = {high}, found {low}"


def of_clocks(params: Mapping[str, Any]) -> Iterator[str]:
    """Parts of the day start at different times of a zone that there is."""
    if "tod_zone" in params:
        try:
            ZoneInfo(params["tod_zone"])
        except (KeyError, ValueError, OSError):
            yield f"tod_zone: expected a time zone such as America/New_York, found {params['tod_zone']!r}"
    for name in ("tod", "tod3"):
        if name in params:
            yield from of_parts(name, params[name])


def of_parts(name: str, parts: Mapping[str, str]) -> Iterator[str]:
    try:
        starts = sorted((time.fromisoformat(text), part) for part, text in parts.items())
    except (TypeError, ValueError):
        yield f'{name}: expected times such as "09:30" (quoted), found {dict(parts)!r}'
        return
    if not starts:
        yield f"{name}: expected at least one part of the day, found none"
    for (one, first), (other, second) in pairwise(starts):
        if one == other:
            yield f"{name}: expected parts of the day that start at different times, found {first} and {second} at {one:%H:%M}"
