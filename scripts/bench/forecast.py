"""Scoring many markets, and one isotonic curve against the libraries that draw it too.

python scripts/bench/forecast.py [MARKETS]

100,000 markets at 8 horizons, all figures with 1,000 draws over 40 segments: under 60 s and 2 GiB; ten times the rows in no more
than eleven times the time. The curve: 1,000,000 forecasts, faster than scikit-learn and, where it is installed, model-diagnostics.
"""

import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from sklearn.isotonic import IsotonicRegression

from lakeflow.forecast.corp import decompose
from lakeflow.forecast.figures import figures
from lakeflow.forecast.isotonic import curve
from lakeflow.forecast.sample import sample

HORIZONS, SEGMENTS, DRAWS, SECONDS, GIB = 8, 40, 1_000, 60.0, 2.0


def main() -> None:
    markets = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    score(1_000)  # compiles
    small, large = timed(lambda: score(markets // 10)), timed(lambda: score(markets))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    rows = f"{markets * HORIZONS:,} forecasts, {SEGMENTS} segments, {DRAWS} draws"
    print(f"BAR scoring: seconds for {rows} | {large:.1f} | {SECONDS:.0f} | {large <= SECONDS}")
    print(f"BAR scoring: peak memory, GiB | {peak:.2f} | {GIB:.0f} | {peak <= GIB}")
    print(f"BAR scoring: time for ten times the rows | {large / small:.1f} x | 11 x | {large <= 11 * small}")
    curves(1_000_000)


def score(markets: int) -> None:
    """Every figure of every segment; a segment is a horizon of one of five categories."""
    rows = forecasts(markets // (SEGMENTS // HORIZONS))
    for segment in range(SEGMENTS):
        figures(sample(rows[0], rows[1], None, rows[2]), DRAWS, segment)


def forecasts(count: int) -> tuple[Any, Any, Any]:
    """Calibrated prices in whole tenths of a cent, in clusters of four."""
    rng = np.random.Generator(np.random.Philox(7))
    p = np.round(rng.beta(0.6, 0.6, count), 3)
    return p, (rng.random(count) < p).astype(float), np.arange(count) // 4


def curves(count: int) -> None:
    """One curve of distinct forecasts, by us and by others."""
    rng = np.random.Generator(np.random.Philox(9))
    p = rng.random(count)
    y = (rng.random(count) < p).astype(float)
    decompose(sample(p[:100], y[:100]))
    ours = timed(lambda: curve(sample(p, y)))
    theirs = timed(lambda: IsotonicRegression().fit_transform(p, y))
    gap = np.abs(
        curve(sample(p, y)).x - IsotonicRegression().fit_transform(p, y)[np.argsort(p, kind="stable")]
    ).max()
    print(
        f"BAR curve: seconds for {count:,}, scikit-learn's as limit | {ours:.3f} | {theirs:.3f} | {ours < theirs}"
    )
    print(f"BAR curve: largest difference from scikit-learn | {gap:.1e} | 1e-12 | {gap < 1e-12}")
    if not find_spec("model_diagnostics"):
        print("BAR curve: beside model-diagnostics, which is not installed | - | - | None")
        return
    other = import_module("model_diagnostics.scoring")
    ours = timed(lambda: decompose(sample(p, y)))
    theirs = timed(lambda: other.decompose(y, p, scoring_function=other.SquaredError()))
    print(
        f"BAR curve: seconds of CORP, model-diagnostics' as limit | {ours:.3f} | {theirs:.3f} | {ours < theirs}"
    )


def timed(work: Callable[[], Any]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    main()
