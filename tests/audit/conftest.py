"""A simulated day made through bronze, silver and selection once, and copies of its lake to harm."""

import json
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from lakeflow.auditing import audited
from lakeflow.cli.main import app
from lakeflow.draft import Draft
from lakeflow.finding import Finding
from lakeflow.manifest import KEY, read_manifest
from lakeflow.partition import Partition
from lakeflow.project import Project, open_project
from lakeflow.simulate.day import write_day

ROOT = Path(__file__).parents[2]

DAYS = (date(2026, 1, 5), date(2026, 1, 6))
DAY = "2026-01-06"
EVENTS = 4_000

Change = Callable[[pl.DataFrame], pl.DataFrame]


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Path:
    """A lake with ES on a Monday and a Tuesday: bronze, the silver of the contract chosen, selections, the gold of Tuesday."""
    from typer.testing import CliRunner

    folder = tmp_path_factory.mktemp("audited")
    files = [str(path) for day in DAYS for path in write_day(folder / "vendor", "ES", day, EVENTS, seed=7)]
    words = ["--project", str(ROOT), "--lake", str(folder / "lake")]
    chosen = ("--symbol", "ES", "--dt", f"{DAYS[0]}..{DAYS[1]}", "--workers", "1")
    for command in (
        ("raw", "add", *files),
        ("run", "--layer", "selection", "--layer", "silver", *chosen),
        ("run", "silver.future_mbo.mbp", *chosen),
        ("run", "--layer", "gold", "--symbol", "ES", "--dt", DAY, "--workers", "1"),
    ):
        done = CliRunner().invoke(app, [*command, *words])
        assert done.exit_code == 0, f"{done.output}{done.exception!r}"
    return folder / "lake"


@pytest.fixture
def lake(made, tmp_path) -> Path:
    """A copy of that lake; its tables are the same files until one is replaced."""

    def copy(source: str, target: str) -> str:
        os.link(source, target) if source.endswith((".parquet", ".zst")) else shutil.copy2(source, target)
        return target

    return Path(shutil.copytree(made, tmp_path / "lake", copy_function=copy))


@pytest.fixture(scope="session")
def rewritten() -> Callable[[Project, Partition, Change], Path]:
    """Replace a partition's rows and leave its manifest as it is, as a bug or a stranger would; where the old file is kept."""

    def replace(project: Project, partition: Partition, change: Change) -> Path:
        path = project.lake / partition.path
        draft = Draft(path.with_suffix(".harmed"), project.contract(partition.dataset))
        draft.write(change(pl.read_parquet(path, hive_partitioning=False)))
        draft.content()
        draft.close({KEY: read_manifest(project.lake, partition).to_json()})
        kept = path.replace(path.with_suffix(".kept"))
        draft.path.replace(path)
        return kept

    return replace


@pytest.fixture
def harm(lake, rewritten) -> Callable[[Partition, Change], None]:
    """The same, in the copy of the lake."""

    def replace(partition: Partition, change: Change) -> None:
        with open_project(ROOT, lake) as project:
            rewritten(project, partition, change)

    return replace


@pytest.fixture
def retold(lake) -> Callable[[Partition, Callable[[dict], dict]], None]:
    """Replace what a partition's manifest says and leave its rows as they are."""

    def replace(partition: Partition, change: Callable[[dict], dict]) -> None:
        path = lake / partition.path
        with pq.ParquetFile(path) as file:
            table, told = file.read(), json.loads(file.metadata.metadata[KEY])
        path.unlink()
        with pq.ParquetWriter(path, table.schema) as writer:
            writer.write_table(table)
            writer.add_key_value_metadata({KEY: json.dumps(change(told))})

    return replace


@pytest.fixture
def findings(lake) -> Callable[[Partition], list[Finding]]:
    """How every check of a partition's step ended."""

    def look(partition: Partition) -> list[Finding]:
        with open_project(ROOT, lake) as project:
            return list(audited(project, [partition]))

    return look
