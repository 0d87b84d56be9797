"""Raw to bronze to all silver tables through the engine, contracts checked: `silver.py [--records N] [--turns N] [--whole]`.

Each figure is of a process of its own, after a small day that has loaded what there is. On one core the seconds are those that
the process had the core for; where cores are compared they are seconds of the clock, both kinds in turn, and the middle one counts.
Memory is compared with that of a day of a quarter of the records over the same hours; `--whole` adds a day four times as long.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from bronze_day import DAY, DAY_BEFORE, kept
from silver_day import kept_pair, project

BRONZE, SILVER = "bronze.future_mbo.normalise", "silver.future_mbo.replay"
ANCHOR = {BRONZE: "bronze.future_mbo.orders", SILVER: "silver.future_mbo.bbo"}
RAW_TO_SILVER = ((BRONZE, "ES"), (SILVER, "ESH6"))
BOTH = ((SILVER, "ESH6"), (SILVER, "ESM6"))
SAMPLE = 200_000  # records of the small day


class Taken(NamedTuple):
    """What a process took: seconds of a core and of the clock for each of its runs, and its peak memory in MiB."""

    cores: list[float]
    clock: list[float]
    peak: float


class Bar(NamedTuple):
    name: str
    measured: str
    limit: str
    holds: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument(
        "--make", nargs="+", help="Internal: a project, how many cores, how many at a time, then steps."
    )
    asked = parser.parse_args()
    if asked.make:
        root, cores, workers, *steps = asked.make
        make(Path(root), int(cores), int(workers), steps)
        return
    with tempfile.TemporaryDirectory() as folder:
        for bar in bars(Path(folder), asked.records, asked.turns, whole=asked.whole):
            print("BAR silver:", " | ".join((bar.name, bar.measured, bar.limit, str(bar.holds))), flush=True)


def bars(folder: Path, records: int, turns: int, *, whole: bool) -> list[Bar]:
    small = kept(SAMPLE, DAY_BEFORE)
    root = project(folder / "one", {DAY_BEFORE: small, DAY: kept(records)})
    taken(root, RAW_TO_SILVER)  # compiles, hashes the delivery
    turned = [(taken(root, RAW_TO_SILVER), taken(root, RAW_TO_SILVER, cores=2)) for _ in range(turns)]
    found = [
        *of_one_core(records, [one for one, _ in turned]),
        of_two_cores(turned),
        two_contracts(folder, records, turns),
    ]
    peak = turned[0][0].peak
    for length in (records // 4, 4 * records) if whole else (records // 4,):
        other = project(folder / str(length), {DAY_BEFORE: small, DAY: kept(length)})
        found.append(same_memory(peak, taken(other, RAW_TO_SILVER).peak, length))
    return found


def of_one_core(records: int, alone: Sequence[Taken]) -> tuple[Bar, ...]:
    fast = max(records / sum(each.cores) / 1e6 for each in alone)
    silver = min(each.cores[1] for each in alone) / records * 1e9
    share = statistics.median(each.cores[1] / sum(each.cores) for each in alone)
    peak = max(each.peak for each in alone)
    return (
        Bar("raw to bronze to all silver", f"{fast:.2f} M/s", ">= 1.3 M/s", fast >= 1.3),
        Bar(f"from bronze ({silver:.0f} ns a record)", f"{share:.2f} x raw", "<= 0.5 x", share <= 0.5),
        Bar("peak memory", f"{peak:.0f} MiB", "<= 500 MiB", peak <= 500),
    )


def of_two_cores(turned: Sequence[tuple[Taken, Taken]]) -> Bar:
    gain = statistics.median(sum(one.clock) / sum(two.clock) for one, two in turned)
    return Bar("one day on two cores", f"{gain:.2f} x", ">= 1.5 x", gain >= 1.5)


def two_contracts(folder: Path, records: int, turns: int) -> Bar:
    """Silver of two contracts whose bronze is made, one after the other on a core and at once on two."""
    days = {DAY_BEFORE: kept_pair(SAMPLE, DAY_BEFORE), DAY: kept_pair(2 * records, DAY)}
    root = project(folder / "two", days)
    taken(root, ((BRONZE, "ES"),))
    turned = [(taken(root, BOTH), taken(root, BOTH, cores=2, workers=2)) for _ in range(turns)]
    gain = statistics.median(sum(one.clock) / sum(two.clock) for one, two in turned)
    return Bar("two contracts on two cores", f"{gain:.2f} x", ">= 1.8 x", gain >= 1.8)


def same_memory(peak: float, other: float, length: int) -> Bar:
    ratio = max(peak, other) / min(peak, other)
    name = f"memory of a day of {length / 1e6:.3g} M records over the same hours ({other:.0f} MiB)"
    return Bar(name, f"{ratio:.2f} x", "<= 1.1 x", ratio <= 1.1)


def taken(root: Path, steps: Sequence[tuple[str, str]], *, cores: int = 1, workers: int = 1) -> Taken:
    words = [f"{stage}/{symbol}" for stage, symbol in steps]
    line = [sys.executable, __file__, "--make", str(root), str(cores), str(workers), *words]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    *times, peak = map(float, done.stdout.split())
    return Taken(times[::2], times[1::2], peak)


def make(root: Path, cores: int, workers: int, steps: Sequence[str]) -> None:
    """The small day first; then the day's steps: those of a stage together, each stage timed."""
    os.sched_setaffinity(0, range(cores))
    stages = list(dict.fromkeys(step.partition("/")[0] for step in steps))
    for stage in stages:
        timed(root, DAY_BEFORE, steps, stage, workers)
    for stage in stages:
        print(*timed(root, DAY, steps, stage, workers))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def timed(root: Path, day: date, steps: Sequence[str], stage: str, workers: int) -> tuple[float, float]:
    """Seconds of a core and of the clock in which the engine makes every step of a stage."""
    import lakeflow.make
    from lakeflow.execution import Terms, execute
    from lakeflow.project import open_project
    from lakeflow.request import Request
    from lakeflow.step import StepKey

    assert lakeflow.make
    asked = [step.partition("/") for step in steps]
    keys = frozenset(StepKey(stage, symbol, day.isoformat()) for of, _, symbol in asked if of == stage)
    with open_project(root) as opened:
        request = Request(frozenset({ANCHOR[stage]}), upstream=False, overwrite=True)
        core, clock = time.process_time(), time.perf_counter()
        summary = execute(opened, request, Terms(workers=workers, only=keys))
        took = time.process_time() - core, time.perf_counter() - clock
        assert summary.code == 0, summary
    return took


if __name__ == "__main__":
    main()
