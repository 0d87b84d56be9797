"""Raw to committed bronze through the engine, beside the vendor's `to_parquet`: `bronze.py [--records N] [--turns N]`.

One core, and the seconds of it that this takes, whatever else the machine does. The day goes through everything that a run does:
symbols, rejects, filters, checks, hashes, commit, ledger. Its delivery is known to the lake, as after `lakeflow raw add`.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bronze_day import DAY, DAY_BEFORE, kept

ROOT = Path(__file__).parents[2]
PARTS = ("stages", "filters", "selection", "contracts")
PLACE = "lake/raw/source=databento/product_type=future_mbo/symbol=ES"
SAMPLE = 500_000  # records for what is slow and large


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--one", type=Path, help="A project to make in this process: its small day first.")
    asked = parser.parse_args()
    os.sched_setaffinity(0, {0})
    if asked.one:
        once(asked.one, DAY_BEFORE)
        print(*once(asked.one, DAY))
    else:
        compare(asked.records, asked.turns)


def compare(records: int, turns: int) -> None:
    sample, day = kept(SAMPLE, DAY_BEFORE), kept(records)
    with tempfile.TemporaryDirectory() as folder:
        root = project(Path(folder) / "project", {DAY_BEFORE: sample, DAY: day})
        measured(root)  # compiles, hashes the delivery
        pairs = [(measured(root), theirs(sample, Path(folder))) for _ in range(turns)]
        made = sum(file.stat().st_size for file in (root / "lake/bronze").rglob(f"table=orders/dt={DAY}/*"))
    report(records, day.stat().st_size, made, pairs)


def report(records: int, raw: int, made: int, pairs: list[tuple[tuple[float, float], float]]) -> None:
    ours = [records / took / 1e6 for (took, _), _ in pairs]
    ratio = statistics.median(
        mine / (SAMPLE / took / 1e6) for mine, (_, took) in zip(ours, pairs, strict=True)
    )
    peak, size, share = max(peak for (_, peak), _ in pairs), made / records, made / raw
    for name, measured_, limit, holds in (
        ("raw to committed orders", f"{max(ours):.2f} M/s", ">= 2.5 M/s", max(ours) >= 2.5),
        ("over the vendor's to_parquet", f"{ratio:.1f} x", ">= 6 x", ratio >= 6),
        ("bytes a record", f"{size:.1f}", "<= 13", size <= 13),
        ("of the .dbn.zst", f"{share:.2f} x", "<= 0.75 x", share <= 0.75),
        ("peak memory", f"{peak:.0f} MiB", "<= 500 MiB", peak <= 500),
    ):
        print(f"BAR bronze: {name} | {measured_} | {limit} | {holds}")


def project(root: Path, days: Mapping[date, Path]) -> Path:
    """This project with a lake of its own that holds a delivery a day."""
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "datasets.yaml", root)
    for day, file in days.items():
        folder = root / PLACE / f"dt={day}"
        folder.mkdir(parents=True)
        shutil.copy(file, folder)
    return root


def measured(root: Path) -> tuple[float, float]:
    """Seconds and peak MiB of the day's run in a process of its own, after a small one that has loaded what there is."""
    words = [sys.executable, __file__, "--one", str(root)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    seconds, peak = done.stdout.split()[-2:]
    return float(seconds), float(peak)


def once(root: Path, day: date) -> tuple[float, float]:
    """The engine, inline."""
    import lakeflow.make
    from lakeflow.execution import Terms, execute
    from lakeflow.project import open_project
    from lakeflow.request import Request
    from lakeflow.step import StepKey

    assert lakeflow.make
    with open_project(root) as opened:
        began = time.process_time()
        request = Request(frozenset({"bronze.future_mbo.orders"}), upstream=False, overwrite=True)
        key = StepKey("bronze.future_mbo.normalise", "ES", day.isoformat())
        summary = execute(opened, request, Terms(workers=1, only=frozenset({key})))
        assert summary.code == 0, summary
        took = time.process_time() - began
    return took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def theirs(path: Path, folder: Path) -> float:
    """The vendor's own way to Parquet, as its documentation has it."""
    import databento

    warnings.simplefilter("ignore")  # it uses what its pandas will not have for long

    began = time.process_time()
    databento.DBNStore.from_file(path).to_parquet(folder / "theirs.parquet")
    return time.process_time() - began


if __name__ == "__main__":
    main()
