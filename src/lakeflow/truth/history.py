"""What is usual in a session, from the sessions before it: thresholds of bursts and quantiles of the same time of day."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth import stress
from lakeflow.truth.arrays import Floats
from lakeflow.truth.bursts import Thresholds
from lakeflow.truth.market import SIDES, Usual, floats, resting, volume_30s
from lakeflow.truth.regimes import Terciles, gap_regime
from lakeflow.truth.thresholds import FUTURES, Automatic, Chosen, of_slots, thresholds

COLUMNS = (
    "mid", "vol_1s", "spread_ticks", "rv_30s", "rv_900s",
    *(f"depth_end_{side}_{band}" for side in SIDES for band in ("touch", "near")),
)  # fmt: skip
DAILY = 20


class Policy(NamedTuple):
    """`table` is by underlying and bucket: B, S, k1, k2 and E in points. `fallback_ticks` is the same in ticks."""

    table: Mapping[str, Mapping[str, Sequence[float]]]
    fallback_ticks: Sequence[float]
    bucket: str = FUTURES


class History(NamedTuple):
    """What the session is judged by, and how many sessions there were to take it from."""

    usual: Usual
    burst: Chosen
    sessions: int
    gap: str | None


def sessions_of(earlier: pl.LazyFrame) -> list[pl.DataFrame]:
    """The columns that count of each session before, oldest first."""
    held = earlier.select("dt", *COLUMNS).collect()
    return held.sort("dt", maintain_order=True).partition_by("dt", maintain_order=True)


def history(earlier: Sequence[pl.DataFrame], grid: pl.DataFrame, underlying: str, policy: Policy) -> History:
    tick = float(grid["tick"][0])
    mids = [floats(session, "mid") for session in earlier]
    move, step, enter, leave, end = policy.fallback_ticks
    fallback = Thresholds(move * tick, step * tick, enter, leave, end * tick)
    burst = thresholds(policy.table, underlying, policy.bucket, Automatic(mids, tick, fallback))
    return History(usual(earlier, len(grid), burst), burst, len(earlier), gap(mids, floats(grid, "mid")))


def usual(earlier: Sequence[pl.DataFrame], rows: int, burst: Chosen) -> Usual:
    def slots(column: str, *shares: float) -> list[Floats]:
        return of_slots([floats(session, column) for session in earlier], shares, rows)

    still, still_exit = slots("rv_30s", 0.25, 0.40)
    quiet_spread, usual_spread = slots("spread_ticks", 0.5, 0.5)
    [traded] = of_slots([volume(session) for session in earlier], (0.25,), rows)
    bid, ask = (
        of_slots([resting(session, "depth_end", side) for session in earlier], (0.5,), rows)[0]
        for side in SIDES
    )
    quiet = stress.Quiet(still, traded, quiet_spread, still_exit)
    return Usual(burst.rule, quiet, Terciles(*slots("rv_900s", 1 / 3, 2 / 3)), bid, ask, usual_spread)


def volume(session: pl.DataFrame) -> Floats:
    return volume_30s(session).astype(np.float64)


def gap(mids: Sequence[Floats], today: Floats) -> str | None:
    """The first mid of the session against the last of the one before, by twenty daily returns."""
    closes = [known[-1] for mid in mids if len(known := mid[~np.isnan(mid)])]
    opened = today[~np.isnan(today)]
    if len(closes) <= DAILY or not len(opened) or min(closes) <= 0:
        return None
    return gap_regime(float(opened[0]), closes[-1], np.diff(np.log(closes)))
