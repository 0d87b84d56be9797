"""Compiled kernels: one folder for each state of the source, shared by lakes, cleared when long unused."""

import os
import shutil
from pathlib import Path

import pytest

from lakeflow.execution import Terms, execute
from lakeflow.garbage import find
from lakeflow.kernels import VARIABLE, Kernels, kernel_folder, unused
from lakeflow.project import open_project
from lakeflow.request import Request
from lakeflow.summary import Silence

SCALE = "stages/silver/prices.py"
STAGES = ("bronze.toy.split", "silver.toy.scale")
RAW = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(VARIABLE, raising=False)
    return tmp_path / "cache" / "lakeflow"


class Ears(Silence):
    def __init__(self) -> None:
        self.heard: list[str] = []

    def say(self, text: str) -> None:
        self.heard.append(text)


def heard(root: Path) -> list[str]:
    ears, project = Ears(), open_project(root)
    execute(project, Request(frozenset(project.catalog.datasets)), Terms(workers=1, listener=ears))
    return ears.heard


def with_kernels(root: Path) -> Path:
    text = (root / SCALE).read_text().replace("import polars", "import numba  # noqa\nimport polars")
    (root / SCALE).write_text(text)
    return root


def test_another_source_of_kernels_has_another_folder(toy, home):
    root = with_kernels(toy({}))
    before = kernel_folder(root)
    (root / SCALE).write_text((root / SCALE).read_text() + "\n# another\n")
    assert before.parent == home
    assert kernel_folder(root) != before


def test_projects_whose_own_code_has_no_kernels_share_a_folder(toy):
    root = toy({})
    before = kernel_folder(root)
    (root / SCALE).write_text((root / SCALE).read_text() + "\n# another\n")
    shutil.move(root, root.parent / "elsewhere")
    assert kernel_folder(root.parent / "elsewhere") == before


def test_the_runs_of_a_stage_with_kernels_say_that_they_compile_until_it_has_made_something(toy):
    root = with_kernels(toy({RAW: "1 100\n"}))
    assert Kernels(open_project(root)).lacking(STAGES) == ["silver.toy.scale"]
    assert [text for text in heard(root) if "compiling kernels" in text] != []
    assert Kernels(open_project(root)).lacking(STAGES) == []


def test_a_run_without_kernels_says_nothing_of_them(toy):
    assert heard(toy({RAW: "1 100\n"})) == []


def test_kernels_that_nobody_asked_for_in_a_month_are_rubbish(toy):
    project = open_project(toy({}))
    folder = Kernels(project).folder
    assert list(unused()) == []
    os.utime(folder, (0, 0))
    assert [found.path for found in find(project)] == [folder]
