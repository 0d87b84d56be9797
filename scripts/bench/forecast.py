"""Scoring many markets to tables, and one isotonic curve against the libraries that draw it too.

python scripts/bench/forecast.py [MARKETS]

100,000 markets at 8 horizons to the tables of figures, bins and curves with their bands, 1,000 draws for each of 40 segments (a horizon
of one of five categories) and for the 8 headlines over all of them: under 60 s and 2 GiB; ten times the rows in no more than eleven
times the time. The curve: 1,000,000 forecasts, faster than scikit-learn, SciPy and model-diagnostics where they are installed.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import polars as pl

from lakeflow.forecast.corp import decompose
from lakeflow.forecast.isotonic import curve
from lakeflow.forecast.sample import sample
from lakeflow.forecast.tables.cutoffs import HORIZONS, SCHED_END, TIME
from lakeflow.forecast.tables.measured import measured
from lakeflow.forecast.tables.scored import costed

SEGMENTS, DRAWS, SECONDS, GIB, TURNS = 40, 1_000, 60.0, 2.0, 3


def main() -> None:
    markets = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    few, many = (forecasts(count) for count in (markets // 10, markets))
    measured(forecasts(200), 2, 1)  # compiles
    small, large = timed(lambda: measured(few, DRAWS, 1)), timed(lambda: measured(many, DRAWS, 1))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    rows = f"{many.height:,} forecasts, {SEGMENTS} segments and {len(HORIZONS)} headlines, {DRAWS} draws"
    print(f"BAR scoring: seconds for {rows} | {large:.1f} | {SECONDS:.0f} | {large <= SECONDS}")
    print(f"BAR scoring: peak memory, GiB | {peak:.2f} | {GIB:.0f} | {peak <= GIB}")
    print(f"BAR scoring: time for ten times the rows | {large / small:.1f} x | 11 x | {large <= 11 * small}")
    curves(min(10 * markets, 1_000_000))


def forecasts(markets: int) -> pl.DataFrame:
    """Calibrated prices in whole tenths of a cent, in clusters of four of a category."""
    rng, number = np.random.Generator(np.random.Philox(7)), np.arange(markets)
    parts = []
    for horizon in HORIZONS:
        p = np.round(rng.beta(0.6, 0.6, markets), 3)
        y = (rng.random(markets) < p).astype(np.int64)
        parts.append(pl.DataFrame({"p": np.rint(p * 1e6).astype(np.int64), "y": y, "condition_id": number}))
        parts[-1] = parts[-1].with_columns(horizon_s=pl.lit(horizon))
    cluster = pl.col("condition_id") // 4
    return costed(
        pl.concat(parts).with_columns(
            cluster_id=cluster, category=pl.format("category {}", cluster % (SEGMENTS // len(HORIZONS))), anchor=pl.lit(SCHED_END),
            forecaster=pl.lit("MARKET"), ts_cutoff=pl.lit(0).cast(TIME), ts_label_known=pl.lit(0).cast(TIME), group_id=None,
            liquidity_bucket=None, p_kind=pl.lit("MID"), weight_equal=1.0, weight_volume=0.0,
        )
    )  # fmt: skip


def curves(count: int) -> None:
    """One curve of distinct forecasts, by us and by others."""
    rng = np.random.Generator(np.random.Philox(9))
    p = rng.random(count)
    y = (rng.random(count) < p).astype(float)
    decompose(sample(p[:100], y[:100]))
    for name, theirs in drawers(p, y):
        told(f"curve: seconds for {count:,}", name, lambda: curve(sample(p, y)), theirs)
        gap = np.abs(curve(sample(p, y)).x - theirs()).max()
        print(f"BAR curve: largest difference from {name} | {gap:.1e} | 1e-12 | {gap < 1e-12}")
    if is_there("model_diagnostics", "model-diagnostics"):
        split(p, y, import_module("model_diagnostics.scoring"))


def split(p: Any, y: Any, other: Any) -> None:
    """CORP of the same forecasts by model-diagnostics."""

    def theirs() -> Any:
        return other.decompose(y, p, scoring_function=other.SquaredError())

    told("curve: seconds of CORP", "model-diagnostics", lambda: decompose(sample(p, y)), theirs)
    ours, said = decompose(sample(p, y)), theirs().row(0, named=True)
    assert ours is not None
    names = ("score", "miscalibration", "discrimination", "uncertainty")
    gap = max(abs(mine - said[name]) for mine, name in zip(ours, names, strict=True))
    print(f"BAR curve: largest difference from model-diagnostics | {gap:.1e} | 1e-12 | {gap < 1e-12}")


def drawers(p: Any, y: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Who else draws the curve, each over ascending forecasts."""
    order = np.argsort(p, kind="stable")
    if is_there("sklearn", "scikit-learn"):
        isotonic = import_module("sklearn.isotonic").IsotonicRegression
        yield "scikit-learn", lambda: isotonic().fit_transform(p, y)[order]
    if is_there("scipy", "SciPy"):
        regression = import_module("scipy.optimize").isotonic_regression
        yield "SciPy", lambda: regression(y[np.argsort(p, kind="stable")]).x


def is_there(module: str, name: str) -> bool:
    if find_spec(module):
        return True
    print(f"BAR curve: beside {name}, which is not installed | - | - | None")
    return False


def told(what: str, whose: str, ours: Callable[[], Any], theirs: Callable[[], Any]) -> None:
    """The best of turns taken in turn: what else runs on the machine is then there for both."""
    turns = [(timed(ours), timed(theirs)) for _ in range(TURNS)]
    mine, other = (min(each) for each in zip(*turns, strict=True))
    print(f"BAR {what}, that of {whose} as limit | {mine:.3f} | {other:.3f} | {mine < other}")


def timed(work: Callable[[], Any]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    main()
