"""Readers of the lake while a partition is committed again and again: none sees two generations, none of ours fails.

Engines open a file twice, for its footer and for its pages. Where the generations lie in the file alike (as when the same rows
come with other values) no engine fails. Where they do not, engines fail now and then, loudly; lakeflow's own readers look
whether a file was replaced while they read it, and read again.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.dataset as ds
import pytest

from lakeflow.commit import Committer, Intent, Move
from lakeflow.draft import Draft
from lakeflow.manifest import KEY, Manifest
from lakeflow.partition import Partition
from lakeflow.project import open_project

ENGINES = ("duckdb", "polars", "pyarrow", "duckdb_anywhere") * 2
OURS = ("lakeflow", "lakeflow_sql") * 2
TARGET = Partition("silver.toy.prices", "A1", "2026-01-06")


def staged(lake: Path, contract: object, generation: int, growth: int) -> Move:
    """A draft of rows that all hold the number of their generation, each generation longer than the last by `growth`."""
    folder = lake / ".lakeflow/staging/run/step"
    folder.mkdir(parents=True, exist_ok=True)
    draft = Draft(folder / "00000.inprogress", contract)
    rows = 100 + growth * generation
    draft.write(pl.DataFrame({"seq": range(rows), "price": [generation] * rows}))
    content = draft.content()
    manifest = Manifest(
        *TARGET,
        stage="s",
        asked="A1",
        recipe="",
        contract="",
        version="",
        schema_digest="",
        rules_digest="",
        content=content,
    )
    draft.close({KEY: manifest.to_json()})
    return Move(str(draft.path.relative_to(lake)), TARGET.path, content)


def hammered(
    root: Path, seconds: float, engines: tuple[str, ...], growth: int, pause: float = 0.0
) -> tuple[int, list[dict]]:
    """Commit two generations in turn for so long, with eight readers at it; the commits, and what each reader saw."""
    with open_project(root) as project:
        lake, contract = project.lake, project.contract(TARGET.dataset)
    committer, stop = Committer(lake, lake / ".lakeflow/staging/run"), root / "stop"
    committer.commit(Intent("step", (staged(lake, contract, 0, growth),)))
    reader = Path(__file__).with_name("reader.py")
    readers = [
        subprocess.Popen(
            [sys.executable, reader, engine, lake, stop, str(growth)], stdout=subprocess.PIPE, text=True
        )
        for engine in engines
    ]
    assert [process.stdout.readline() for process in readers] == ["ready\n"] * len(readers)
    end, commits = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        commits += 1
        time.sleep(pause)
        committer.commit(Intent("step", (staged(lake, contract, commits % 2, growth),)))
    stop.touch()
    return commits, [json.loads(process.communicate()[0]) for process in readers]


def assert_every_read_was_whole(seen: list[dict], at_least: int) -> None:
    assert [reader for reader in seen if reader["failed"] or reader["mixed"]] == []
    assert min(reader["reads"] for reader in seen) >= at_least


def test_eight_readers_see_one_generation_or_the_other(toy):
    commits, seen = hammered(toy({}), 5, ENGINES, growth=0)
    assert commits > 20
    assert_every_read_was_whole(seen, at_least=10)


@pytest.mark.soak
def test_eight_readers_see_one_generation_or_the_other_for_half_a_minute(toy):
    commits, seen = hammered(toy({}), 30, ENGINES, growth=0)
    assert commits > 120
    assert_every_read_was_whole(seen, at_least=60)


def test_our_own_readers_see_one_generation_or_the_other_however_they_differ(toy):
    _, seen = hammered(toy({}), 4, OURS, growth=40, pause=0.15)
    assert_every_read_was_whole(seen, at_least=1)


def test_engines_that_trip_over_a_commit_fail_and_never_mix(toy):
    _, seen = hammered(toy({}), 2, ENGINES[:4], growth=40)
    assert [reader["mixed"] for reader in seen] == [0] * 4


def globs(lake: Path) -> dict[str, list[int]]:
    """The prices that each engine finds by the globs that people write."""
    found = {}
    for pattern in (f"{lake}/*/product_type=*/symbol=*/table=*/dt=*/*.parquet", f"{lake}/**/*.parquet"):
        told = duckdb.connect().execute("SELECT price FROM read_parquet(?)", [pattern]).fetchall()
        found[f"duckdb {pattern}"] = [price for (price,) in told]
        found[f"polars {pattern}"] = pl.scan_parquet(pattern).collect()["price"].to_list()
    for layer in ("silver", "bronze"):
        table = ds.dataset(str(lake / layer), partitioning="hive").to_table()
        found[f"pyarrow {layer}"] = table.column("price").to_pylist()
    return found


LOOKS = """
import os
import time
from pathlib import Path

import polars as pl


def scale(lines: pl.DataFrame, times: int) -> pl.DataFrame:
    Path(os.environ["BEGUN"]).touch()
    while not Path(os.environ["GO_ON"]).exists():
        time.sleep(0.01)
    return lines
"""


def test_globs_find_partitions_and_nothing_else_while_a_run_and_a_commit_are_under_way(toy, monkeypatch):
    raw = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"
    root = toy({raw: "1 5\n2 5\n", "stages/silver/prices.py": LOOKS})
    begun, go_on = root / "begun", root / "go_on"
    monkeypatch.setenv("BEGUN", str(begun))
    monkeypatch.setenv("GO_ON", str(go_on))
    command = [sys.executable, "-m", "lakeflow.cli", "run", "--workers", "1"]
    go_on.touch()
    assert subprocess.run(command, cwd=root, capture_output=True, check=False).returncode == 0
    for file in (begun, go_on):
        file.unlink()
    with subprocess.Popen([*command, "--overwrite"], cwd=root, stderr=subprocess.PIPE) as run:
        while not begun.exists():
            time.sleep(0.01)
        with open_project(root) as project:
            Committer(project.lake, project.lake / ".lakeflow/staging/other")._write_intent(
                Intent("other", ())
            )
            staged(project.lake, project.contract(TARGET.dataset), 0, 0)
            seen = globs(project.lake)
        go_on.touch()
        run.communicate()
    assert {name: set(prices) for name, prices in seen.items()} == {name: {5} for name in seen}
    assert {len(prices) for name, prices in seen.items() if "pyarrow" not in name} == {4}
    assert run.returncode == 0
