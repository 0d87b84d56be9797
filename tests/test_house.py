"""The rules of the house, as programs: what is where, what is named, and what must not be in the tree."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakeflow import __version__
from lakeflow.project import open_project

ROOT = Path(__file__).parent.parent
PACKAGES = ("src/lakeflow", "stages", "filters", "selection")
LIMIT = 200
NOT_OURS = (
    r"(?<![\w.])/(work|farm|root|home/\w+|Users/\w+)/",  # a path of somebody's machine
    r"index-url|/simple/",  # a registry
    r"\bdb-[A-Za-z0-9]{20,}\b",  # a vendor's key
    r"[\w.+-]+@[\w-]+\.(com|org|net|io)\b",  # an address of somebody
    r"\b(?!127\.|0\.)(?:\d{1,3}\.){3}\d{1,3}\b(?!\.)",  # a machine's number
)


def tracked(*suffixes: str) -> Iterator[Path]:
    found = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return (
        ROOT / name
        for name in found.splitlines()
        if name.endswith(suffixes or ("",)) and (ROOT / name).is_file()
    )


def python_files() -> list[Path]:
    return [file for folder in PACKAGES for file in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize("file", python_files(), ids=lambda file: str(file.relative_to(ROOT)))
def test_every_file_says_what_is_in_it_and_can_be_read_at_one_sitting(file):
    text = file.read_text()
    assert ast.get_docstring(ast.parse(text)), "the first line says what is in here"
    assert len(text.splitlines()) <= LIMIT, "look for the second noun"


def test_tests_and_scripts_can_be_read_at_one_sitting_too():
    long = [file.name for file in tracked(".py") if len(file.read_text().splitlines()) > LIMIT]
    assert long == [], "look for the second noun; what tests share stands beside them, or in a conftest.py"


def test_every_package_folder_is_one_sentence():
    for file in (
        f for f in python_files() if f.name == "__init__.py" and f != ROOT / "src/lakeflow/__init__.py"
    ):
        tree = ast.parse(file.read_text())
        assert len(tree.body) == 1, file
        assert (ast.get_docstring(tree) or "").endswith("."), file


def test_every_contract_is_used_by_a_dataset():
    with open_project(ROOT) as project:
        used = set(project.contracts)
    files = (ROOT / "contracts").rglob("*.avsc")
    assert {f"{file.parent.name}/{file.stem}" for file in files} == used


def test_every_module_of_the_project_is_named_in_the_registry():
    registry = (ROOT / "datasets.yaml").read_text()
    modules = [f for folder in ("stages", "filters", "selection") for f in (ROOT / folder).rglob("*.py")]
    for file in (f for f in modules if f.name != "__init__.py"):
        dotted = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        assert f"{dotted}." in registry, f"{dotted} is named nowhere in datasets.yaml"


def test_a_stage_module_has_one_public_function_besides_what_describes_files():
    for file in (f for f in (ROOT / "stages").rglob("*.py") if f.name != "__init__.py"):
        called = re.findall(rf"{file.parent.name}\.{file.stem}\.(\w+)", (ROOT / "datasets.yaml").read_text())
        assert len(set(called)) == 1, file


def test_nothing_in_the_tree_names_a_machine_a_registry_a_key_or_a_person():
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for file in tracked(
            ".py", ".md", ".yaml", ".toml", ".lock", ".sh", ".avsc", ".csv", "Makefile", "run"
        )
        if file != Path(__file__)
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1)
        if any(re.search(pattern, line) for pattern in NOT_OURS)
    ]
    assert found == []


def test_the_lock_pins_every_package_and_names_no_place():
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+!-]+", line) for line in lines)
    names = {re.split("==", line)[0].lower().replace("_", "-") for line in lines}
    wanted = re.findall(r'^    "([A-Za-z0-9-]+)[>=<]', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    optional = {"pandas-market-calendars"}
    assert {name.lower() for name in wanted} - optional <= names


def test_the_changelog_knows_this_version():
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text()


def test_ci_runs_make_check_and_nothing_else():
    words = [
        line for line in (ROOT / ".ci/run").read_text().splitlines() if line and not line.startswith("#")
    ]
    assert words == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "exec make check"]


def test_every_lint_exception_has_its_reason():
    for file in python_files():
        for line in file.read_text().splitlines():
            for reason in re.findall(r"# noqa: [A-Z0-9, ]+(.*)$", line):
                assert len(reason.strip()) > 3, f"{file}: {line.strip()}"


def test_the_tests_mirror_what_they_test_without_packages():
    assert not list((ROOT / "tests").rglob("__init__.py"))
