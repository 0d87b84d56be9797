"""How fast a market is simulated, written as vendor bytes, and accounted for independently; and the memory that it takes."""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np

from lakeflow.simulate.contracts import listed
from lakeflow.simulate.future_day import records, write_records
from lakeflow.simulate.hazards import ALL
from lakeflow.simulate.truth.account import Account

DAY = date(2026, 1, 6)
FRONT = listed("ES", DAY)[0]
WARM = 20_000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--records", type=int, default=10_000_000)
    arguments.add_argument("--one", choices=sorted(WORK), help="One measurement, in this process.")
    given = arguments.parse_args()
    if given.one:
        measure(given.one, given.records)
        return
    for one in WORK:  # a process each, so that its memory is its own
        subprocess.run([sys.executable, __file__, "--one", one, "--records", str(given.records)], check=True)


def measure(one: str, count: int) -> None:
    """Kernels are loaded before the clock starts."""
    WORK[one](WARM)
    start = time.perf_counter()
    made = WORK[one](count)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"FIGURE simulator, {one}: {made / seconds / 1e6:.2f} M records/s ({made:,} in {seconds:.1f} s), peak {peak:.0f} MiB"
    )


def made(count: int) -> int:
    return sum(len(rows) for rows in records(count, DAY, hazards=ALL))


def written(count: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        write_records(Path(folder), count, DAY, hazards=ALL)
    return count


def accounted(count: int) -> int:
    own, read = Account(FRONT.tick), 0
    for rows in records(count, DAY, hazards=ALL):
        own.follow(rows, np.arange(read, read + len(rows)))
        read += len(rows)
    own.finish()
    return read


WORK = {"made": made, "made and written as .dbn.zst": written, "made and accounted for": accounted}


if __name__ == "__main__":
    main()
