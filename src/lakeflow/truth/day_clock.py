"""Times of day: which part of the day each second of a session is in, by a wall clock."""

from collections.abc import Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

DAY_S = 86_400


def times_of_day(opened: datetime, rows: int, zone: str, starts: Mapping[str, str]) -> pl.Series:
    """`starts` says from when on each part is (`open: "09:30"`); the last of the day goes on to the first of the next."""
    local = opened.astimezone(ZoneInfo(zone))
    since_open = {name: (seconds(name, text) - of_day(local.time())) % DAY_S for name, text in starts.items()}
    order = sorted(since_open, key=since_open.__getitem__)
    edges = np.array([since_open[name] for name in order], np.int64)
    if not len(edges) or len(set(edges.tolist())) < len(edges):
        raise ValueError(
            f"tod: expected parts of the day that start at different times, found {dict(starts)}"
        )
    places = np.searchsorted(edges, np.arange(rows), side="right") - 1
    return pl.Series("tod_bucket", order, dtype=pl.String).gather(pl.Series(places % len(order)))


def seconds(name: str, text: str) -> int:
    try:
        return of_day(time.fromisoformat(text))
    except ValueError as error:
        raise ValueError(f"tod: {name}: expected a time such as 09:30, found {text}") from error


def of_day(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second
