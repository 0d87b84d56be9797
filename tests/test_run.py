"""Runs of a toy project: what is made, what is left alone, what fails and what that costs."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pytest

from lakeflow.avsc import field, record
from lakeflow.errors import UsageError
from lakeflow.execution import Terms, execute
from lakeflow.project import Project, open_project
from lakeflow.request import Request
from lakeflow.step import Step
from lakeflow.summary import Silence, Summary

A1 = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"
A1_NEXT = A1.replace("01-06", "01-07")


def go(root: Path, workers: int = 1, **wanted: object) -> tuple[Project, Summary]:
    project = open_project(root)
    request = Request(frozenset(project.catalog.datasets), **wanted)  # type: ignore[arg-type]
    return project, execute(project, request, Terms(workers=workers))


def states(summary: Summary) -> list[tuple[str, str]]:
    return [(str(done.key), done.state) for done in summary.done]


def test_a_run_makes_everything_from_raw_and_the_next_one_does_nothing(toy):
    root = toy({A1: "1 100\n2 200\n"})
    project, summary = go(root)
    assert states(summary) == [
        ("bronze.toy.split A1 2026-01-06", "committed"),
        ("silver.toy.scale A1 2026-01-06", "committed"),
    ]
    assert project["silver.toy.prices"].frame["price"].to_list() == [1000, 2000]
    _, again = go(root)
    assert (again.done, again.current, again.code) == ([], 2, 0)


def test_a_changed_param_makes_just_what_follows(toy):
    root = toy({A1: "1 100\n"})
    go(root)
    text = (root / "datasets.yaml").read_text()
    toy({"datasets.yaml": text.replace("times: 10", "times: 7")})
    project, summary = go(root)
    assert [(str(d.key), d.reason) for d in summary.done] == [
        ("silver.toy.scale A1 2026-01-06", "params changed")
    ]
    assert project["silver.toy.prices"].frame["price"].to_list() == [700]


def test_an_input_remade_to_the_same_bytes_makes_nothing_stale(toy):
    root = toy({A1: "1 100\n"})
    go(root)
    toy({A1: "1   100\n\n".rstrip("\n") + "\n"})
    _, summary = go(root)
    assert states(summary) == [
        ("bronze.toy.split A1 2026-01-06", "committed"),
        ("silver.toy.scale A1 2026-01-06", "unchanged"),
    ]


def test_a_step_that_fails_stops_only_what_stands_on_it(toy):
    root = toy({A1: "1 not-a-number\n", A1_NEXT: "1 100\n"})
    _, summary = go(root)
    assert states(summary) == [
        ("bronze.toy.split A1 2026-01-06", "failed"),
        ("bronze.toy.split A1 2026-01-07", "committed"),
        ("silver.toy.scale A1 2026-01-07", "committed"),
        ("silver.toy.scale A1 2026-01-06", "skipped"),
    ]
    assert summary.code == 3
    assert "not-a-number" in summary.in_state("failed")[0].error


def test_a_mended_delivery_is_the_only_thing_made_by_the_next_run(toy):
    root = toy({A1: "1 not-a-number\n", A1_NEXT: "1 100\n"})
    go(root)
    toy({A1: "1 5\n"})
    _, summary = go(root)
    assert {done.key.dt for done in summary.done} == {"2026-01-06"}
    assert summary.code == 0


def test_a_broken_contract_leaves_nothing_behind(toy):
    root = toy({A1: "2 100\n1 100\n"})
    _, summary = go(root)
    assert summary.code == 4
    assert "seq" in summary.in_state("failed")[0].error
    assert not list((root / "lake").rglob("*.parquet"))
    assert not list((root / "lake/.lakeflow/staging").iterdir())


def test_a_failed_remake_harms_nothing_that_was_committed(toy):
    root = toy({A1: "1 100\n"})
    project, _ = go(root)
    before = project["bronze.toy.lines"].files()[0].read_bytes()
    toy({A1: "1 oops\n"})
    project, summary = go(root)
    assert summary.code == 3
    assert project["bronze.toy.lines"].files()[0].read_bytes() == before


def test_a_file_that_someone_damaged_is_made_anew(toy):
    root = toy({A1: "1 100\n"})
    project, _ = go(root)
    project["silver.toy.prices"].files()[0].write_bytes(b"PAR1 nonsense")
    project, summary = go(root)
    assert "damaged" in summary.done[0].reason
    assert project["silver.toy.prices"].frame.height == 1


def test_a_lake_whose_ledger_is_lost_is_current_all_the_same(toy):
    root = toy({A1: "1 100\n"})
    go(root)
    for file in (root / "lake/.lakeflow").glob("ledger*"):
        file.unlink()
    _, summary = go(root)
    assert (summary.done, summary.current) == ([], 2)


def test_a_range_of_dates_is_taken_with_both_ends(toy):
    days = [A1.replace("01-06", f"01-0{n}") for n in (5, 6, 7, 8)]
    root = toy(dict.fromkeys(days, "1 100\n"))
    _, summary = go(root, first="2026-01-06", last="2026-01-07")
    assert {done.key.dt for done in summary.done} == {"2026-01-06", "2026-01-07"}


def test_without_upstream_nothing_below_is_made(toy):
    root = toy({A1: "1 100\n"})
    project = open_project(root)
    request = Request(frozenset({"silver.toy.prices"}), upstream=False)
    summary = execute(project, request, Terms(workers=1))
    assert summary.done == []
    assert "bronze.toy.lines A1 2026-01-06 is not made" in summary.missing[0].why


def test_overwrite_makes_what_was_asked_for_and_not_what_it_stands_on(toy):
    root = toy({A1: "1 100\n"})
    go(root)
    project = open_project(root)
    summary = execute(project, Request(frozenset({"silver.toy.prices"}), overwrite=True), Terms(workers=1))
    assert states(summary) == [("silver.toy.scale A1 2026-01-06", "committed")]


class Rival(Silence):
    """Once this run is planned, another makes all that it was to make."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def planned(self, steps: Iterable[Step]) -> None:
        if list(steps):
            go(self._root, overwrite=True)


def test_of_two_runs_that_make_all_anew_the_later_leaves_what_the_other_has_made(toy):
    root = toy({A1: "1 100\n"})
    go(root)
    project = open_project(root)
    everything = Request(frozenset(project.catalog.datasets), overwrite=True)
    summary = execute(project, everything, Terms(workers=1, listener=Rival(root)))
    assert [done.state for done in summary.done] == ["unchanged", "unchanged"]


def test_one_worker_and_four_make_the_same_bytes(toy, tmp_path):
    root = toy({A1: "1 100\n", A1_NEXT: "1 100\n2 50\n"})
    first, _ = go(root, workers=1)
    one = {file: file.read_bytes() for file in first["silver.toy.prices"].files()}
    _, summary = go(root, workers=4, overwrite=True)
    assert len(summary.in_state("committed")) == 4
    assert {file: file.read_bytes() for file in one} == one


def test_a_worker_that_dies_costs_its_own_step(toy):
    stage = """
import os, signal
import polars as pl

def scale(lines: pl.DataFrame, times: int, symbol: str) -> pl.DataFrame:
    if symbol == "A2":
        os.kill(os.getpid(), signal.SIGKILL)
    return lines
"""
    text = "1 100\n"
    root = toy(
        {
            A1: text,
            A1.replace("A1", "A2"): text,
            A1.replace("A1", "A3"): text,
            "stages/silver/prices.py": stage,
        }
    )
    yaml = (root / "datasets.yaml").read_text()
    toy({"datasets.yaml": yaml.replace("params: {times: 10}", "params: {times: 10}\n    retries: 0")})
    _, summary = go(root, workers=2)
    assert [str(d.key) for d in summary.in_state("failed")] == ["silver.toy.scale A2 2026-01-06"]
    assert "SIGKILL" in summary.in_state("failed")[0].error
    assert len(summary.in_state("committed")) == 5


def test_rows_lost_by_a_stage_that_accounts_for_rows_are_an_error(toy):
    root = toy({A1: "1 100\n2 200\n"})
    yaml = (root / "datasets.yaml").read_text()
    loses = "import polars as pl\n\ndef scale(lines: pl.DataFrame, times: int) -> pl.DataFrame:\n    return lines.head(1)\n"
    toy(
        {
            "datasets.yaml": yaml.replace("params: {times: 10}", "params: {times: 10}\n    accounts: rows"),
            "stages/silver/prices.py": loses,
        }
    )
    _, summary = go(root)
    assert "found 2 in, 1 kept and 0 rejected" in summary.in_state("failed")[0].error


@pytest.mark.parametrize(("apart", "code"), [("    apart: [notes]\n", 0), ("", 3)])
def test_a_table_apart_is_not_among_the_rows_that_are_accounted_for(toy, apart, code):
    notes = "\n    makes: {prices: silver.toy.prices, notes: silver.toy.notes}\n    accounts: rows\n" + apart
    yaml = (toy({A1: "1 100\n2 200\n"}) / "datasets.yaml").read_text()
    yaml = yaml.replace("\n    makes: {prices: silver.toy.prices}\n", notes)
    noted = "import polars as pl\n\ndef scale(lines: pl.DataFrame, times: int):\n    return {'prices': lines, 'notes': lines.head(1)}\n"
    about = '\n  silver.toy.notes: {contract: silver/prices, about: "Of it."}\n\nstages:'
    root = toy({"datasets.yaml": yaml.replace("\n\nstages:", about), "stages/silver/prices.py": noted})
    assert go(root)[1].code == code


def test_the_ledger_tells_every_step_and_the_plan_of_the_run(toy):
    root = toy({A1: "1 100\n"})
    project, summary = go(root)
    steps = project.ledger.steps(summary.run_id)
    assert [(s.stage, s.state, s.rows, s.reason) for s in steps] == [
        ("bronze.toy.split", "committed", 1, "missing"),
        ("silver.toy.scale", "committed", 1, "missing"),
    ]
    run = project.ledger.run(summary.run_id)
    assert run is not None
    assert len(json.loads(run.plan)) == 2


def test_the_account_of_a_run_is_followed_line_by_line(toy):
    root = toy({A1: "1 100\n"})
    _, summary = go(root)
    events = root / f"lake/.lakeflow/runs/{summary.run_id}/events.jsonl"
    assert [json.loads(line)["event"] for line in events.read_text().splitlines()] == [
        "run", "started", "committed", "started", "committed", "ended",
    ]  # fmt: skip


@pytest.mark.parametrize("annotation", ["pl.DataFrame", "pl.LazyFrame", "Iterator[pl.DataFrame]"])
def test_a_stage_gets_its_input_as_its_annotation_says(toy, annotation):
    stage = f"""
from collections.abc import Iterator
import polars as pl

def scale(lines: {annotation}, times: int) -> Iterator[pl.DataFrame]:
    for frame in lines if not isinstance(lines, pl.DataFrame | pl.LazyFrame) else [lines]:
        yield frame.with_columns(pl.col("price") * times)
"""
    root = toy({A1: "1 100\n2 200\n", "stages/silver/prices.py": stage})
    project, _ = go(root)
    assert project["silver.toy.prices"].frame["price"].to_list() == [1000, 2000]


def test_the_python_face_gives_symbols_and_dates_as_columns(toy):
    root = toy({A1: "1 100\n", A1_NEXT: "1 50\n"})
    project, _ = go(root)
    frame = project["bronze.toy.lines"].scan(symbol="A1", dt="2026-01-07").collect()
    assert frame.columns == ["symbol", "dt", "seq", "price"]
    assert frame.schema["dt"] == pl.Date
    assert frame.row(0)[0] == "A1"


def test_a_table_that_was_lost_is_made_anew_and_what_follows_is_left(toy):
    root = toy({A1: "1 100\n"})
    go(root)
    shutil.rmtree(root / "lake/bronze")
    _, summary = go(root)
    assert states(summary) == [
        ("bronze.toy.split A1 2026-01-06", "committed"),
        ("silver.toy.scale A1 2026-01-06", "unchanged"),
    ]


def test_tables_outlive_the_raw_files_that_they_were_made_from(toy):
    root = toy({A1: "1 100\n"})
    go(root)
    (root / A1).unlink()
    project, summary = go(root)
    assert (summary.done, summary.current) == ([], 2)
    assert project["silver.toy.prices"].frame.height == 1


@pytest.mark.parametrize("wrong", ["", 5, ["A1", ""]])
def test_a_symbol_that_is_none_is_refused_and_not_taken_for_all(toy, wrong):
    project, _ = go(toy({A1: "1 100\n"}))
    with pytest.raises(UsageError, match=r"symbol: expected a symbol or a glob as text, found (''|5)"):
        project["silver.toy.prices"].scan(symbol=wrong)


def test_a_null_hides_nothing_else_that_is_wrong_with_the_rows(toy):
    stage = """
import polars as pl

def scale(lines: pl.DataFrame, times: int) -> pl.DataFrame:
    return pl.DataFrame({"seq": [2, 1, 1], "price": [1, -2, None]})
"""
    prices = json.dumps(
        record(
            "silver/prices", [field("seq", "long"), field("price", "long", min=0)], key=["seq"], sort=["seq"]
        )
    )
    root = toy({A1: "1 100\n", "stages/silver/prices.py": stage, "contracts/silver/prices.avsc": prices})
    _, summary = go(root)
    told = summary.in_state("failed")[0].error.splitlines()
    assert [line.removeprefix("silver.toy.prices A1 2026-01-06 ") for line in told] == [
        "price: null: expected a value in every row, found null (1 row, first at row 2)",
        "price: min: expected at least 0, found -2 (1 row, first at row 1)",
        "seq: sort: expected rows that ascend, nulls first, found (1,) after (2,) (1 row, first at row 1)",
        "seq: key: expected no row twice, found (1,) (1 row, first at row 2)",
    ]
    assert not list((root / "lake/silver").rglob("*.parquet"))
