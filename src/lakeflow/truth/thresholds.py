"""Thresholds: of the configuration where it names the underlying, else quantiles of earlier sessions, which are said to be so."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from lakeflow.truth.arrays import Floats
from lakeflow.truth.bursts import checked
from lakeflow.truth.refusals import of_table
from lakeflow.truth.returns import change
from lakeflow.truth.rules import PRINTED, Burst, Past, Thresholds

ENTER, LEAVE = 1.8, 1.3
FUTURES = "na"  # the bucket of what has no days to expiry
BUCKETS = ((0, "0"), (2, "2"), (4, "4"))


class Chosen(NamedTuple):
    """`source` is config, auto or fallback."""

    rule: Thresholds
    source: str


class Automatic(NamedTuple):
    """What quantiles are taken of: mids of sessions before this one, oldest first; `fallback` stands in for too few."""

    earlier: Sequence[Floats]
    tick: float
    fallback: Thresholds
    past: Past = Past()
    how: Burst = Burst()


def bucket(dte_days: int | None) -> str:
    """The bucket of days to expiry; none are below 0."""
    if dte_days is None:
        return FUTURES
    return next((name for most, name in BUCKETS if dte_days <= most), "6+")


def thresholds(
    table: Mapping[str, Mapping[str, Sequence[float]]], underlying: str, dte: str, auto: Automatic
) -> Chosen:
    """The entry of the table, of which every other is held to the same rules; an underlying that has none is `auto`."""
    refuse(table)
    entry = table.get(underlying)
    if entry is None:
        chosen = automatic(auto)
        return chosen._replace(rule=checked(f"{underlying} ({chosen.source})", chosen.rule))
    if dte not in entry:
        raise ValueError(
            f"{underlying}: expected burst thresholds for {dte}, found {', '.join(sorted(entry))}"
        )
    return Chosen(Thresholds(*map(float, entry[dte])), "config")


def refuse(table: Mapping[str, Mapping[str, Sequence[float]]]) -> None:
    """Says all that is wrong in the table at once, whichever underlying is asked for."""
    if found := list(of_table(table)):
        raise ValueError("\n".join(found))


def automatic(auto: Automatic) -> Chosen:
    """From the last earlier sessions, never from too few, never from the session itself."""
    sessions = auto.earlier[-auto.past.sessions :]
    if len(sessions) < auto.past.min_sessions:
        return Chosen(auto.fallback, "fallback")
    move = max(4 * auto.tick, _quantile(sessions, auto.how.lookback_s, 0.995))
    step = max(auto.tick, _quantile(sessions, 1, 0.995))
    end = max(auto.tick, _quantile(sessions, auto.how.end_s, 0.75))
    return Chosen(Thresholds(move, step, ENTER, LEAVE, end), "auto")


def _quantile(sessions: Sequence[Floats], lag: int, share: float) -> float:
    moves = np.concatenate([np.abs(change(mid, lag)) for mid in sessions])
    known = moves[~np.isnan(moves)]
    return float(np.quantile(known, share)) if len(known) else 0.0


def of_slots(
    earlier: Sequence[Floats], shares: Sequence[float], rows: int, past: Past = PRINTED.past
) -> list[Floats]:
    """For every second, quantiles of its slot since the open over the last sessions; NaN where too few know it."""
    sessions, slot = earlier[-past.sessions :], past.slot_s
    parts = [[session[start : start + slot] for session in sessions] for start in range(0, rows, slot)]
    values = [_slot(each, shares, past.min_sessions) for each in parts]
    return list(np.repeat(np.array(values, np.float64), slot, axis=0)[:rows].T.copy())


def _slot(parts: Sequence[Floats], shares: Sequence[float], fewest: int) -> Floats:
    known = [seen for part in parts if len(seen := part[~np.isnan(part)])]
    if len(known) < fewest:
        return np.full(len(shares), np.nan)
    return np.asarray(np.quantile(np.concatenate(known), shares), np.float64)
