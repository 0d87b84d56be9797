"""Websocket price changes a second, on one core: the replay's kernel alone, and from capture files to Parquet as `lakeflow run` does it.

python scripts/bench/forecast_feed.py [CHANGES] [--shape one|many|two|archive]

End to end means both stages with their plan, their contracts held, their digests and their commit, the least of some turns of a process
that has loaded and compiled what it needs. Memory is that of the process, beside that of a day of a quarter of the changes.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

os.environ |= {"POLARS_MAX_THREADS": "1", "LAKEFLOW_THREADS": "1"}  # before polars: the bar is of one core

import numpy as np
from forecast_day import DAY, MARKETS, SHAPES, SYMBOL, project

from lakeflow.vendors.polymarket import stepping

BRONZE, SILVER = "bronze.prediction_market.capture", "silver.prediction_market.replay"
KERNEL_BAR, WHOLE_BAR, MEMORY_BAR = 1_000_000, 150_000, 1.25


class Taken(NamedTuple):
    """What a stage took: seconds of cores, and the peak memory in MiB."""

    seconds: float
    peak: float


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("changes", type=int, nargs="?", default=1_000_000)
    asked.add_argument("--shape", choices=sorted(SHAPES), default="one")
    asked.add_argument("--turns", type=int, default=3)
    asked.add_argument("--make", type=Path, help="Internal: a project, whose stage is run in this process.")
    asked.add_argument("--stage", default=BRONZE)
    given = asked.parse_args()
    if given.make:
        print(*made(given.make, given.stage, given.turns))
        return
    alone = kernel(given.changes)
    print(f"BAR feed: changes/s in the kernel | {alone:,.0f} | {KERNEL_BAR:,} | {alone >= KERNEL_BAR}")
    few, took = (taken(changes, given.shape, given.turns) for changes in (given.changes // 4, given.changes))
    for stage, each in took.items():
        print(
            f"{stage}, {given.changes:,} changes, shape {given.shape}: {each.seconds:.2f} s, {each.peak:.0f} MiB"
        )
    whole = given.changes / sum(each.seconds for each in took.values())
    more = max(took[stage].peak / few[stage].peak for stage in took)
    print(
        f"BAR feed: changes/s, capture to Parquet, contracts held | {whole:,.0f} | {WHOLE_BAR:,} | {whole >= WHOLE_BAR}"
    )
    print(f"BAR feed: memory of four times the day | {more:.2f} x | {MEMORY_BAR} x | {more <= MEMORY_BAR}")


def taken(changes: int, shape: str, turns: int) -> dict[str, Taken]:
    """What each stage takes for a day of so many changes."""
    with tempfile.TemporaryDirectory() as folder:
        root = project(Path(folder), changes, shape)
        return {stage: measured(root, stage, turns) for stage in (BRONZE, SILVER)}


def measured(root: Path, stage: str, turns: int) -> Taken:
    """A stage in a process of its own."""
    words = [sys.executable, __file__, "--make", str(root), "--stage", stage, "--turns", str(turns)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return Taken(*map(float, done.stdout.split()[-2:]))


def made(root: Path, stage: str, turns: int) -> Taken:
    """The engine, inline: the least of some turns, since what else the machine does only adds."""
    import lakeflow.make
    from lakeflow.execution import Terms, execute
    from lakeflow.machine import peak_bytes
    from lakeflow.project import open_project
    from lakeflow.request import Request
    from lakeflow.step import StepKey

    assert lakeflow.make
    times = []
    for _ in range(turns):
        with open_project(root) as opened:
            makes = frozenset(opened.catalog.stages[stage].makes.values())
            terms = Terms(workers=1, only=frozenset({StepKey(stage, SYMBOL, DAY)}))
            began = time.process_time()
            summary = execute(opened, Request(makes, upstream=False, overwrite=True), terms)
            times.append(time.process_time() - began)
        assert summary.code == 0, summary
    return Taken(min(times), peak_bytes() / 2**20)


def kernel(changes: int) -> float:
    """Changes a second of the kernel, over markets whose best levels move with every fourth change."""
    rng = np.random.Generator(np.random.Philox(7))
    start = np.linspace(0, changes, MARKETS + 1).astype(np.int64)
    side = rng.integers(0, 2, changes).astype(np.int8)
    away = rng.integers(1, 20, changes) * 100
    given: Any = (
        start, np.zeros(changes, np.int8), np.ones(changes, np.int8), side, np.where(side, 5_000 + away, 5_000 - away).astype(np.int32),
        rng.integers(0, 4, changes).astype(np.int64) * 1_000_000, np.full(changes, -1, np.int32), np.full(changes, -1, np.int32),
        np.full(changes, 2, np.int8),
    )  # fmt: skip
    given[2][start[:-1]] = 0
    out, verdict, mirror, changed = (
        np.zeros((changes, stepping.WIDTH), np.int64),
        *np.zeros((3, changes), np.int8),
    )
    times = []
    for _ in range(3):
        books = stepping.empty()
        begun = time.process_time()
        stepping.step(*(*given, *books, out, verdict, mirror, changed))
        times.append(time.process_time() - begun)
    return changes / min(times)


if __name__ == "__main__":
    main()
