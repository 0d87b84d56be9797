"""How fast commands start: a run with nothing to do on the demo's lake, and --help; and what they load meanwhile."""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from many import project
from toy import command

HERE = Path(__file__).resolve().parents[2]
HEAVY = frozenset({"polars", "pyarrow", "numba", "databento", "sklearn", "duckdb"})


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--turns", type=int, default=5)
    arguments.add_argument("--toy", action="store_true", help="A toy's lake in place of the demo's.")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=".") as folder:
        root = toy(Path(folder).resolve()) if given.toy else demo(Path(folder).resolve())
        report("run with nothing to do", root, "run", 1.5, given.turns, HEAVY | {"stages"})
        report("--help", root, "--help", 0.6, given.turns, HEAVY)


def demo(root: Path) -> Path:
    """The demo's project and lake, as the demo leaves them: everything made."""
    command(HERE, "demo", "--into", str(root / "demo"))
    return whole(root / "demo")


def toy(root: Path) -> Path:
    project(root, symbols=1, days=1)
    command(root, "run", "--workers", "1")
    return whole(root)


def whole(root: Path) -> Path:
    said = command(root, "run").said
    if "nothing to do" not in said:
        sys.exit(f"run with nothing to do: found something to do:\n{said[-2000:]}")
    return root


def report(name: str, root: Path, word: str, limit: float, turns: int, banned: frozenset[str]) -> None:
    found = [command(root, word) for _ in range(turns + 1)][1:]  # the first one compiles
    wall, cpu = statistics.median(t.wall for t in found), statistics.median(t.cpu for t in found)
    loaded = banned & frozenset.union(*(turn.loaded for turn in found))
    print(f"BAR {name} | {wall:.2f} s (cpu {cpu:.2f} s) | {limit:g} s | {wall <= limit}")
    print(f"BAR {name}, heavy modules loaded | {', '.join(sorted(loaded)) or 'none'} | none | {not loaded}")


if __name__ == "__main__":
    main()
