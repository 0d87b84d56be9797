"""A large table through a stage that does nothing, against a bare pyarrow read and write of the same batches.

The bare copy has the same encodings, the same row groups and no checks, hashes, manifest or ledger; the two take turns.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from toy import streaming_project

BYTES_A_ROW = 128  # sixteen columns of eight bytes in memory


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--gb", type=float, default=10.0, help="Size of the table in memory.")
    arguments.add_argument("--turns", type=int, default=1)
    arguments.add_argument("--one", choices=("make", "same", "bare"), help="One turn, in this process.")
    arguments.add_argument("--root", type=Path)
    given = arguments.parse_args()
    if given.one:
        print(*turn(given.one, given.root))
    else:
        compare(given.gb, given.turns)


def compare(gb: float, turns: int) -> None:
    with tempfile.TemporaryDirectory(dir=".") as folder:
        root = streaming_project(Path(folder).resolve(), int(gb * 1e9 / BYTES_A_ROW))
        measured("make", root)
        pairs = [(measured("same", root), measured("bare", root)) for _ in range(turns)]
    ratio = statistics.median(same[0] / bare[0] for same, bare in pairs)
    peak = max(same[1] for same, _ in pairs)
    seconds = statistics.median(same[0] for same, _ in pairs)
    print(
        f"BAR streaming {gb:g} GB: time over bare pyarrow | {ratio:.2f}x ({seconds:.1f} s) | 1.30x | {ratio <= 1.3}"
    )
    print(f"BAR streaming {gb:g} GB: peak memory | {peak:.0f} MiB | 700 MiB | {peak <= 700}")


def measured(one: str, root: Path) -> tuple[float, float]:
    """Seconds and peak MiB of one turn in a process of its own, so that its memory is its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", one, "--root", root], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    seconds, peak = done.stdout.split()[-2:]
    return float(seconds), float(peak)


def turn(one: str, root: Path) -> tuple[float, float]:
    work = {
        "make": lambda: run(root, "bronze.toy.wide"),
        "same": lambda: run(root, "silver.toy.wide"),
        "bare": lambda: bare(root),
    }
    seconds = work[one]()
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(root: Path, dataset: str) -> float:
    """The engine, inline."""
    import lakeflow.make
    from lakeflow.execution import Terms, execute
    from lakeflow.project import open_project
    from lakeflow.request import Request

    assert lakeflow.make
    with open_project(root) as project:
        began = time.perf_counter()
        summary = execute(
            project, Request(frozenset({dataset}), upstream=False, overwrite=True), Terms(workers=1)
        )
        assert summary.code == 0, summary.done
        return time.perf_counter() - began


def bare(root: Path) -> float:
    """What nobody can do without: read batches, write them in the same form."""
    import pyarrow.parquet as pq

    from lakeflow.contract import load_contract
    from lakeflow.draft import GROUP_ROWS, settings
    from lakeflow.types import arrow_schema

    contract = load_contract(root / "contracts/silver/wide.avsc")
    (source,) = (root / "lake/bronze").rglob("*.parquet")
    began = time.perf_counter()
    schema = arrow_schema(contract)
    with (
        pq.ParquetFile(source) as opened,
        pq.ParquetWriter(root / "bare.out", schema, **settings(contract)) as writer,
    ):
        for batch in opened.iter_batches(batch_size=GROUP_ROWS):
            writer.write_batch(batch.cast(schema), row_group_size=GROUP_ROWS)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
