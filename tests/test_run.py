"""Runs of a toy project: what is made, what is left alone, and what the run tells of it."""

import json
import shutil
from collections.abc import Callable, Iterable

import polars as pl
import pytest

from lakeflow.errors import UsageError
from lakeflow.execution import Terms, execute
from lakeflow.project import open_project
from lakeflow.request import Request
from lakeflow.step import Step
from lakeflow.summary import Silence, Summary

A1 = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"
A1_NEXT = A1.replace("01-06", "01-07")


def states(summary: Summary) -> list[tuple[str, str]]:
    return [(str(done.key), done.state) for done in summary.done]


def test_a_run_makes_everything_from_raw_and_the_next_one_does_nothing(toy, go):
    root = toy({A1: "1 100\n2 200\n"})
    project, summary = go(root)
    assert states(summary) == [
        ("bronze.toy.split A1 2026-01-06", "committed"),
        ("silver.toy.scale A1 2026-01-06", "committed"),
    ]
    assert project["silver.toy.prices"].frame["price"].to_list() == [1000, 2000]
    _, again = go(root)
    assert (again.done, again.current, again.code) == ([], 2, 0)


def test_a_changed_param_makes_just_what_follows(toy, go):
    root = toy({A1: "1 100\n"})
    go(root)
    text = (root / "datasets.yaml").read_text()
    toy({"datasets.yaml": text.replace("times: 10", "times: 7")})
    project, summary = go(root)
    assert [(str(d.key), d.reason) for d in summary.done] == [
        ("silver.toy.scale A1 2026-01-06", "params changed")
    ]
    assert project["silver.toy.prices"].frame["price"].to_list() == [700]


def test_an_input_remade_to_the_same_bytes_makes_nothing_stale(toy, go):
    root = toy({A1: "1 100\n"})
    go(root)
    toy({A1: "1   100\n\n".rstrip("\n") + "\n"})
    _, summary = go(root)
    assert states(summary) == [
        ("bronze.toy.split A1 2026-01-06", "committed"),
        ("silver.toy.scale A1 2026-01-06", "unchanged"),
    ]


def test_a_lake_whose_ledger_is_lost_is_current_all_the_same(toy, go):
    root = toy({A1: "1 100\n"})
    go(root)
    for file in (root / "lake/.lakeflow").glob("ledger*"):
        file.unlink()
    _, summary = go(root)
    assert (summary.done, summary.current) == ([], 2)


def test_a_range_of_dates_is_taken_with_both_ends(toy, go):
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


def test_overwrite_makes_what_was_asked_for_and_not_what_it_stands_on(toy, go):
    root = toy({A1: "1 100\n"})
    go(root)
    project = open_project(root)
    summary = execute(project, Request(frozenset({"silver.toy.prices"}), overwrite=True), Terms(workers=1))
    assert states(summary) == [("silver.toy.scale A1 2026-01-06", "committed")]


class Rival(Silence):
    """Once this run is planned, another makes all that it was to make."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make

    def planned(self, steps: Iterable[Step]) -> None:
        if list(steps):
            self._make()


def test_of_two_runs_that_make_all_anew_the_later_leaves_what_the_other_has_made(toy, go):
    root = toy({A1: "1 100\n"})
    go(root)
    project = open_project(root)
    everything = Request(frozenset(project.catalog.datasets), overwrite=True)
    summary = execute(project, everything, Terms(workers=1, listener=Rival(lambda: go(root, overwrite=True))))
    assert [done.state for done in summary.done] == ["unchanged", "unchanged"]


def test_one_worker_and_four_make_the_same_bytes(toy, tmp_path, go):
    root = toy({A1: "1 100\n", A1_NEXT: "1 100\n2 50\n"})
    first, _ = go(root, workers=1)
    one = {file: file.read_bytes() for file in first["silver.toy.prices"].files()}
    _, summary = go(root, workers=4, overwrite=True)
    assert len(summary.in_state("committed")) == 4
    assert {file: file.read_bytes() for file in one} == one


def test_the_ledger_tells_every_step_and_the_plan_of_the_run(toy, go):
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


def test_the_account_of_a_run_is_followed_line_by_line(toy, go):
    root = toy({A1: "1 100\n"})
    _, summary = go(root)
    events = root / f"lake/.lakeflow/runs/{summary.run_id}/events.jsonl"
    assert [json.loads(line)["event"] for line in events.read_text().splitlines()] == [
        "run", "started", "committed", "started", "committed", "ended",
    ]  # fmt: skip


@pytest.mark.parametrize("annotation", ["pl.DataFrame", "pl.LazyFrame", "Iterator[pl.DataFrame]"])
def test_a_stage_gets_its_input_as_its_annotation_says(toy, annotation, go):
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


def test_the_python_face_gives_symbols_and_dates_as_columns(toy, go):
    root = toy({A1: "1 100\n", A1_NEXT: "1 50\n"})
    project, _ = go(root)
    frame = project["bronze.toy.lines"].scan(symbol="A1", dt="2026-01-07").collect()
    assert frame.columns == ["symbol", "dt", "seq", "price"]
    assert frame.schema["dt"] == pl.Date
    assert frame.row(0)[0] == "A1"


def test_a_table_that_was_lost_is_made_anew_and_what_follows_is_left(toy, go):
    root = toy({A1: "1 100\n"})
    go(root)
    shutil.rmtree(root / "lake/bronze")
    _, summary = go(root)
    assert states(summary) == [
        ("bronze.toy.split A1 2026-01-06", "committed"),
        ("silver.toy.scale A1 2026-01-06", "unchanged"),
    ]


def test_tables_outlive_the_raw_files_that_they_were_made_from(toy, go):
    root = toy({A1: "1 100\n"})
    go(root)
    (root / A1).unlink()
    project, summary = go(root)
    assert (summary.done, summary.current) == ([], 2)
    assert project["silver.toy.prices"].frame.height == 1


@pytest.mark.parametrize("wrong", ["", 5, ["A1", ""]])
def test_a_symbol_that_is_none_is_refused_and_not_taken_for_all(toy, wrong, go):
    project, _ = go(toy({A1: "1 100\n"}))
    with pytest.raises(UsageError, match=r"symbol: expected a symbol or a glob as text, found (''|5)"):
        project["silver.toy.prices"].scan(symbol=wrong)
