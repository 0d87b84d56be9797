"""Raw to committed bronze through the engine, beside the vendor's `to_parquet`: `bronze.py [--records N] [--turns N] [--whole]`.

The day goes through everything that a run does: symbols, rejects, filters, checks, hashes, commit, ledger. Its delivery is known
to the lake, as after `lakeflow raw add`. Every figure is of a process of its own, after a small day that has loaded what there is:
on one core the seconds that it had the core for, whatever else the machine does; where cores are compared, seconds of the clock,
both kinds in turn, and the middle one counts. `--whole` adds a day four times as long, to see that memory does not grow with it.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from bronze_day import DAY, DAY_BEFORE, kept

ROOT = Path(__file__).parents[2]
PARTS = ("stages", "filters", "selection", "contracts")
PLACE = "lake/raw/source=databento/product_type=future_mbo/symbol=ES"
SAMPLE = 500_000  # records for what is slow and large


class Taken(NamedTuple):
    """What the day took: seconds of cores, seconds of the clock, and the peak memory in MiB."""

    cores: float
    clock: float
    peak: float


class Turn(NamedTuple):
    """The day on one core, on two, and the vendor's seconds of a core for the sample."""

    one: Taken
    two: Taken
    theirs: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--make", nargs=2, help="Internal: a project, and how many cores.")
    asked = parser.parse_args()
    if asked.make:
        os.sched_setaffinity(0, range(int(asked.make[1])))
        once(Path(asked.make[0]), DAY_BEFORE)
        print(*once(Path(asked.make[0]), DAY))
    else:
        compare(asked.records, asked.turns, whole=asked.whole)


def compare(records: int, turns: int, *, whole: bool) -> None:
    sample, day = kept(min(SAMPLE, records), DAY_BEFORE), kept(records)
    with tempfile.TemporaryDirectory() as folder:
        root = project(Path(folder) / "one", {DAY_BEFORE: sample, DAY: day})
        measured(root)  # compiles, hashes the delivery
        turned = [Turn(measured(root), measured(root, 2), theirs(sample, Path(folder))) for _ in range(turns)]
        report(records, day.stat().st_size, orders(root).stat().st_size, turned)
        if whole:
            long = project(Path(folder) / "long", {DAY_BEFORE: sample, DAY: kept(4 * records)})
            same_memory(turned[0].two.peak, measured(long, 2).peak)


def report(records: int, raw: int, made: int, turned: Sequence[Turn]) -> None:
    fast = max(records / turn.one.cores / 1e6 for turn in turned)
    sample = min(SAMPLE, records)
    ratio = statistics.median(turn.theirs / sample * records / turn.one.cores for turn in turned)
    gain = statistics.median(turn.one.clock / turn.two.clock for turn in turned)
    peak, size, share = max(max(t.one.peak, t.two.peak) for t in turned), made / records, made / raw
    for name, found, limit, holds in (
        ("raw to committed orders", f"{fast:.2f} M/s", ">= 2.5 M/s", fast >= 2.5),
        ("over the vendor's to_parquet", f"{ratio:.1f} x", ">= 6 x", ratio >= 6),
        ("the same day on two cores", f"{gain:.2f} x", ">= 1.5 x", gain >= 1.5),
        ("bytes a record", f"{size:.1f}", "<= 13", size <= 13),
        ("of the .dbn.zst", f"{share:.2f} x", "<= 0.75 x", share <= 0.75),
        ("peak memory, one core or two", f"{peak:.0f} MiB", "<= 500 MiB", peak <= 500),
    ):
        print(f"BAR bronze: {name} | {found} | {limit} | {holds}", flush=True)


def same_memory(short: float, long: float) -> None:
    ratio = max(short, long) / min(short, long)
    name = f"memory of a day four times as long ({long:.0f} MiB)"
    print(f"BAR bronze: {name} | {ratio:.2f} x | <= 1.1 x | {ratio <= 1.1}")


def project(root: Path, days: Mapping[date, Path]) -> Path:
    """This project with a lake of its own that holds a delivery a day."""
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "datasets.yaml", root)
    for day, file in days.items():
        folder = root / PLACE / f"dt={day}"
        folder.mkdir(parents=True)
        os.link(file, folder / file.name)
    return root


def orders(root: Path) -> Path:
    """The day's table of orders."""
    (file,) = (root / "lake/bronze").rglob(f"table=orders/dt={DAY}/*.parquet")
    return file


def measured(root: Path, cores: int = 1) -> Taken:
    """The day's run in a process of its own."""
    words = [sys.executable, __file__, "--make", str(root), str(cores)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return Taken(*map(float, done.stdout.split()[-3:]))


def once(root: Path, day: date) -> Taken:
    """The engine, inline."""
    import lakeflow.make
    from lakeflow.execution import Terms, execute
    from lakeflow.machine import peak_bytes
    from lakeflow.project import open_project
    from lakeflow.request import Request
    from lakeflow.step import StepKey

    assert lakeflow.make
    with open_project(root) as opened:
        cores, clock = time.process_time(), time.perf_counter()
        request = Request(frozenset({"bronze.future_mbo.orders"}), upstream=False, overwrite=True)
        key = StepKey("bronze.future_mbo.normalise", "ES", day.isoformat())
        summary = execute(opened, request, Terms(workers=1, only=frozenset({key})))
        assert summary.code == 0, summary
        took = time.process_time() - cores, time.perf_counter() - clock
    return Taken(
        *took, peak_bytes() / 2**20
    )  # since the step began; `ru_maxrss` knows what the process before this one held


def theirs(path: Path, folder: Path) -> float:
    """The vendor's own way to Parquet, as its documentation has it."""
    import databento

    warnings.simplefilter("ignore")  # it uses what its pandas will not have for long

    began = time.process_time()
    databento.DBNStore.from_file(path).to_parquet(folder / "theirs.parquet")
    return time.process_time() - began


if __name__ == "__main__":
    main()
