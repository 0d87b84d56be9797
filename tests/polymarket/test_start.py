"""The start of the docs, typed line by line: what it prints is what the docs say."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("datasets.yaml", "contracts", "stages", "filters", "selection")
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def typed(line: str, cwd: Path, place: dict[str, str]) -> str:
    """What a line prints; `lakeflow` and `python` are those of this environment."""
    words = shlex.split(line)
    if words[0] == "export":
        place.update([words[1].split("=", 1)])
        return ""
    command = ["-m", "lakeflow.cli", *words[1:]] if words[0] == "lakeflow" else words[1:]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env=os.environ | place,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_start_of_the_docs_prints_what_they_say(tmp_path):
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    text = (ROOT / "docs" / "prediction-markets.md").read_text()
    told = BLOCK.search(text[text.index("## A start") :])[1]
    place: dict[str, str] = {}
    for line, said in re.findall(r"^\$ (.*)\n((?:[^$].*\n)*)", told, re.MULTILINE):
        found = typed(line, tmp_path, place)
        if said:
            assert [each.rstrip() for each in found.splitlines()] == said.splitlines(), line
    assert sorted(path.name for path in tmp_path.glob("*")) == sorted(
        [*COPIED, "try", "shards", "calibration-polymarket.html"]
    )
