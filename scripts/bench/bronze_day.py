"""The delivery that the benches of reading and of bronze share: an ES day of orders, written once and kept between runs."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
from book_flow import flow

from lakeflow.vendors.databento.codes import UNDEF_PRICE
from lakeflow.vendors.databento.encode import dbn_file
from lakeflow.vendors.databento.header import Header, Interval

DAY, DAY_BEFORE = date(2026, 1, 6), date(2026, 1, 5)
DAY_NS = 86_400_000_000_000
FORM = 2  # of what is written: raised when it changes, so that an older kept file is not used
PIECE = 1 << 20  # records written at a time
PART = 10_000_000  # records made at a time: a longer day is several such, one after another, each from an empty book


def delivery(records: int, day: date = DAY) -> Path:
    """The day's `.dbn.zst`, in a folder of this machine's temporary ones that stays."""
    folder = Path(tempfile.gettempdir()) / f"lakeflow-bench-{FORM}-{records}-{day}"
    path = folder / f"glbx-mdp3-{day:%Y%m%d}.mbo.dbn.zst"
    if not path.exists():
        folder.mkdir(exist_ok=True)
        draft = path.with_name(f"draft.{path.name}")
        with dbn_file(draft, header(day)) as file:
            for rows in parts(records, midnight(day)):
                for start in range(0, len(rows), PIECE):
                    file.write(rows[start : start + PIECE].tobytes())
        draft.rename(path)
    return path


def kept(records: int, day: date = DAY) -> Path:
    """The same file; written, if it must be, by a process of its own."""
    subprocess.run([sys.executable, __file__, str(records), day.isoformat()], check=True)
    return delivery(records, day)


def header(day: date) -> Header:
    known = {"ESH6": (Interval(day, day + timedelta(days=1), "42140878"),)}
    start = midnight(day)
    made = Header(3, "GLBX.MDP3", "mbo", start, start + DAY_NS, None, "parent", "instrument_id")
    return replace(made, symbols=("ES.FUT",), mappings=known)


def midnight(day: date) -> int:
    return (day - date(1970, 1, 1)).days * DAY_NS


def parts(records: int, start: int) -> Iterator[npt.NDArray[np.void]]:
    """The day's records, not all of them in memory at once; a later part clears the book first, and uses new order ids."""
    starts = range(0, records, PART)
    for place, first in enumerate(starts):
        length = DAY_NS // len(starts)
        rows = timed(flow(min(PART, records - first), seed=7 + place), start + place * length, length)
        if place:
            rows["order_id"] += np.where(rows["order_id"], np.uint64(place << 40), np.uint64(0))
            clear(rows[:1])
        yield rows


def clear(row: npt.NDArray[np.void]) -> None:
    """Make a record one that empties the book."""
    row["action"], row["side"], row["flags"] = b"R", b"N", 128
    row["order_id"], row["price"], row["size"] = 0, UNDEF_PRICE, 0


def timed(rows: npt.NDArray[np.void], start: int, length: int = DAY_NS) -> npt.NDArray[np.void]:
    """Records of an event share its time; events come in bursts, and the way to the vendor takes a varying time."""
    chance = np.random.default_rng(7)
    ends = (rows["flags"] & 128) != 0
    event = np.cumsum(ends) - ends
    gaps = chance.lognormal(0.0, 2.2, int(event[-1]) + 1) * (chance.random(int(event[-1]) + 1) > 0.3)
    at = start + (np.cumsum(gaps / gaps.sum()) * 0.95 * length).astype(np.int64)
    received = np.maximum.accumulate(at + 60_000 + chance.lognormal(9.0, 0.8, len(at)).astype(np.int64))
    rows["ts_event"], rows["ts_recv"] = at[event], received[event]
    rows["ts_in_delta"] = (12_000 + chance.lognormal(7.0, 0.6, len(at)))[event]
    rows["sequence"] = 1_000 + np.cumsum(gaps > 0)[event]
    return rows


if __name__ == "__main__":
    # By itself: the memory it takes would count as that of whatever is started next.
    delivery(int(sys.argv[1]), date.fromisoformat(sys.argv[2]))
