"""Five days of a parent from raw alone, one of them damaged: what is made, what is told, and what the mended file brings."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lakeflow.cli.main import app
from lakeflow.project import open_project
from lakeflow.simulate.damaged import KINDS, spoil
from lakeflow.simulate.day import write_day

ROOT = Path(__file__).parents[1]
DAYS = [date(2026, 1, day) for day in (5, 6, 7, 8, 9)]
BAD = DAYS[2]
SILVER = (
    "--product-type",
    "future_mbo",
    "--layer",
    "silver",
    "--symbol",
    "ES",
    "--dt",
    "2026-01-05..2026-01-09",
)
TABLES = ("bbo", "depth", "trades", "flow", "ofi", "moves")


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("deliveries")
    for day in DAYS:
        write_day(folder, "ES", day, 1_500, seed=7)
    return folder


def command(lake: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--project", str(ROOT), "--lake", str(lake)])


def made(lake: Path, table: str) -> list[str]:
    found = lake.glob(f"silver/product_type=future_mbo/symbol=ESH6/table={table}/dt=*/part-0.parquet")
    return sorted(path.parent.name.removeprefix("dt=") for path in found)


def contents(lake: Path) -> dict[str, str]:
    """Every silver partition with what is in it."""
    with open_project(ROOT, lake) as project:
        keys = [key for key in project.catalog.datasets if key.startswith("silver.future_mbo.")]
        return {
            str(p): project[key].manifest(p.symbol, p.dt).content
            for key in keys
            for p in project[key].partitions()
        }


def deliver(lake: Path, deliveries: Path, bad: Path, kind: str) -> Path:
    """Five days, with the orders of one of them spoilt; the whole file of that day."""
    files = sorted(deliveries.glob("*.zst"))
    whole = next(file for file in files if f"{BAD:%Y%m%d}.mbo" in file.name)
    cut = spoil(whole, kind, bad)
    done = command(lake, "raw", "add", *(str(cut if file == whole else file) for file in files))
    assert done.exit_code == 0, done.output
    return whole


def test_a_damaged_day_of_five_costs_itself_and_its_mending_makes_just_that_day(deliveries, tmp_path):
    lake = tmp_path / "lake"
    whole = deliver(lake, deliveries, tmp_path / "bad", "truncated")
    first = command(lake, "run", *SILVER, "--workers", "1")
    assert first.exit_code == 3
    assert failures(first.output)[("bronze.future_mbo.normalise", "ES", str(BAD))] == "failed"
    others = [str(day) for day in DAYS if day != BAD]
    assert [made(lake, table) for table in TABLES] == [others] * len(TABLES)
    assert not list((lake / ".lakeflow/staging").glob("*"))
    before = contents(lake)

    assert command(lake, "raw", "add", "--replace", str(whole)).exit_code == 0
    assert command(lake, "run", *SILVER, "--workers", "1").exit_code == 0
    after = contents(lake)
    books = {key for key in after if key.split(" ")[0].removeprefix("silver.future_mbo.") in TABLES}
    assert {key.split(" ")[2] for key in books if key not in before} == {str(BAD)}
    assert all(after[key] == before[key] for key in books & before.keys())
    assert "nothing to do" in command(lake, "run", *SILVER).output


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_whatever_is_wrong_with_a_file_its_day_alone_is_lost_and_the_file_named(deliveries, tmp_path, kind):
    lake = tmp_path / "lake"
    whole = deliver(lake, deliveries, tmp_path / "bad", kind)
    done = command(lake, "run", "--layer", "bronze", "--symbol", "ES", "--workers", "1")
    assert done.exit_code == 3
    assert list(failures(done.output)) == [("bronze.future_mbo.normalise", "ES", str(BAD))]
    assert whole.name in done.output
    orders = lake.glob("bronze/product_type=future_mbo/symbol=ESH6/table=orders/dt=*/part-0.parquet")
    assert {path.parent.name for path in orders} == {f"dt={day}" for day in DAYS if day != BAD}


def failures(output: str) -> dict[tuple[str, ...], str]:
    """The table of failures: stage, symbol and date, and the state."""
    rows = [line.split() for line in output.splitlines()]
    return {tuple(row[:3]): row[3] for row in rows if len(row) > 3 and row[3] in ("failed", "skipped")}
