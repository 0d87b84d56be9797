"""Every bench in a process of its own, and one table of bars: measured, limit, verdict. `make bench` runs it."""

import subprocess
import sys
import time
from pathlib import Path

BENCHES = (
    ("start.py",),
    ("overhead.py",),
    ("contract_check.py",),
    ("many.py",),
    ("streaming.py", "--gb", "10"),
    ("book.py",),
    ("reader.py",),
    ("bronze.py",),
    ("silver.py", "--turns", "1"),
    ("truth.py",),
    ("truth_seconds.py",),
    ("truth_tables.py",),
    ("forecast.py",),
    ("forecast_feed.py",),
)
VERDICTS = {"True": "holds", "False": "MISSED", "None": "not measured"}


def main() -> None:
    here = Path(__file__).parent
    rows, failed = [], []
    for name, *words in BENCHES:
        began = time.perf_counter()
        print(f"{name} ...", file=sys.stderr, flush=True)
        done = subprocess.run(
            [sys.executable, here / name, *words], capture_output=True, text=True, check=False
        )
        print(f"{name} took {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
        if done.returncode:
            failed.append(name)
            print(f"{name} failed:\n{done.stderr}", file=sys.stderr)
        print(*(line for line in done.stdout.splitlines() if not line.startswith("BAR ")), sep="\n")
        rows += [
            line.removeprefix("BAR ").split(" | ")
            for line in done.stdout.splitlines()
            if line.startswith("BAR ")
        ]
    width = max(len(bar) for bar, *_ in rows)
    print(f"{'bar':<{width}}  {'measured':>22}  {'limit':>9}  verdict")
    for bar, measured, limit, holds in rows:
        print(f"{bar:<{width}}  {measured:>22}  {limit:>9}  {VERDICTS[holds]}")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
