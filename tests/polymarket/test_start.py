"""What the pages on prediction markets tell to type works, line by line, and prints what they say."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl

from lakeflow.project import open_project

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("datasets.yaml", "contracts", "stages", "filters", "selection", "scripts")
BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VENUE = {  # of two markets that are listed three times, one of them twice in an answer, quoted twice and settled once; and an error page
    "bronze.kalshi.fetches": 4, "bronze.kalshi.quarantine": 0, "silver.kalshi.sightings": 6, "silver.kalshi.rest_books": 4,
    "silver.kalshi.resolution_events": 2, "silver.kalshi.quarantine": 1, "silver.kalshi.markets": 4, "silver.kalshi.tokens": 4,
    "silver.kalshi.label": 2, "gold.kalshi.cutoff_snapshot": 8, "gold.kalshi.features": 2, "gold.kalshi.scored_forecast": 18,
    "gold.kalshi.scoreboard_market": 6,
}  # fmt: skip
LINE = re.compile(r"^\$ (.*)\n((?:[^$].*\n)*)", re.MULTILINE)


def followed(text: str, cwd: Path) -> None:
    """Write the files of a text and type its lines, in the environment of these tests; a run starts no pool."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, cwd / name)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    place = os.environ | {"PATH": path, "LAKEFLOW_WORKERS": "1"}
    for kind, file, content in BLOCK.findall(text):
        if file:
            (cwd / file).write_text(content)
        for line, said in LINE.findall(content) if kind == "console" else ():
            if line.startswith("export "):
                place |= [line.removeprefix("export ").split("=", 1)]
                continue
            done = subprocess.run(
                line, shell=True, cwd=cwd, env=place, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
            if said:
                assert [each.rstrip() for each in done.stdout.splitlines()] == said.splitlines(), line


def test_the_start_of_the_docs_prints_what_they_say(tmp_path):
    text = (ROOT / "docs" / "prediction-markets.md").read_text()
    followed(text[text.index("## A start") : text.index("## Shards")], tmp_path)
    made = {"try", "shards", "calibration-polymarket.html"}
    assert {path.name for path in tmp_path.glob("*")} == {*COPIED, *made}


def test_adding_a_venue_works_line_by_line(tmp_path):
    followed((ROOT / "docs" / "adding-a-venue.md").read_text(), tmp_path)
    made = {"lake", "kalshi-2026-01-05.jsonl", "calibration_kalshi-kalshi.html"}
    assert {path.name for path in tmp_path.glob("*")} == {*COPIED, *made}
    with open_project(tmp_path) as project:
        mine = [key for key in project.catalog.datasets if ".kalshi." in key and not key.startswith("raw.")]
        days = {key: [(each.symbol, each.dt) for each in project[key].partitions()] for key in mine}
        rows = {key: project[key].scan().select(pl.len()).collect().item() for key in VENUE}
    assert days == {key: [("kalshi", "2026-01-05")] for key in mine}  # every table, be it empty
    assert set(VENUE) <= set(mine)
    assert rows == VENUE
