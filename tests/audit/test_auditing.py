"""Audits of committed steps: whose they are, what they are given, and what is said when that is not to be had."""

from pathlib import Path

import pytest

from lakeflow.auditing import audited
from lakeflow.partition import Partition
from lakeflow.project import open_project

ROOT = Path(__file__).parents[2]
DAY = "2026-01-06"


def silver(table: str, symbol: str = "ESH6") -> Partition:
    return Partition(f"silver.future_mbo.{table}", symbol, DAY)


CHOSEN = Partition("selection.future_mbo.contract_day", "ES", DAY)
ORDERS = Partition("bronze.future_mbo.orders", "ESH6", DAY)


def test_a_step_is_audited_once_however_many_of_its_tables_are_asked_for(lake, findings):
    with open_project(ROOT, lake) as project:
        two = list(audited(project, [silver("bbo"), silver("flow")]))
    assert two == findings(silver("trades"))


def test_what_holds_is_told_without_rows(findings):
    held = [finding for finding in findings(silver("bbo")) if finding.check == "flow.goes_on"]
    assert [(each.dataset, each.symbol, each.dt, each.rows) for each in held] == [
        ("silver.future_mbo.flow", "ESH6", DAY, 0)
    ]


def test_a_session_without_a_selection_is_red_and_says_how_to_make_it(lake, findings):
    (lake / CHOSEN.path).unlink()
    (lack,) = [finding for finding in findings(silver("bbo")) if finding.rows]
    assert (lack.check, lack.dataset, lack.symbol, lack.dt) == ("selected", *CHOSEN)
    assert f"lakeflow run {CHOSEN.dataset} --symbol ES --dt {DAY}" in lack.words


def test_a_lake_without_any_selection_of_a_parent_is_asked_for_none(lake, findings):
    for file in lake.glob(
        "selection/product_type=future_mbo/symbol=ES/table=contract_day/dt=*/part-0.parquet"
    ):
        file.unlink()
    assert all(finding.check != "selected" for finding in findings(silver("bbo")))


def test_what_a_selection_stands_on_needs_none(lake, findings):
    (lake / CHOSEN.path).unlink()
    assert all(finding.rows == 0 for finding in findings(silver("premarket", "ES")))


def test_a_step_whose_first_table_is_gone_is_red(lake, findings):
    (lake / silver("bbo").path).unlink()
    (lack,) = [finding for finding in findings(silver("flow")) if finding.rows]
    assert (lack.check, lack.found) == ("counted", "none that can be read")


def test_a_table_that_is_gone_is_red_in_every_audit_that_takes_it(lake, findings):
    (lake / silver("moves").path).unlink()
    broken = {finding.check for finding in findings(silver("bbo")) if finding.rows}
    assert {"counted", "moves.adds_up", "moves.is_of_its_parts"} <= broken
    assert "quotes.is_news" not in broken


def test_orders_made_anew_since_are_not_taken_for_those_of_the_books(retold, findings):
    retold(ORDERS, lambda manifest: manifest | {"content": "another"})
    found = {finding.check: finding.found for finding in findings(silver("bbo"))}
    assert found["trades.is_every_trade"] == f"{ORDERS}, made anew since; make this again"
    assert found["flow.goes_on"] == ""


@pytest.mark.parametrize(
    ("name", "wrong", "at"),
    [
        ("read", 1, "rows kept and rejected of those read"),
        ("rows", {"orders": 1}, "table orders"),
        ("rejected", {"b06_repeated": 1}, "rejected by b06_repeated"),
    ],
)
def test_the_account_of_a_step_is_held_against_its_tables(retold, findings, name, wrong, at):
    definition = Partition("bronze.future_mbo.definition", "ES", DAY)
    retold(definition, lambda manifest: manifest | {"counts": manifest["counts"] | {name: wrong}})
    (red,) = [finding for finding in findings(ORDERS) if finding.rows]
    assert (red.check, red.at) == ("counted", at)


def test_a_file_that_cannot_be_read_is_red_in_every_audit_that_takes_it(lake, findings):
    path = lake / silver("moves").path
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[:100] + bytes(100) + content[200:])
    found = {finding.check: finding for finding in findings(silver("bbo")) if finding.rows}
    assert found["moves.adds_up"].rows == 1
    assert found["moves.adds_up"].found
