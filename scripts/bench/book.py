"""Order books: ours, the same algorithm in C, the documented one in Python: `book.py [--records N] [--turns N]`.

Every turn runs all of them one after the other in this process, on processor time: a shared machine drifts by a third.
"""

import argparse
import ctypes
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from book_documented import DocumentedBook
from book_flow import TICK, flow

from lakeflow.market.book import Replay

CHUNK = 8_192
SAMPLE = 100_000  # records for what is slow
ORDERS = 8_192  # slots, as our own book begins with

Records = npt.NDArray[np.void]
Told = tuple[int, int]  # rows of the touch, rows of the depth
Run = Callable[[], Told]


def ours(records: Records, levels: int) -> Told:
    book, touch, depth = Replay(TICK, levels=levels), 0, 0
    for at in range(0, len(records), CHUNK):
        changes = book.apply(records[at : at + CHUNK])
        touch += len(changes.touch)
        depth += len(changes.depth)
    return touch, depth


class Floor:
    """The book of book_floor.c, compiled here."""

    def __init__(self, folder: str) -> None:
        library = Path(folder) / "floor.so"
        source = Path(__file__).with_name("book_floor.c")
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
        self._c = ctypes.CDLL(str(library))
        pointer, number = ctypes.c_void_p, ctypes.c_int64
        self._c.book_new.restype = pointer
        self._c.book_new.argtypes = [number, ctypes.c_uint32, ctypes.c_int]
        self._c.book_free.argtypes = [pointer]
        self._c.book_apply.argtypes = [pointer, pointer, ctypes.c_size_t, number, pointer, pointer, pointer]

    def __call__(self, records: Records, levels: int) -> Told:
        book = self._c.book_new(TICK, ORDERS, max(1, levels))
        touches, depths = np.empty(CHUNK * 10, np.int64), np.empty(CHUNK * (4 + 6 * levels), np.int64)
        rows, told = np.zeros(2, np.uint64), np.zeros(2, np.uint64)
        for at in range(0, len(records), CHUNK):
            some = min(CHUNK, len(records) - at)
            out = depths.ctypes.data if levels else None
            first = records.ctypes.data + at * records.itemsize
            self._c.book_apply(book, first, some, at, touches.ctypes.data, out, rows.ctypes.data)
            told += rows
        self._c.book_free(book)
        return int(told[0]), int(told[1])


def seconds(run: Run) -> tuple[float, Told]:
    began = time.thread_time()
    told = run()
    return time.thread_time() - began, told


def compare(records: Records, levels: int, floor: Floor, turns: int) -> tuple[float, float, float]:
    """Millions of records a second, ours and in C, and how many times longer ours takes: the median of the turns."""
    pairs = []
    for _ in range(turns):
        (took, told), (least, same) = (
            seconds(lambda: ours(records, levels)),
            seconds(lambda: floor(records, levels)),
        )
        assert told == same, f"ours told {told}, C told {same}"
        pairs.append((took, least))
    speeds = [len(records) / min(times) / 1e6 for times in zip(*pairs, strict=True)]
    return speeds[0], speeds[1], statistics.median(took / least for took, least in pairs)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000_000)
    parser.add_argument("--turns", type=int, default=3)
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    records = flow(asked.records)
    ours(records[:CHUNK], 10)  # compiles, or reads what was compiled
    documented, _ = seconds(lambda: (DocumentedBook().replay(records[:SAMPLE]), 0))
    python = min(SAMPLE, len(records)) / documented / 1e6
    with tempfile.TemporaryDirectory() as folder:
        floor = Floor(folder)
        touch = compare(records, 0, floor, asked.turns)
        depth = compare(records, 10, floor, asked.turns)
    print(f"{'M records/s':<24}{'ours':>8}{'C -O2':>8}{'ratio':>8}{'documented':>12}")
    print(f"{'touch on change':<24}{touch[0]:>8.1f}{touch[1]:>8.1f}{touch[2]:>8.2f}{python:>12.3f}")
    print(f"{'ten levels on change':<24}{depth[0]:>8.1f}{depth[1]:>8.1f}{depth[2]:>8.2f}{'':>12}")
    for name, measured, bar, holds in (
        ("book: touch on change", f"{touch[0]:.1f} M/s", ">= 20 M/s", touch[0] >= 20),
        ("book: ten levels on change", f"{depth[0]:.1f} M/s", ">= 15 M/s", depth[0] >= 15),
        ("book: touch, time of C", f"{touch[2]:.2f} x", "<= 1.4 x", touch[2] <= 1.4),
        ("book: ten levels, time of C", f"{depth[2]:.2f} x", "<= 1.6 x", depth[2] <= 1.6),
        ("book: over the documented book", f"{touch[0] / python:.0f} x", ">= 50 x", touch[0] >= 50 * python),
    ):
        print(f"BAR {name} | {measured} | {bar} | {holds}")


if __name__ == "__main__":
    main()
