"""Reading a `.dbn.zst` strictly into columns, beside its bare decompression: `reader.py [--records N] [--turns N]`.

Both take turns in this process, on one core, so that neither a thread nor a quiet moment helps one of them.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import zstandard
from bronze_day import kept

from lakeflow.vendors.databento.orders import empty, split, words
from lakeflow.vendors.databento.records import BLOCK, blocks

BUFFER = 1 << 20  # what the bare decompression reads into, again and again: its best


def bare(path: Path) -> int:
    """The bytes that come out of the decompressor, looked at by nobody."""
    buffer, total = bytearray(BUFFER), 0
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        while found := stream.readinto(buffer):
            total += found
    return total


def ours(path: Path) -> int:
    """Every field of every record in its column, in memory that is used again, as the bare one's is."""
    room, numbers, every, total = empty(BLOCK), np.empty(BLOCK, np.int64), np.arange(BLOCK), 0
    for block in blocks(path, "mbo"):
        split(words(block.rows), every[: len(block.rows)], room, numbers, 0, 0)
        total += len(block.rows)
    return total


def seconds(run: Callable[[Path], int], path: Path) -> float:
    began = time.process_time()
    run(path)
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000_000)
    parser.add_argument("--turns", type=int, default=5)
    asked = parser.parse_args()
    os.sched_setaffinity(0, {0})
    ours(kept(1_000))  # compiles, or reads what was compiled
    path = kept(asked.records)
    pairs = [(seconds(ours, path), seconds(bare, path)) for _ in range(asked.turns)]
    ratio = statistics.median(mine / least for mine, least in pairs)
    speed, least = (asked.records / min(times) / 1e6 for times in zip(*pairs, strict=True))
    print(
        f"reader: {speed:.1f} M records/s, bare zstd {least:.1f}, {path.stat().st_size / asked.records:.1f} bytes a record"
    )
    print(f"BAR reader: time of bare zstd | {ratio:.2f} x ({speed:.1f} M/s) | 1.20 x | {ratio <= 1.2}")


if __name__ == "__main__":
    main()
