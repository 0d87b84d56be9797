"""The silver tables of a session of one contract, ten million order records long, as files; made once and kept between runs."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from book_flow import flow

from lakeflow.market.replayed import replayed

DAY, SYMBOL, INSTRUMENT = date(2026, 1, 6), "ESH6", 42_140_878
FORM = 4  # of what is written: raised when it changes, so that an older kept folder is not used
MIDNIGHT, HOURS_NS = 1_767_657_600 * 10**9, 22 * 3600 * 10**9
TICK, PIECE = 250_000_000, 1 << 20
TIME = pl.Datetime("ns", "UTC")


def tables(records: int) -> Path:
    """The folder of the day's tables; written, if it must be, by a process of its own."""
    folder = Path(tempfile.gettempdir()) / f"lakeflow-bench-silver-{FORM}-{records}"
    if not folder.exists():
        subprocess.run([sys.executable, __file__, str(records), str(folder)], check=True)
    return folder


def write(records: int, folder: Path) -> None:
    draft = folder.with_name(f"draft-{folder.name}")
    draft.mkdir(exist_ok=True)
    writers: dict[str, pq.ParquetWriter] = {}
    for made in replayed(orders(records), definition(), status(), venues=False, leveled=False):
        for name, rows in made.items():
            table = rows.to_arrow()
            if name not in writers:
                writers[name] = pq.ParquetWriter(draft / f"{name}.parquet", table.schema, compression="zstd")
            writers[name].write_table(table)
    for writer in writers.values():
        writer.close()
    draft.rename(folder)


def orders(records: int) -> Iterator[pl.DataFrame]:
    """The day of the book bench, spread over the hours from midnight to the close."""
    rows = flow(records)
    received = MIDNIGHT + np.arange(records) * (HOURS_NS // records) + 85_000
    letters = {"action": list("ACMTFRN"), "side": list("BAN")}
    for start in range(0, records, PIECE):
        part, times = rows[start : start + PIECE], received[start : start + PIECE]
        plain = {
            name: np.ascontiguousarray(part[name])
            for name in ("order_id", "price", "size", "flags", "sequence")
        }
        yield pl.DataFrame(
            {
                "row": np.arange(start, start + len(part)),
                "ts_recv": pl.Series(times).cast(TIME),
                "ts_event": pl.Series(times - 85_000).cast(TIME),
                "publisher_id": pl.Series(np.ones(len(part), np.uint16)),
                "instrument_id": pl.Series(np.full(len(part), INSTRUMENT, np.uint32)),
                **plain,
                **{
                    name: pl.Series(np.ascontiguousarray(part[name]).astype("U1")).cast(pl.Enum(known))
                    for name, known in letters.items()
                },
            }
        )


def definition() -> pl.DataFrame:
    """What a replay and the grid ask of a definition."""
    row = {
        "row": 0, "ts_recv": MIDNIGHT, "instrument_id": INSTRUMENT, "raw_symbol": SYMBOL, "min_price_increment": TICK,
        "max_trade_vol": None, "low_limit_price": None, "high_limit_price": None,
    }  # fmt: skip
    kinds: dict[str, Any] = {
        "ts_recv": TIME,
        "instrument_id": pl.UInt32,
        "max_trade_vol": pl.UInt32,
    } | dict.fromkeys(("low_limit_price", "high_limit_price"), pl.Int64)
    return pl.DataFrame([row], schema_overrides=kinds)


def status() -> pl.DataFrame:
    names: dict[str, Any] = {
        "row": pl.Int64,
        "ts_recv": TIME,
        "publisher_id": pl.UInt16,
        "instrument_id": pl.UInt32,
        "action": pl.UInt16,
    }
    return pl.DataFrame(schema=names)


def coverage() -> pl.DataFrame:
    """One file that holds the whole day."""
    day = pl.DataFrame({"raw_symbol": [SYMBOL], "vendor_dataset": ["GLBX.MDP3"], "file": ["mbo.dbn.zst"]})
    start = pl.lit(MIDNIGHT).cast(TIME)
    return day.with_columns(ts_start=start, ts_end=(start + pl.duration(days=1)).cast(TIME), is_limited=False)


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
