"""Regimes: what kind of market each second was in, as it was known then and as it turned out."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Bools, Floats, Ints
from lakeflow.truth.events import Events
from lakeflow.truth.returns import log_returns

CODES = {"normal": 0, "chop": 1, "flicker": 2, "burst": 3, "fear": 4, "vacuum": 5, "invalid": 9}
# From the weakest to the strongest: each covers those before it.
ORDER = ("chop", "flicker", "vacuum", "fear", "burst")
TREND_S = 900


def regime_rt(events: Mapping[str, Events], invalid: Bools) -> Ints:
    """Only what was known at the end of the second: a feature."""
    return _layered({kind: each.active != 0 for kind, each in events.items()}, invalid)


def regime_final(events: Mapping[str, Events], invalid: Bools) -> Ints:
    """From each origin to each end, known later: describes, and is no feature."""
    return _layered({kind: _spans(each, len(invalid)) for kind, each in events.items()}, invalid)


def _layered(masks: Mapping[str, Bools], invalid: Bools) -> Ints:
    codes = np.zeros(len(invalid), np.int64)
    for kind in (kind for kind in ORDER if kind in masks):
        codes[masks[kind]] = CODES[kind]
    codes[invalid] = CODES["invalid"]
    return codes


def _spans(events: Events, rows: int) -> Bools:
    steps = np.zeros(rows + 1, np.int64)
    np.add.at(steps, events.t0, 1)
    np.add.at(steps, events.t_end + 1, -1)
    return np.cumsum(steps[:rows]) > 0


class Terciles(NamedTuple):
    """One and two thirds of the volatility of the same slot in earlier sessions."""

    low: Floats
    high: Floats


def vol_regime(vol: Floats, terciles: Terciles) -> pl.Series:
    """Low, mid or high; null where it or what is usual is not known."""
    places = 2 - (vol <= terciles.low) - (vol <= terciles.high).astype(np.int64)
    return _named(("low", "mid", "high"), places, np.isnan(vol + terciles.low + terciles.high))


def trend_regime(mid: Floats, vol: Floats, times: float = 1.5) -> pl.Series:
    """Up or down beyond so many deviations of 900 seconds, else flat; null where not known."""
    moved = log_returns(mid, TREND_S)
    far = np.abs(moved) > times * vol * np.sqrt(TREND_S)
    return _named(("down", "flat", "up"), 1 + np.where(far, np.sign(moved), 0), np.isnan(moved + vol))


def _named(names: Sequence[str], places: Floats | Ints, unknown: Bools) -> pl.Series:
    known = np.where(unknown, 0, places).astype(np.uint32)
    return pl.Series(names, dtype=pl.String).gather(pl.Series(known)).set(pl.Series(unknown), None)


def gap_regime(opened: float, closed: float, daily: Floats) -> str | None:
    """Up or down where the open lies more than a deviation of the last twenty days' returns from the close before it."""
    if len(daily) < 20 or not opened > 0 or not closed > 0:
        return None
    gap = np.log(opened / closed) / np.std(daily[-20:], ddof=1)
    return "flat" if not abs(gap) > 1 else ("up" if gap > 0 else "down")
