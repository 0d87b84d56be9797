"""The one machine that finds events in a session: when each begins, is known to, peaks, ends, and is known to have ended."""

from typing import Any, NamedTuple

import numpy as np

from lakeflow.truth.arrays import Bools, Floats, Ints, plain
from lakeflow.truth.compiled import kernel, piece

CALM, GAP, MAX_DUR, SESSION_END, HALT = range(5)
REASONS = ("calm", "gap", "max_dur", "session_end", "halt")
T0, DETECT, PEAK, END, CONFIRM, DIRECTION, REASON = range(7)
LONG_AGO = -(1 << 40)


class Signals(NamedTuple):
    """What the rules say at the end of every second, from that second and those before it alone."""

    enter: Bools
    direction: Ints  # 1 up, -1 down, 0 for what has none
    origin: Ints  # where an event that is found now began
    calm: Bools
    level: Floats  # the peak is where this, times the direction, is highest
    age: Ints  # seconds since the market was last seen
    halted: Bools


class Limits(NamedTuple):
    """Seconds. `cooldown` counts from the confirmation; an event that resumes within `merge_gap` of its end is the same."""

    exit_hold: int = 3
    min_dur: int = 0
    cooldown: int = 0
    merge_gap: int = -1
    max_dur: int = 1 << 40
    max_gap: int = 1 << 40


class Events(NamedTuple):
    """One item an event, in seconds of the session, t0 <= t_detect <= t_confirm and t0 <= t_peak <= t_end.

    `t_detect` is the only stamp that a trading label may use. `active`, one item a second, is what was known then.
    """

    t0: Ints
    t_detect: Ints
    t_peak: Ints
    t_end: Ints
    t_confirm: Ints
    direction: Ints
    reason: Ints
    active: Ints


def find(signals: Signals, limits: Limits) -> Events:
    """Every event of a session, however many: the first pass counts them, the second tells them."""
    given = Signals(*map(plain, signals))
    active = np.zeros(len(signals.enter), np.int64)
    count = walk(given, limits, active, np.zeros((0, 7), np.int64))
    rows = np.zeros((count, 7), np.int64)
    walk(given, limits, active, rows)
    t0, detect, peak, end, confirm, direction, reason = rows.T.copy()
    return Events(t0, detect, peak, end, confirm, direction, reason, active)


def held(condition: Bools, seconds: int) -> Bools:
    """True from the second on in which the condition has been true so many seconds in a row."""
    places = np.arange(len(condition))
    last_false = np.maximum.accumulate(np.where(condition, -1, places))
    held: Bools = condition & (places - last_false >= seconds)
    return held


@kernel
def walk(signals: Any, limits: Any, active: Any, out: Any) -> int:
    # on: an event goes on · calm: since when it has been calm, -1 if it is not · again: it may resume
    count, on, calm, again = 0, False, -1, False
    t0, detect, way, end, confirm = 0, 0, 0, -1, LONG_AGO
    for t in range(len(signals.enter)):
        if not on and signals.enter[t] and not signals.halted[t]:
            same = again and signals.direction[t] == way and signals.origin[t] - end <= limits.merge_gap
            if same and t - t0 < limits.max_dur:
                count, on, calm = count - 1, True, -1
            elif t > confirm + limits.cooldown:
                t0, detect, way = max(signals.origin[t], end + 1), t, signals.direction[t]
                on, calm = True, -1
        elif on:
            calm = (t if calm < 0 else calm) if signals.calm[t] and t - t0 >= limits.min_dur else -1
            reason, over = closing(signals, limits, t, t0, calm)
            if reason >= 0:
                end, confirm, again, on = over, t, reason == CALM, False
                tell(signals, out, count, (t0, detect, end, confirm, way, reason))
                count += 1
        active[t] = (1 if way == 0 else way) if on else 0
    if on:
        last = len(signals.enter) - 1
        tell(signals, out, count, (t0, detect, last, last, way, SESSION_END))
        count += 1
    return count


@piece
def closing(signals: Any, limits: Any, t: Any, t0: Any, calm: Any) -> Any:
    """Why an event closes in this second and where it ended; -1 while it goes on."""
    if signals.halted[t]:
        return HALT, t - 1
    if signals.age[t] > limits.max_gap:
        return GAP, max(t - signals.age[t], t0)
    if calm >= 0 and t - calm + 1 >= limits.exit_hold:
        return CALM, calm
    if t - t0 >= limits.max_dur:
        return MAX_DUR, t
    return -1, t


@piece
def tell(signals: Any, out: Any, place: Any, event: Any) -> None:
    t0, detect, end, confirm, way, reason = event
    if place >= len(out):
        return
    peak = t0
    for t in range(t0, end + 1):
        here, best = signals.level[t], signals.level[peak]
        higher = here < best if way < 0 else here > best
        if higher or (np.isnan(best) and not np.isnan(here)):
            peak = t
    out[place, T0], out[place, DETECT], out[place, PEAK] = t0, detect, peak
    out[place, END], out[place, CONFIRM] = end, confirm
    out[place, DIRECTION], out[place, REASON] = way, reason
