"""The docs hold: every command, dataset, param and setting is in them, and what they tell to type works."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from lakeflow.catalog import LAYERS
from lakeflow.settings import SETTINGS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def script(name: str, *words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, name, *words], cwd=cwd, capture_output=True, text=True, check=False
    )


def command(line: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A line as a user types it, run by the command of this environment."""
    words = shlex.split(line)
    assert words[0] == "lakeflow"
    return subprocess.run(
        [sys.executable, "-m", "lakeflow.cli", *words[1:]],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_page_of_commands_is_what_the_command_says():
    assert script("scripts/write_commands.py").stdout == (DOCS / "commands.md").read_text()


def test_the_page_of_datasets_is_what_the_registry_says():
    assert command("lakeflow datasets --markdown", ROOT).stdout == (DOCS / "datasets.md").read_text()


def test_every_dataset_and_param_is_in_the_docs():
    page = (DOCS / "datasets.md").read_text()
    registry = yaml.safe_load((ROOT / "datasets.yaml").read_text())
    params = [name for stage in registry["stages"].values() for name in stage.get("params", {})]
    assert [
        word for word in [*registry["datasets"], *registry["stages"], *params] if f"`{word}`" not in page
    ] == []


def test_every_setting_is_in_operations():
    page = (DOCS / "operations.md").read_text()
    assert [name for name in SETTINGS if f"`{name}`" not in page] == []


def test_adding_a_product_works_line_by_line(tmp_path):
    for kind, file, text in BLOCK.findall((DOCS / "adding-a-product.md").read_text()):
        if file:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(text)
        for line in text.splitlines() if kind == "console" else ():
            done = command(line.removeprefix("$ "), tmp_path)
            assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    done = command(
        'lakeflow query "SELECT high, volume FROM gold.acme_equity.bars ORDER BY ts_hour" --format csv',
        tmp_path,
    )
    assert done.stdout.split() == ["high,volume", "100.5,100", "100.4,50"]


@pytest.mark.parametrize(("page", "count"), [("README.md", 5), ("docs/market-truth.md", 2)])
def test_the_queries_of_a_page_work_on_the_demo_registry(tmp_path, page, count):
    queries = re.findall(r'^lakeflow (query ".*?")$', (ROOT / page).read_text(), re.MULTILINE)
    assert len(queries) >= count
    for query in queries:
        done = command(f"lakeflow {query} --project {ROOT} --lake {tmp_path}", ROOT)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "page", sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")]), ids=lambda page: page.name
)
def test_every_link_of_a_page_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text())
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_the_readme_and_the_house_agree_on_the_layers():
    readme = (ROOT / "README.md").read_text()
    assert [layer for layer in LAYERS if layer not in readme] == []
