"""Toy projects for the benches, nothing of finance in them, and commands run in them as a user would."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from lakeflow.avsc import NANOS, field, record

STREAM = '''"""A stage that does nothing, a frame at a time."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl


def describe(path: Path) -> list[object]:
    return []


def deliver(files: Sequence[Path], rows: int, chunk: int) -> Iterator[pl.DataFrame]:
    """Random-looking columns, made from the row's number."""
    for start in range(0, rows, chunk):
        n = pl.int_range(start, min(start + chunk, rows), dtype=pl.Int64, eager=True).alias("n")
        mixed = {f"c{k:02d}": (n * (2 * k + 1) * 2654435761 % (10 ** (k % 7 + 2))) for k in range(15)}
        yield pl.DataFrame({"ts_event": (n * 1000).cast(pl.Datetime("ns", "UTC")), **mixed})


def same(rows: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    yield from rows
'''


COMMAND = """
import resource, sys
from lakeflow.cli.main import main
try:
    main()
except SystemExit:
    pass
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print("TOLD", peak, *{name.split(".")[0] for name in sys.modules}, file=sys.stderr)
"""


class Turn(NamedTuple):
    """One command as a process: seconds by the wall and of the processor, peak MiB, what it loaded and said."""

    wall: float
    cpu: float
    peak: float
    loaded: frozenset[str]
    said: str


def write_project(root: Path, files: dict[str, str], registry: dict[str, Any]) -> Path:
    """A project of these files, with a sentence in each package."""
    for package in ("stages", "filters", "selection"):
        (root / package).mkdir(parents=True, exist_ok=True)
        (root / package / "__init__.py").write_text('"""Part of a bench."""\n')
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "datasets.yaml").write_text(json.dumps(registry, indent=1))
    return root


def wide_contract(name: str) -> str:
    """Sixteen columns: the time that is the key, and fifteen whole numbers with bounds."""
    columns = [field(f"c{k:02d}", "long", min=0, max=10**9, encoding="plain") for k in range(15)]
    return json.dumps(
        record(
            name, [field("ts_event", NANOS, encoding="delta"), *columns], key=["ts_event"], sort=["ts_event"]
        )
    )


def streaming_project(root: Path, rows: int) -> Path:
    """One wide table, and its copy by a stage that does nothing."""
    registry = {
        "products": {"toy": {"calendar": "ALWAYS"}},
        "datasets": {
            "raw.toy.vendor": {"describe": "stages.stream.describe"},
            "bronze.toy.wide": {"contract": "bronze/wide"},
            "silver.toy.wide": {"contract": "silver/wide"},
        },
        "stages": {
            "bronze.toy.deliver": {
                "run": "stages.stream.deliver", "reads": {"files": "raw.toy.vendor"}, "makes": {"wide": "bronze.toy.wide"},
                "params": {"rows": rows, "chunk": 262_144},
            },
            "silver.toy.same": {"run": "stages.stream.same", "reads": {"rows": "bronze.toy.wide"}, "makes": {"wide": "silver.toy.wide"}},
        },
    }  # fmt: skip
    files = {f"contracts/{layer}/wide.avsc": wide_contract(f"{layer}/wide") for layer in ("bronze", "silver")}
    write_project(root, {**files, "stages/stream.py": STREAM}, registry)
    delivery(root, "X", "2026-01-06")
    return root


def command(root: Path, *words: str) -> Turn:
    """Run `lakeflow` with these words in a project; the start of the process is part of it."""
    before, began = cpu_of_children(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *words],
        cwd=root,
        env=user_env(),
        capture_output=True,
        text=True,
        check=False,
    )
    wall, cpu = time.perf_counter() - began, cpu_of_children() - before
    talk, mark, told = done.stderr.rpartition("TOLD")
    if not mark:
        sys.exit(done.stderr)
    peak, *loaded = told.split()
    return Turn(wall, cpu, float(peak), frozenset(loaded), done.stdout + talk)


def cpu_of_children() -> float:
    """The processor's seconds, which tell slow code from a machine that others keep busy."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def user_env() -> dict[str, str]:
    """The environment of a user, whose Python keeps what it has compiled."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def delivery(root: Path, symbol: str, dt: str) -> None:
    folder = root / f"lake/raw/source=vendor/product_type=toy/symbol={symbol}/dt={dt}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "file").write_text("x")
