"""Each thing a partition depends on, changed alone: exactly the expected steps, each with its reason."""

import json
import os

import pytest

from lakeflow.avsc import field, record
from lakeflow.execution import Terms, execute
from lakeflow.project import open_project
from lakeflow.request import Request

RAW = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"
BRONZE, SILVER = "bronze.toy.split A1 2026-01-06", "silver.toy.scale A1 2026-01-06"
SHARED = '"""A number that stages share."""\n\nfrom stages.deeper import ONE\n\nFACTOR = ONE * 1\n'
DEEPER = '"""Where the number comes from."""\n\nONE = 1\n'
STAGE = '''"""Prices, scaled."""

import polars as pl

from stages.shared import FACTOR


def scale(lines: pl.DataFrame, times: int) -> pl.DataFrame:
    """Every price, times a number."""
    return lines.with_columns(price=pl.col("price") * times * FACTOR)
'''


def made(toy):
    root = toy(
        {
            RAW: "1 100\n",
            "stages/silver/prices.py": STAGE,
            "stages/shared.py": SHARED,
            "stages/deeper.py": DEEPER,
        }
    )
    run(root)
    return root


def run(root):
    with open_project(root) as project:
        return execute(project, Request(frozenset(project.catalog.datasets)), Terms(workers=1))


def planned(root) -> list[tuple[str, str, str]]:
    with open_project(root) as project:
        steps = project.planner(Request(frozenset(project.catalog.datasets))).steps()
        return [(str(step.key), step.action, step.reason) for step in steps]


def contract(layer: str, table: str, **price) -> str:
    fields = [field("seq", "long"), field("price", "long", **price)]
    return json.dumps(record(f"{layer}/{table}", fields, key=["seq"], sort=["seq"]))


STAGE_FILE, REGISTRY = "stages/silver/prices.py", "datasets.yaml"
CODE = [(SILVER, "make", "code changed")]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (STAGE_FILE, "Every price, times a number.", "Another docstring.", []),
        (STAGE_FILE, "import polars as pl\n", "import polars as pl  # a comment\n\n\n", []),
        (STAGE_FILE, 'pl.col("price") * times * FACTOR', "(pl.col('price') * times * FACTOR)", []),
        (STAGE_FILE, "* times * FACTOR", "* FACTOR * times", CODE),
        ("stages/shared.py", "ONE * 1", "ONE * 2", CODE),
        ("stages/deeper.py", "ONE = 1", "ONE = 3", CODE),
        ("stages/bronze/lines.py", "map(int", "map(float", [(BRONZE, "make", "code changed"), (SILVER, "make", f"input changed: {BRONZE} comes first")]),
        (REGISTRY, "times: 10", "times: 11", [(SILVER, "make", "params changed")]),
        (REGISTRY, "# ", "# another word, ", []),
        (REGISTRY, 'about: "Every price, times a number."', 'about: "Other words."', []),
    ],
)  # fmt: skip
def test_a_change_of_source_or_registry_remakes_what_depends_on_it(toy, file, old, new, expected):
    root = made(toy)
    text = (root / file).read_text()
    toy({file: text.replace(old, new)})
    assert planned(root) == expected


def test_a_doc_in_a_contract_changes_nothing(toy):
    root = made(toy)
    text = (root / "contracts/silver/prices.avsc").read_text()
    toy({"contracts/silver/prices.avsc": text.replace("The price.", "What was paid.")})
    assert planned(root) == []


def test_a_changed_schema_remakes_the_table(toy):
    root = made(toy)
    toy({"contracts/silver/prices.avsc": contract("silver", "prices", unit="cents")})
    assert planned(root) == [(SILVER, "make", "contract changed")]


def test_a_changed_rule_checks_again_and_makes_nothing(toy):
    root = made(toy)
    file = next((root / "lake/silver").rglob("*.parquet"))
    before = file.stat().st_ino
    toy({"contracts/silver/prices.avsc": contract("silver", "prices", min=0)})
    assert [(key, action) for key, action, _ in planned(root)] == [(SILVER, "validate")]
    assert [d.state for d in run(root).done] == ["validated"]
    assert file.stat().st_ino == before
    assert planned(root) == []


def test_a_rule_that_the_data_breaks_is_told_and_harms_nothing(toy):
    root = made(toy)
    file = next((root / "lake/silver").rglob("*.parquet"))
    before = file.read_bytes()
    toy({"contracts/silver/prices.avsc": contract("silver", "prices", max=5)})
    summary = run(root)
    assert (summary.code, file.read_bytes()) == (4, before)
    assert [action for _, action, _ in planned(root)] == ["validate"]


def test_changed_input_bytes_remake_the_table_and_what_follows(toy):
    root = made(toy)
    toy({RAW: "1 200\n"})
    assert planned(root) == [
        (BRONZE, "make", "input changed"),
        (SILVER, "make", f"input changed: {BRONZE} comes first"),
    ]


def test_a_touched_file_a_lost_ledger_and_a_moved_lake_change_nothing(toy):
    root = made(toy)
    os.utime(root / RAW)
    for file in [*(root / "lake").rglob("*.parquet")]:
        os.utime(file)
    for file in (root / "lake/.lakeflow").glob("ledger*"):
        file.unlink()
    moved = root.with_name("moved")
    root.rename(moved)
    assert planned(moved) == []


def test_another_footer_around_the_same_rows_changes_nothing_below(toy):
    root = made(toy)
    stage = (root / "stages/bronze/lines.py").read_text()
    toy({"stages/bronze/lines.py": stage + "\n\nUNUSED = 1\n"})
    summary = run(root)
    assert [(str(d.key), d.state) for d in summary.done] == [(BRONZE, "committed"), (SILVER, "unchanged")]
    assert planned(root) == []


def test_a_lost_table_is_made_anew_and_nothing_else(toy):
    root = made(toy)
    next((root / "lake/silver").rglob("*.parquet")).unlink()
    assert planned(root) == [(SILVER, "make", "missing")]
