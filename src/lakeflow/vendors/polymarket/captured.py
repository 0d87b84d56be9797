"""The lines of a capture as columns, without a decoder where they are written as nearly all are; and the bytes of the others."""

from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from lakeflow.vendors.polymarket import unescaping
from lakeflow.vendors.polymarket.naming import named


class Captured(NamedTuple):
    """The frames that could be read, and the lines that nobody has read yet."""

    table: pl.DataFrame
    rest: bytes


def captured(text: bytes | memoryview) -> Captured:
    """Lines of frames; what is not among them is left in the order and in the bytes that it has."""
    raw = np.frombuffer(text, np.uint8)
    most, said = unescaping.ended(raw) + 1, np.empty(raw.size, np.uint8)
    out, left = np.empty((unescaping.WIDTH, most + 1), np.int64), np.empty((2, most), np.int64)
    read, lines_left = unescaping.unescape(raw, out, left, said)
    number, names = named(raw, out[unescaping.CONN, :read], out[unescaping.CONN_END, :read])
    table = pl.DataFrame(
        {
            "recv_us": out[unescaping.RECEIVED, :read],
            "conn": names.gather(number),
            "seq": out[unescaping.SEQ, :read],
            "frame": texts(said, out[unescaping.TEXT, : read + 1]),
        }
    )
    lines = [text[begin : end + 1] for begin, end in left[:, :lines_left].T.tolist()]
    return Captured(table, b"".join(lines))


def texts(said: np.ndarray, start: np.ndarray) -> pl.Series:
    """Texts that lie one after another."""
    buffers = [None, pa.py_buffer(np.ascontiguousarray(start)), pa.py_buffer(said)]
    return pl.Series(pa.Array.from_buffers(pa.large_string(), start.size - 1, buffers))
