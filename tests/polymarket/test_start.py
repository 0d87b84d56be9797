"""What the pages on prediction markets tell to type works, line by line, and prints what they say."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("datasets.yaml", "contracts", "stages", "filters", "selection", "scripts")
BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINE = re.compile(r"^\$ (.*)\n((?:[^$].*\n)*)", re.MULTILINE)


def followed(text: str, cwd: Path) -> None:
    """Write the files of a text and type its lines, in the environment of these tests."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, cwd / name)
    place = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
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
