"""Answers to contract lint, diff and infer."""

import json
import subprocess
from pathlib import Path
from typing import Any

from lakeflow.cli.options import Place
from lakeflow.cli.voice import Voice
from lakeflow.compatibility import compare, version_faults
from lakeflow.config import read_config
from lakeflow.contract import Contract, load_contract, parse, read_contract
from lakeflow.errors import ConfigError, UsageError
from lakeflow.inference import infer
from lakeflow.lint import lint
from lakeflow.project import find_root
from lakeflow.rulecheck import rule_faults


def print_faults(files: list[Path], place: Place) -> None:
    """Every fault of the contracts, or how many there are without one."""
    root = find_root(place.project)
    voice = voice_of(place, root)
    every = files or sorted((root / "contracts").rglob("*.avsc"))
    faults = [fault for file in every for fault in faults_of(file)]
    if faults:
        raise ConfigError(faults)
    voice.data("contracts", [f"{file.parent.name}/{file.stem}" for file in every])
    voice.say(f"{len(every)} contracts, no fault")
    voice.finish()


def faults_of(file: Path) -> list[str]:
    name = f"{file.parent.name}/{file.stem}"
    try:
        schema = parse(file.read_text(encoding="utf-8"), name)
        return lint(schema, name) or rule_faults(load_contract(file))
    except OSError as error:
        return [f"{file}: expected a contract that can be read, found {error.strerror}"]
    except ConfigError as error:
        return [str(fault) for fault in error.faults]


def print_changes(base: str, place: Place) -> int:
    """Every change of every contract since a revision; 4 when a version does not fit its changes."""
    root = find_root(place.project)
    voice = voice_of(place, root)
    rows, faults = [], []
    for name, (old, new) in pairs(root, base).items():
        if old is None or new is None:
            rows.append(
                {
                    "contract": name,
                    "column": "",
                    "what": "is new" if old is None else "is gone",
                    "verdict": "",
                    "why": "",
                }
            )
            continue
        found = compare(old, new)
        rows += [{"contract": name, **change._asdict()} for change in found]
        faults += [{"contract": name, "fault": fault} for fault in version_faults(old, new)]
    voice.rows("changes", rows, faults=faults)
    voice.table(faults)
    voice.say(f"{len(rows)} changes since {base}, {len(faults)} versions that do not say so")
    voice.finish()
    return 4 if faults else 0


def pairs(root: Path, base: str) -> dict[str, tuple[Contract | None, Contract | None]]:
    """Each contract then and now."""
    now = {
        f"{f.parent.name}/{f.stem}": load_contract(f) for f in sorted((root / "contracts").rglob("*.avsc"))
    }
    listed = git(root, "ls-tree", "-r", "--name-only", base, "--", "contracts").splitlines()
    then = {
        f"{Path(path).parent.name}/{Path(path).stem}": read_contract(
            git(root, "show", f"{base}:./{path}"), f"{Path(path).parent.name}/{Path(path).stem}"
        )
        for path in listed
        if path.endswith(".avsc")
    }
    return {name: (then.get(name), now.get(name)) for name in sorted({*then, *now})}


def git(root: Path, *words: str) -> str:
    found = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)
    if found.returncode:
        raise UsageError(
            f"git {' '.join(words)}: {found.stderr.strip()}; name a revision of this project's repository"
        )
    return found.stdout


def draft(file: Path, name: str) -> str:
    """A contract for what a file holds, as text."""
    if not file.is_file():
        raise UsageError(f"{file}: expected a Parquet file, found none")
    return json.dumps(infer(file, name), indent=2)


def voice_of(place: Place, root: Path) -> Voice:
    config: Any = read_config(root, {}, {}, Path.cwd())
    return Voice.of(place, config)
