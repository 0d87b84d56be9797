"""The demo: a project of its own in a folder, and the very commands a user would type, one after another."""

import shutil
import subprocess
import sys
from pathlib import Path

from lakeflow.cli import questions
from lakeflow.errors import LakeflowError, UsageError
from lakeflow.functions import load_function
from lakeflow.project import find_root, open_project

COPIED = ("datasets.yaml", "audits.yaml", "contracts", "stages", "filters", "selection")
MARK = ".lakeflow-demo"
BELOW_GOLD = ("--layer", "bronze", "--layer", "silver", "--layer", "selection")
VENUE = "polymarket"
VENUE_DAYS = "2026-01-05..2026-01-07"


class Show:
    """One demo, from an empty folder to queries."""

    def __init__(self, project: Path, into: Path) -> None:
        self._root = find_root(project)
        self._into = into.resolve()
        self._lake = self._into / "lake"
        self._venue = self._into / "deliveries" / VENUE

    def go(self) -> None:
        """Every act of the demo; the first command that does not end as it should ends it."""
        self._stage_project()
        self._say("1. Vendor files arrive. One of them was cut by a broken download.")
        files = [file for file in self._deliver() if file.parent != self._venue]
        cut, whole = self._cut(files)
        self._run("raw", "add", *(str(cut if file == whole else file) for file in files))
        self._say(
            "2. One command makes every table below gold. The cut file is told and costs its own day, nothing else."
        )
        self._run("run", *BELOW_GOLD, expected=3)
        self._say("3. The file is delivered again. The next run makes just what it lacks.")
        self._run("raw", "add", "--replace", str(whole))
        self._run("run", *BELOW_GOLD)
        self._say("4. A run with nothing to do does nothing.")
        self._run("run", *BELOW_GOLD)
        self._say("5. A param is changed. Only what follows from it is made anew.")
        self._change_param()
        self._run("plan", *BELOW_GOLD, "--symbol", "ESH6")
        self._run("run", *BELOW_GOLD)
        self._say(
            "6. ES is a parent: in silver and gold it means the contract that the selection chose for the day; here it rolls."
        )
        self._run("plan", "--layer", "silver", "--symbol", "ES")
        self._say(
            "7. Gold: two sessions of that contract, second by second, and what kind of market each second was in."
        )
        self._run("run", "--layer", "gold", "--symbol", "ES", "--dt", "2026-03-12..2026-03-13")
        self._run("query", questions.SESSIONS)
        self._say(
            "8. A prediction market: what recorders kept of it, to prices at fixed times before the end, to how good these were."
        )
        self._run("raw", "add", str(self._venue))
        self._run("run", "--symbol", VENUE)
        self._run("query", questions.SCOREBOARD)
        page = str(self._into / f"calibration-{VENUE}.html")
        self._run("report", "calibration", "--symbol", VENUE, "--dt", VENUE_DAYS, "--out", page)
        self._say("9. What there is now.")
        self._run("status", "--layer", "gold")
        self._run("query", questions.ROWS)
        self._say(
            f"Made: a project in {self._shown(self._into)}, its lake in {self._shown(self._lake)}, and {self._shown(page)} (open it in a browser)."
        )
        self._print("Ask it something yourself:")
        for told, sql in questions.TO_PASTE.items():
            self._print(f'\n# {told}\n{self._command()} query --project {self._shown(self._into)} "{sql}"')

    def _stage_project(self) -> None:
        if self._into.exists() and any(self._into.iterdir()) and not (self._into / MARK).exists():
            raise UsageError(
                f"--into {self._into}: expected an empty folder or an earlier demo, found other files; name another folder"
            )
        shutil.rmtree(self._into, ignore_errors=True)
        self._into.mkdir(parents=True)
        (self._into / MARK).touch()
        for name in COPIED:
            source = self._root / name
            if source.is_dir():
                shutil.copytree(source, self._into / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copyfile(source, self._into / name)

    def _deliver(self) -> list[Path]:
        """The vendor's files, as the project's simulator writes them."""
        with open_project(self._into) as project:
            if project.catalog.demo is None:
                raise UsageError(
                    "datasets.yaml names no `demo:` function that writes deliveries; this project has no demo"
                )
            return list(load_function(project.catalog.demo, self._into)(self._into / "deliveries"))

    def _cut(self, files: list[Path]) -> tuple[Path, Path]:
        """Half of the largest file of the last day, under the name of the whole."""
        whole = max(files, key=lambda file: (file.name.split(".")[0], file.stat().st_size))
        cut = self._into / "deliveries" / "cut" / whole.name
        cut.parent.mkdir()
        cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
        return cut, whole

    def _change_param(self) -> None:
        registry = self._into / "datasets.yaml"
        text = registry.read_text(encoding="utf-8")
        changed = text.replace("params: {min_size: 1}", "params: {min_size: 2}")
        if changed == text:
            raise LakeflowError(
                f"{registry}: expected params: {{min_size: 1}} to change for the demo, found none"
            )
        registry.write_text(changed, encoding="utf-8")

    def _run(self, *words: str, expected: int = 0) -> None:
        """One command as a user would type it, in a process of its own."""
        shown = [word if " " not in word else f'"{word}"' for word in map(self._shown, words)]
        self._print(
            f"$ {self._command()} {' '.join(shown if len(shown) < 12 else [*shown[:4], f'... {len(shown) - 4} more'])}"
        )
        found = subprocess.run(
            [sys.executable, "-m", "lakeflow.cli", *words, "--project", str(self._into)], check=False
        ).returncode
        if found != expected:
            raise LakeflowError(
                f"the demo's `lakeflow {words[0]}` ended with exit code {found}, expected {expected}"
            )
        self._print(f"(exit code {found})" if found else "")

    def _say(self, text: str) -> None:
        self._print(f"\n--- {text}\n")

    def _print(self, text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def _shown(self, path: str | Path) -> str:
        text = str(path)
        here = f"{Path.cwd()}/"
        return text.removeprefix(here)

    def _command(self) -> str:
        """The command as it can be typed here: on the path, or in the environment that `make demo` made."""
        return "lakeflow" if shutil.which("lakeflow") else self._shown(Path(sys.argv[0]))
