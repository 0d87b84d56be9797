"""What events are found by: every number that datasets.yaml may set, with its default. Light: a check of the wiring imports it."""

from typing import NamedTuple


class Thresholds(NamedTuple):
    """Of bursts: `move` over the lookback, `step` in one second and `end`, in points; `enter` and `leave` are ratios of volatility."""

    move: float
    step: float
    enter: float
    leave: float
    end: float


class Burst(NamedTuple):
    """How the thresholds of bursts are applied: `step_s` are the last seconds that may hold the leap, `end_s` those of the calm."""

    lookback_s: int = 10
    step_s: int = 3
    end_s: int = 5
    exit_hold_s: int = 3
    min_dur_s: int = 3
    cooldown_s: int = 10
    merge_gap_s: int = 5
    max_dur_s: int = 300
    max_gap_s: int = 5
    min_cov: float = 0.8


class Shares(NamedTuple):
    """Shares of the depth at the second's start, and of the median depth below which a change is no event.

    Rates, snapbacks and flicker look back `window_s`.
    """

    drop: float = 0.35
    rise: float = 0.25
    fills: float = 0.05
    least: float = 0.5
    window_s: int = 30


class Flicker(NamedTuple):
    """How many of each within the window of `Shares`."""

    pulls: int = 5
    replenishes: int = 5
    spread_changes: int = 10
    exit_hold_s: int = 5
    max_gap_s: int = 5


class Vacuum(NamedTuple):
    """Ratios to what is usual, to enter and to leave, and how long the entry must hold."""

    depth: float = 0.4
    spread: float = 2.0
    depth_back: float = 0.7
    spread_back: float = 1.3
    hold_s: int = 2
    exit_hold_s: int = 5
    min_dur_s: int = 2
    cooldown_s: int = 10
    max_gap_s: int = 5


class Fear(NamedTuple):
    """A fall over `window_s` beyond `deviations` of its volatility, `sold` of the lots sold; over at `exit_frac` of the fall."""

    window_s: int = 30
    deviations: float = 2.0
    sold: float = 0.65
    hold_s: int = 3
    exit_frac: float = 0.5
    exit_hold_s: int = 5
    max_s: int = 300
    max_gap_s: int = 5


class Chop(NamedTuple):
    """`er` is the share of the way gone in `er_s` that was gained; `q_...` are quantiles of the same time of earlier sessions."""

    min_s: int = 60
    er_s: int = 300
    er_enter: float = 0.15
    er_exit: float = 0.30
    q_rv: float = 0.25
    q_rv_exit: float = 0.40
    q_vol: float = 0.25
    q_spread: float = 0.50
    exit_hold_s: int = 10
    max_gap_s: int = 60


class Past(NamedTuple):
    """How many earlier sessions count, under how many nothing is said, and how long a time of day is."""

    sessions: int = 20
    min_sessions: int = 5
    slot_s: int = 900


class Rules(NamedTuple):
    """What is the same for every session."""

    burst: Burst = Burst()
    liquidity: Shares = Shares()
    flicker: Flicker = Flicker()
    vacuum: Vacuum = Vacuum()
    fear: Fear = Fear()
    chop: Chop = Chop()
    past: Past = Past()


PRINTED = Rules()
