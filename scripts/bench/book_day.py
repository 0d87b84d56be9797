"""The day of order records that the book bench replays: the front contract of the simulator's ES day, made once and kept."""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lakeflow.market.records import MBO

TICK = 250_000_000
FORM = 1  # of what is kept: raised when the simulator changes, so that an older file is not used
# What an ordinary day has; what goes wrong with a feed or its delivery (gaps, recoveries, repeats, halts) is not in it.
HAZARDS = frozenset({"hidden", "unprinted", "unsided", "mixed", "notes", "stubs", "torn", "preopen"})

Records = npt.NDArray[np.void]


def es_day(records: int) -> Records:
    """So many records of one contract over a whole day; the first ones clear the book and fill it again."""
    day: Records = np.load(place(records))
    assert day.dtype == MBO
    return day


def keep(records: int) -> None:
    """Have the day made, where it is not yet, by a process of its own: the peers' Python has no simulator."""
    if not place(records).exists():
        subprocess.run([sys.executable, __file__, str(records)], check=True)


def place(records: int) -> Path:
    """Where the day is kept, in a folder of this machine's temporary ones that stays."""
    return Path(tempfile.gettempdir()) / f"lakeflow-bench-book-{FORM}" / f"{records}.npy"


def write(records: int) -> None:
    from lakeflow.simulate import future_day  # not there in the peers' Python

    path = place(records)
    path.parent.mkdir(exist_ok=True)
    draft = path.with_name(f"draft-{path.name}")
    np.save(draft, np.concatenate(list(future_day.records(records, hazards=HAZARDS))))
    draft.rename(path)


if __name__ == "__main__":
    write(int(sys.argv[1]))
