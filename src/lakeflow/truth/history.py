"""What is usual in a session, from the sessions before it: thresholds of bursts and quantiles of the same time of day."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth import stress
from lakeflow.truth.arrays import Floats
from lakeflow.truth.market import SIDES, Usual, floats, resting, volume_30s
from lakeflow.truth.regimes import Terciles, gap_regime
from lakeflow.truth.rules import PRINTED, Rules, Thresholds
from lakeflow.truth.thresholds import FUTURES, Automatic, Chosen, of_slots, thresholds

COLUMNS = (
    "mid", "vol_1s", "spread_ticks", "rv_30s", "rv_900s",
    *(f"depth_end_{side}_{band}" for side in SIDES for band in ("touch", "near")),
)  # fmt: skip


class Policy(NamedTuple):
    """`table` is by underlying and bucket: B, S, k1, k2 and E in points. `fallback_ticks` is the same in ticks."""

    table: Mapping[str, Mapping[str, Sequence[float]]]
    fallback_ticks: Sequence[float]
    bucket: str = FUTURES
    rules: Rules = PRINTED


class History(NamedTuple):
    """What the session is judged by, and from how many sessions, of at most twenty, it was taken."""

    usual: Usual
    burst: Chosen
    sessions: int
    gap: str | None


def sessions_of(earlier: pl.LazyFrame) -> list[pl.DataFrame]:
    """The columns that count of each session before, oldest first; of futures each is of the contract chosen for it."""
    whose = ["dt", *({"symbol"} & set(earlier.collect_schema().names()))]
    held = earlier.select(*whose, *COLUMNS).collect()
    return held.sort(whose, maintain_order=True).partition_by(whose, maintain_order=True)


def history(
    earlier: Sequence[pl.DataFrame], grid: pl.DataFrame, underlying: str, policy: Policy, *, symbol: str = ""
) -> History:
    """`symbol` is the session's own contract, where the earlier ones say whose they are."""
    tick, rules = float(grid["tick"][0]), policy.rules
    mids = [floats(session, "mid") for session in earlier]
    move, step, enter, leave, end = policy.fallback_ticks
    fallback = Thresholds(move * tick, step * tick, enter, leave, end * tick)
    auto = Automatic(mids, tick, fallback, rules.past, rules.burst)
    burst = thresholds(policy.table, underlying, policy.bucket, auto)
    days = [Day(whose(session, symbol), mid) for session, mid in zip(earlier, mids, strict=True)]
    opening = gap(days, Day(symbol, floats(grid, "mid")))
    known = min(len(earlier), rules.past.sessions)
    return History(usual(earlier, len(grid), burst, rules), burst, known, opening)


def usual(earlier: Sequence[pl.DataFrame], rows: int, burst: Chosen, rules: Rules) -> Usual:
    def slots(values: Sequence[Floats], *shares: float) -> list[Floats]:
        return of_slots(values, shares, rows, rules.past)

    def column(name: str) -> list[Floats]:
        return [floats(session, name) for session in earlier]

    chop = rules.chop
    still, still_exit = slots(column("rv_30s"), chop.q_rv, chop.q_rv_exit)
    quiet_spread, usual_spread = slots(column("spread_ticks"), chop.q_spread, 0.5)
    [traded] = slots([volume(session) for session in earlier], chop.q_vol)
    bid, ask = (slots([resting(session, "depth_end", side) for session in earlier], 0.5)[0] for side in SIDES)
    quiet = stress.Quiet(still, traded, quiet_spread, still_exit)
    return Usual(burst.rule, quiet, Terciles(*slots(column("rv_900s"), 1 / 3, 2 / 3)), bid, ask, usual_spread)


def volume(session: pl.DataFrame) -> Floats:
    return volume_30s(session).astype(np.float64)


class Day(NamedTuple):
    """The mids of one session of one contract."""

    symbol: str
    mid: Floats

    @property
    def known(self) -> Floats:
        return self.mid[~np.isnan(self.mid)]


def whose(session: pl.DataFrame, symbol: str) -> str:
    """The contract that a session was of; of shares, the share."""
    return str(session["symbol"][0]) if "symbol" in session.columns else symbol


def gap(earlier: Sequence[Day], today: Day) -> str | None:
    """The first mid of the session against the last of the one before, by twenty daily returns.

    What one contract closed at and another opens at is no return: of a session in which a contract is new, nothing is said.
    """
    days = [day for day in earlier if len(day.known)]
    if not days or days[-1].symbol != today.symbol or not len(today.known):
        return None
    closes = [(day.symbol, float(day.known[-1])) for day in days]
    if min(close for _, close in closes) <= 0:
        return None
    daily = [np.log(b / a) for (one, a), (other, b) in pairwise(closes) if one == other]
    return gap_regime(float(today.known[0]), closes[-1][1], np.array(daily, np.float64))
