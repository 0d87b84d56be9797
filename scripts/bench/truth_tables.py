"""Truth tables of 250 sessions with 2,000 draws of days, and the walk of five models through 20 sessions."""

import argparse
import resource
import time
from datetime import date, timedelta

import numpy as np
import polars as pl

from lakeflow.truth.cell import Measures
from lakeflow.truth.forward import HORIZONS
from lakeflow.truth.lookahead.days import Day, names
from lakeflow.truth.lookahead.plan import Plan
from lakeflow.truth.lookahead.report import report
from lakeflow.truth.pressure import LEVELS
from lakeflow.truth.tables import truth_table

KINDS = ["burst", "chop", "fear", "flicker", "pull", "replenish", "vacuum"]
TODS = ["overnight", "europe", "before", "open", "morning", "midday", "afternoon", "late", "after"]
REGIMES = ["low", "mid", "high", "unknown"]
SHARES = tuple(f"cont_{h}" for h in HORIZONS)
MEANS = tuple(f"{what}_{h}" for h in HORIZONS for what in ("way_ret", "fwd_mfe", "fwd_mae", "fwd_rv_ratio"))
WINDOW_S = 10_800


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sessions", type=int, default=250)
    arguments.add_argument("--events", type=int, default=400, help="a session")
    given = arguments.parse_args()
    seconds = timed(lambda: tables(given.sessions, given.events))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"BAR truth tables of {given.sessions} sessions, 2,000 draws | {seconds:.1f} s | 60 s | {seconds < 60}"
    )
    print(f"BAR their peak memory | {peak:.0f} MiB | 2048 MiB | {peak < 2048}")
    seconds = timed(walk)
    print(f"BAR look-ahead calibration of 20 sessions | {seconds:.1f} s | 60 s | {seconds < 60}")


def timed(work: object) -> float:
    assert callable(work)
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def tables(sessions: int, events: int) -> None:
    rng = np.random.default_rng(1)
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(sessions)]
    exposure = pl.DataFrame(
        [(day, tod, regime, 600) for day in days for tod in TODS for regime in REGIMES],
        schema={"session_date": pl.Date, "tod": pl.String, "regime": pl.String, "seconds": pl.Int64},
        orient="row",
    )
    base = {f"base_sum_{name}": rng.normal(size=exposure.height) for name in (*MEANS, *SHARES)}
    counts = {f"base_n_{name}": np.full(exposure.height, 600) for name in (*MEANS, *SHARES)}
    rows = sessions * events
    happened = pl.DataFrame(
        {
            "session_date": np.repeat(pl.Series(days).to_numpy(), events),
            "kind": rng.choice(KINDS, rows),
            "tod": rng.choice(TODS, rows),
            "regime": rng.choice(REGIMES, rows),
            **{name: rng.random(rows) < 0.5 for name in SHARES},
            **{name: rng.normal(size=rows) for name in MEANS},
            "dur_s": rng.integers(3, 300, rows),
            "extent_ticks": rng.integers(8, 200, rows) / 2,
        }
    ).cast({"session_date": pl.Date})
    named = {"underlying": pl.lit("ES"), "dte_bucket": pl.lit("na")}
    measures = Measures(SHARES, MEANS, ("dur_s", "extent_ticks"))
    exposed = exposure.with_columns(**base, **counts).with_columns(**named)
    found = truth_table(happened.with_columns(**named), exposed, KINDS, measures)
    print(f"{found.height} rows of {rows} events")


def walk() -> None:
    """Sessions of noise as wide and long as a morning's."""
    found = report([noise(n) for n in range(20)], Plan())
    print(f"{found.height} rows of 20 sessions")


def noise(seed: int) -> Day:
    rng = np.random.default_rng(seed)
    change = rng.choice([-0.5, 0, 0, 0.5], WINDOW_S)
    table, levels = (
        rng.normal(size=(WINDOW_S, columns)).astype(np.float32) for columns in (len(names()), 3 * LEVELS)
    )
    ahead = np.column_stack([np.convolve(change, np.ones(h))[:WINDOW_S] for h in Plan().horizons])
    gap, force = rng.normal(size=(2, WINDOW_S))
    at = 1_767_623_400 + 86_400 * seed + np.arange(WINDOW_S)
    half = np.full(WINDOW_S, 0.5)
    labels = np.roll(ahead, -30, axis=0)
    return Day(f"2026-01-{seed + 1:02d}", at, table, levels, change, gap, force, half, labels)


if __name__ == "__main__":
    main()
