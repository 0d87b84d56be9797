"""What compiling the book's kernels costs on a machine that never has, and a start on one that has."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

FIRST = Path(__file__).with_name("book_first.py")
SLOWEST, START = 5.0, 1.5  # seconds

Bar = tuple[str, str, str, bool]


class Start(NamedTuple):
    """Seconds of processor time of the whole process, and of each kernel that it compiled."""

    seconds: float
    kernels: dict[str, float]


def compile_bars() -> tuple[Bar, Bar]:
    """Two starts with one empty cache: the first compiles every kernel, the second finds them."""
    with tempfile.TemporaryDirectory() as cache:
        cold, warm = start(Path(cache)), start(Path(cache))
    slowest = max(cold.kernels, key=lambda name: cold.kernels[name])
    took = cold.kernels[slowest]
    named = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in sorted(cold.kernels.items()))
    print(f"compiled once a machine: {named}; then a start takes {warm.seconds:.2f} s")
    return (
        (f"book: compile, slowest kernel ({slowest})", f"{took:.1f} s", f"<= {SLOWEST:g} s", took <= SLOWEST),
        warm_bar(warm),
    )


def warm_bar(warm: Start) -> Bar:
    """What was compiled again, as after an edit of lakeflow.market between the two starts, was not warm."""
    again = f", {len(warm.kernels)} compiled again" if warm.kernels else ""
    holds = not again and warm.seconds <= START
    return "book: warm start", f"{warm.seconds:.2f} s{again}", f"<= {START:g} s", holds


def start(cache: Path) -> Start:
    """A Python that replays some records, reads the queues, and measures the same records."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env["NUMBA_CACHE_DIR"] = str(cache)
    done = subprocess.run([sys.executable, FIRST], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{FIRST.name} failed:\n{done.stderr}")
    told = json.loads(done.stdout)
    return Start(told["start"], told["kernels"])
