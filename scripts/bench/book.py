"""Order books: ours, the same algorithm in C, the documented one in Python and two peers: `book.py [--records N] [--turns N]`.

It goes on in the Python of the peers, so that all run in one process; `--alone` measures without them.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from book_compile import compile_bars
from book_day import es_day, keep
from peers import ROOT, NoPeersError, peers_python

INSIDE = "LAKEFLOW_BENCH_PEERS"  # set in the process that runs in the peers' Python
LIMIT = 1_200  # seconds for the whole race, peers' trials included


def main() -> None:
    asked = arguments()
    keep(asked.records)
    if asked.alone or INSIDE in os.environ:
        race(asked.records, asked.turns, asked.alone)
    else:
        race_with_peers()
        for name, measured, limit, holds in compile_bars():
            print(f"BAR {name} | {measured} | {limit} | {holds}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000_000)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--alone", nargs="?", const="left out by --alone", metavar="WHY")
    return parser.parse_args()


def race_with_peers() -> None:
    """Run this file again by the Python that has the peers; by this one, with a word of it, where there is none."""
    words = [str(Path(__file__)), *sys.argv[1:]]
    env = {**os.environ, INSIDE: "1", "PYTHONPATH": str(ROOT / "src")}
    try:
        python = peers_python()
    except NoPeersError as why:
        del env[INSIDE]
        python, words = Path(sys.executable), [*words, "--alone", str(why)]
    sys.stdout.flush()
    try:
        done = subprocess.run([python, *words], env=env, check=False, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        sys.exit(f"the race of the books has no end after {LIMIT} s")
    if done.returncode:
        sys.exit(done.returncode)


def race(records: int, turns: int, alone: str | None) -> None:
    """One core, and the processor time that each takes of it."""
    # A process that leaves for the peers' Python has no need of numba, nor of the peers' modules.
    from book_bars import bars, table
    from book_race import Race
    from book_runners import c_runners, home_runners
    from peers_runners import PART, entrants

    os.sched_setaffinity(0, {0})
    day, race = es_day(records), Race()
    part = day[:PART]
    with tempfile.TemporaryDirectory() as folder:
        peers, missing = entrants(part, Path(folder), alone)
        in_c, no_c = c_runners(day, Path(folder))
        runners = home_runners(day, part) | in_c | peers
        Race().turn(runners)  # compiles, and touches all memory once
        for _ in range(turns):
            race.turn(runners)
    print(table(race, missing | no_c))
    for name, measured, limit, holds in bars(race):
        print(f"BAR {name} | {measured} | {limit} | {holds}")


if __name__ == "__main__":
    main()
