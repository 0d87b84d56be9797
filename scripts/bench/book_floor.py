"""The order book of book_floor.c, compiled where this machine has a C compiler."""

import ctypes
import subprocess
from pathlib import Path

import numpy as np
from book_day import TICK, Records
from book_race import CHUNK, CHUNK_TEN

ORDERS = 8_192  # slots, as our own book begins with

Told = tuple[int, int]  # rows of the touch, rows of the depth


class Floor:
    """Replays records in chunks of as many as ours is given, into arrays of the same layout."""

    def __init__(self, folder: Path) -> None:
        library = folder / "floor.so"
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
        chunk = CHUNK_TEN if levels else CHUNK
        touches, depths = np.empty(chunk * 10, np.int64), np.empty(chunk * (4 + 6 * levels), np.int64)
        rows, told = np.zeros(2, np.uint64), np.zeros(2, np.uint64)
        for at in range(0, len(records), chunk):
            some = min(chunk, len(records) - at)
            out = depths.ctypes.data if levels else None
            first = records.ctypes.data + at * records.itemsize
            self._c.book_apply(book, first, some, at, touches.ctypes.data, out, rows.ctypes.data)
            told += rows
        self._c.book_free(book)
        return int(told[0]), int(told[1])
