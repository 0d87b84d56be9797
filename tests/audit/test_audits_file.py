"""audits.yaml read: whose audits there are, and every fault of the file at once."""

from pathlib import Path

import pytest

from lakeflow.auditing import audited
from lakeflow.audits_file import read_audits
from lakeflow.dates import EVERY_DATE
from lakeflow.errors import ConfigError
from lakeflow.project import open_project
from lakeflow.tables import partitions_of

STAGE = "silver.toy.scale"
CHECKS = '''\
"""What must hold of prices."""

from datetime import date

import polars as pl


def is_ten_times(prices: pl.LazyFrame, lines: pl.LazyFrame, params: dict[str, int]) -> pl.LazyFrame:
    both = prices.join(lines, on="seq", suffix="_told")
    wrong = both.filter(pl.col("price") != pl.col("price_told") * params["times"])
    return wrong.select(at=pl.col("seq").cast(pl.String), expected=pl.lit("more"), found=pl.lit("less"))


def is_never_red(tables: dict[str, pl.LazyFrame], symbol: str, dt: date) -> pl.LazyFrame:
    assert (symbol, str(dt), list(tables)) == ("A1", "2026-01-06", ["prices"])
    return tables["prices"].filter(False).select(at=pl.format("{}", "seq"), expected=pl.lit(""), found=pl.lit(""))


def is_of_a_stranger(prices: pl.LazyFrame, rates: pl.LazyFrame) -> pl.LazyFrame:
    return prices.join(rates, on="seq")
'''
DELIVERY = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"


@pytest.fixture
def said(toy):
    """The faults of a text as audits.yaml."""

    def faults(text: str) -> list[str]:
        root = toy({"audits.yaml": text, "filters/checks.py": CHECKS})
        with open_project(root) as project, pytest.raises(ConfigError) as refused:
            read_audits(root, project.catalog)
        return [str(fault) for fault in refused.value.faults]

    return faults


def test_a_project_without_the_file_has_no_audits(toy):
    with open_project(toy({})) as project:
        assert read_audits(project.root, project.catalog) == {}


def test_an_audit_is_given_tables_by_their_names_and_what_is_told_of_the_step(toy):
    from lakeflow.execution import Terms, execute
    from lakeflow.request import Request

    checks = ["filters.checks.is_ten_times", "filters.checks.is_never_red"]
    root = toy({"audits.yaml": f"{STAGE}: {checks}\n", "filters/checks.py": CHECKS, DELIVERY: "1 5\n2 7\n"})
    with open_project(root) as project:
        execute(project, Request(frozenset(["silver.toy.prices"])), Terms(workers=1))
        partitions = partitions_of(project, "silver.toy.prices", (), EVERY_DATE)
        found = list(audited(project, partitions))
    assert [(each.check, each.rows) for each in found] == [
        ("counted", 0), ("checks.is_ten_times", 0), ("checks.is_never_red", 0),
    ]  # fmt: skip


def test_a_stage_that_is_none_is_told_with_those_there_are(said):
    (fault,) = said("silver.toy.scal: [filters.checks.is_ten_times]\n")
    assert fault.startswith("audits.yaml: ")
    assert STAGE in fault


def test_every_fault_is_told_at_once(said):
    names = [
        "filters.checks.is_ten_times",
        "filters.checks.is_ten_times",
        "filters.checks.is_gone",
        "filters.gone.is_so",
    ]
    assert len(said(f"{STAGE}: {names}\nbronze.toy.split: all\n")) == 4


def test_a_parameter_that_is_no_table_of_the_stage_is_told_with_those_that_are(said):
    (fault,) = said(f"{STAGE}: [filters.checks.is_of_a_stranger]\n")
    assert "['dt', 'lines', 'params', 'prices', 'sessions', 'symbol', 'tables'], found ['rates']" in fault


@pytest.mark.parametrize("text", ["- a list\n", "words\n", "", f"{STAGE}: []\n{STAGE}: []\n"])
def test_a_file_that_is_no_map_is_refused(said, text):
    assert len(said(text)) == 1


def test_the_audits_of_this_project_fit_its_stages():
    root = Path(__file__).parents[2]
    with open_project(root) as project:
        audits = read_audits(root, project.catalog)
    assert audits
    assert all(audit.function.__doc__ for each in audits.values() for audit in each)


def test_every_audit_of_this_project_is_in_the_docs():
    root = Path(__file__).parents[2]
    page = (root / "docs" / "validation.md").read_text()
    with open_project(root) as project:
        names = {audit.name for each in read_audits(root, project.catalog).values() for audit in each}
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []
