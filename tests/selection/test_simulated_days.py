"""The project itself on simulated days: `--symbol ES` from raw alone, the roll before an expiry, and one root without another."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lakeflow.cli.main import app
from lakeflow.project import open_project
from lakeflow.simulate.day import write_day

ROOT = Path(__file__).parents[2]
FIRST_WEEK = [date(2026, 1, day) for day in (5, 6, 7)]
BEFORE_EXPIRY = [date(2026, 3, day) for day in (17, 18, 19)]
EVENTS = 4_000


def deliver(folder: Path, days: dict[str, list[date]]) -> Path:
    """A lake that holds the vendor's files alone."""
    files = [
        path
        for root, dates in days.items()
        for day in dates
        for path in write_day(folder / root, root, day, EVENTS, seed=7)
    ]
    command(folder / "lake", "raw", "add", *map(str, files))
    return folder / "lake"


@pytest.fixture(scope="module")
def delivered(tmp_path_factory) -> Path:
    """ES and NQ on three days of January."""
    return deliver(tmp_path_factory.mktemp("january"), {"ES": FIRST_WEEK, "NQ": FIRST_WEEK})


@pytest.fixture(scope="module")
def chosen(delivered, tmp_path_factory) -> Path:
    """The same with the selections of ES made."""
    lake = Path(shutil.copytree(delivered, tmp_path_factory.mktemp("chosen") / "lake"))
    command(lake, "run", "--layer", "selection", "--symbol", "ES", "--workers", "1")
    return lake


@pytest.fixture
def lake(delivered, tmp_path) -> Path:
    return Path(shutil.copytree(delivered, tmp_path / "lake"))


def command(lake: Path, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--project", str(ROOT), "--lake", str(lake)])
    assert done.exit_code == 0, f"{done.output}{done.exception!r}"
    return done.output


def rows(lake: Path, dataset: str, symbol: str = "ES") -> list[dict]:
    with open_project(ROOT, lake) as project:
        return list(project[dataset].scan(symbol=symbol).collect().sort("dt").iter_rows(named=True))


def symbols(lake: Path, table: str) -> list[str]:
    found = lake.glob(f"silver/product_type=future_mbo/symbol=*/table={table}/dt=*/part-0.parquet")
    return sorted(" ".join(part.partition("=")[2] for part in (p.parts[-4], p.parts[-2])) for p in found)


def test_es_on_silver_is_the_contract_chosen_and_a_second_run_does_nothing(lake):
    words = ("silver.future_mbo.activity", "--symbol", "ES", "--dt", "2026-01-05..2026-01-07")
    command(lake, "run", *words, "--workers", "1")
    assert symbols(lake, "activity") == [f"ESH6 {day}" for day in FIRST_WEEK]
    told = command(lake, "plan", *words)
    assert "selected: ES 2026-01-05: ESH6: premarket" in told
    assert "0 to do, 3 current" in told


def test_a_choice_stands_on_the_session_before_and_the_first_on_its_premarket(chosen):
    found = rows(chosen, "selection.future_mbo.contract_day")[:3]
    assert [row["selected_symbol"] for row in found] == ["ESH6"] * 3
    assert [row["quality"] for row in found] == ["no_prev", "thin", "thin"]
    assert [row["prev_session_date"] for row in found] == [None, *FIRST_WEEK[:2]]
    assert all(row["expiration"] == date(2026, 3, 20) for row in found)


def test_the_volume_before_is_what_the_orders_of_that_session_traded(chosen):
    last = rows(chosen, "selection.future_mbo.contract_day")[2]
    with open_project(ROOT, chosen) as project:
        trades = project["bronze.future_mbo.orders"].scan(symbol="ESH6").collect()
    hours = ("2026-01-05T23:00:00Z", "2026-01-06T22:00:00Z")
    inside = [
        row["size"]
        for row in trades.iter_rows(named=True)
        if row["action"] == "T" and hours[0] <= f"{row['ts_recv']:%Y-%m-%dT%H:%M:%SZ}" < hours[1]
    ]
    assert last["prev_volume_selected"] == sum(inside) > 0


def test_the_day_before_an_expiry_the_next_contract_is_forced(tmp_path):
    lake = deliver(tmp_path, {"ES": BEFORE_EXPIRY})
    words = ("--symbol", "ES", "--from", "2026-03-17", "--to", "2026-03-19", "--workers", "1")
    command(lake, "run", "silver.future_mbo.activity", *words)
    found = rows(lake, "selection.future_mbo.contract_day")
    assert [row["selected_symbol"] for row in found] == ["ESH6", "ESH6", "ESM6"]
    assert (found[-1]["decision"], found[-1]["is_roll"]) == ("forced", True)
    # The session of the 19th opens on the evening of the 18th: that day's files are wanted of both.
    assert symbols(lake, "activity") == [
        "ESH6 2026-03-17", "ESH6 2026-03-18", "ESM6 2026-03-18", "ESM6 2026-03-19",
    ]  # fmt: skip


def test_one_root_is_chosen_without_another(lake):
    command(lake, "run", "--layer", "selection", "--symbol", "NQ", "--workers", "1")
    assert {row["selected_symbol"] for row in rows(lake, "selection.future_mbo.contract_day", "NQ")} == {
        "NQH6"
    }
    assert not list(lake.glob("bronze/product_type=future_mbo/symbol=ES*"))


def test_a_day_that_comes_later_changes_no_choice_made_before(lake, tmp_path):
    late = lake / "raw/source=databento/product_type=future_mbo/symbol=ES/dt=2026-01-07"
    late.rename(tmp_path / "late")
    words = ("run", "--layer", "selection", "--symbol", "ES", "--workers", "1")
    command(lake, *words)
    before = rows(lake, "selection.future_mbo.contract_day")
    (tmp_path / "late").rename(late)
    command(lake, *words)
    after = rows(lake, "selection.future_mbo.contract_day")
    assert (before, len(after)) == (after[:2], 3)
