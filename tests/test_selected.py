"""A parent's symbol on silver and gold: what a selection says for that date; planned, run and told by the command."""

import json

import pytest
from typer.testing import CliRunner

from lakeflow.avsc import field, record
from lakeflow.cli.main import app
from lakeflow.errors import LakeflowError
from lakeflow.project import open_project

REGISTRY = """\
products:
  toy:
    calendar: CME_EQ
    symbols: "(?P<parent>[A-Z]+)[0-9]+"
    selected_by: selection.toy.pick

datasets:
  raw.toy.vendor: {describe: stages.bronze.lines.describe}
  bronze.toy.lines: {contract: bronze/lines}
  bronze.toy.days: {contract: bronze/days}
  silver.toy.prices: {contract: silver/prices}
  silver.toy.seen: {contract: bronze/lines, dt_kind: session_date, clipped: true}
  gold.toy.day: {contract: bronze/lines}
  selection.toy.pick: {contract: selection/pick}
  selection.toy.skipped: {contract: selection/skipped}

stages:
  bronze.toy.split:
    run: stages.bronze.lines.split
    reads: {files: raw.toy.vendor}
    makes: {days: bronze.toy.days, lines: bronze.toy.lines}
    fans_out: [lines]
  silver.toy.scale:
    run: stages.silver.prices.scale
    reads: {lines: bronze.toy.lines}
    makes: {prices: silver.toy.prices}
    params: {times: 10}
  silver.toy.look:
    run: stages.silver.seen.seen
    reads:
      days: {dataset: bronze.toy.days, map: session_window, min: 1}
      lines: {dataset: bronze.toy.lines, symbol: children, map: session_window, min: 1}
    makes: {seen: silver.toy.seen}
  gold.toy.daily:
    run: stages.gold.day.day
    reads: {prices: {dataset: silver.toy.prices, map: session_window, min: 1}}
    makes: {day: gold.toy.day}
  selection.toy.pick:
    run: selection.pick.pick
    reads:
      seen: {dataset: silver.toy.seen, days: [0, 0], min: 0}
      before: {dataset: selection.toy.pick, previous: self}
    makes: {pick: selection.toy.pick, skipped: selection.toy.skipped}
"""
LINES = '''\
"""Lines of a symbol, a number and a price."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl


def describe(path: Path) -> list[tuple[str, str, str]]:
    symbol, dt = path.stem.split("_")
    return [("toy", symbol, dt)]


def split(files: Sequence[Path]) -> dict[str, pl.DataFrame]:
    words = [line.split() for file in files for line in file.read_text().splitlines()]
    rows = [(symbol, int(seq), int(price)) for symbol, seq, price in words]
    lines = pl.DataFrame(rows, schema={"symbol": pl.String, "seq": pl.Int64, "price": pl.Int64}, orient="row")
    return {"days": pl.DataFrame({"seq": [0]}), "lines": lines}
'''
SEEN = '''\
"""What was seen of each symbol of a parent."""

import polars as pl


def seen(days: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """The number of the symbol, and the highest price."""
    return (
        lines.group_by(seq=pl.col("symbol").str.slice(1).cast(pl.Int64)).agg(pl.col("price").max()).sort("seq")
    )
'''
DAY = '''\
"""A day's prices."""

import polars as pl


def day(prices: pl.DataFrame) -> pl.DataFrame:
    return prices.select(pl.col("seq").max(), pl.col("price").max())
'''
PICK = '''\
"""The symbol with the highest price; a day that is dear is left out."""

import polars as pl

KEPT = {"selected_symbol": pl.String, "why": pl.String}


def pick(seen: pl.DataFrame, before: pl.DataFrame | None, symbol: str) -> dict[str, pl.DataFrame]:
    best = seen.sort("price", descending=True).head(1)
    dear = best.is_empty() or best["price"][0] >= 100
    rows = [(f"{symbol}{seq}", f"at {price}") for seq, price in best.select("seq", "price").iter_rows()]
    return {
        "pick": pl.DataFrame([] if dear else rows, schema=KEPT, orient="row"),
        "skipped": pl.DataFrame({"selected_symbol": ["dear"] if dear else []}, {"selected_symbol": pl.String}),
    }
'''
TEXT = field("selected_symbol", "string")
FILES = {
    "datasets.yaml": REGISTRY,
    "stages/bronze/lines.py": LINES,
    "stages/silver/seen.py": SEEN,
    "stages/gold/__init__.py": '"""Gold."""\n',
    "stages/gold/day.py": DAY,
    "selection/pick.py": PICK,
    "contracts/bronze/days.avsc": json.dumps(record("bronze/days", [field("seq", "long")])),
    "contracts/selection/pick.avsc": json.dumps(record("selection/pick", [TEXT, field("why", "string")])),
    "contracts/selection/skipped.avsc": json.dumps(record("selection/skipped", [TEXT])),
}
MONDAY, TUESDAY, WEDNESDAY = "2026-01-05", "2026-01-06", "2026-01-07"


@pytest.fixture
def lake(toy):
    """A toy with deliveries of E: what each line says of a day, as `E1 0 5`."""

    def make(days: dict[str, list[str]], **files: str):
        raw = {
            f"lake/raw/source=vendor/product_type=toy/symbol={symbol}/dt={dt}/lines.txt": "\n".join(lines)
            + "\n"
            for symbol in ("E",)
            for dt, lines in days.items()
        }
        return toy(FILES | raw | files)

    return make


def command(root, *words: str) -> tuple[int, str]:
    """The exit code and all that is said, a refusal's message included, as `main` would end it."""
    result = CliRunner().invoke(app, [*words, "--project", str(root)])
    if isinstance(result.exception, LakeflowError):
        return result.exception.code, f"{result.output}{result.exception}"
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def held(root, table: str) -> list[str]:
    """The partitions of a table, as symbol and date."""
    layer, product, name = table.split(".")
    found = root.glob(f"lake/{layer}/product_type={product}/symbol=*/table={name}/dt=*/part-0.parquet")
    return sorted(" ".join(part.partition("=")[2] for part in (p.parts[-4], p.parts[-2])) for p in found)


ROLL = {MONDAY: ["E1 0 9", "E2 0 1"], TUESDAY: ["E1 0 1"], WEDNESDAY: ["E1 0 1", "E2 0 7"]}


def test_a_parent_on_silver_is_every_symbol_chosen_for_a_session_that_overlaps_the_day(lake):
    root = lake(ROLL)
    code, told = command(root, "run", "silver.toy.prices", "--symbol", "E", "--workers", "1")
    assert code == 0, told
    # A session opens in the evening before: E2, chosen for Wednesday's, is not delivered on Tuesday.
    assert held(root, "silver.toy.prices") == ["E1 2026-01-05", "E1 2026-01-06", "E2 2026-01-07"]


def test_a_parent_on_gold_is_the_symbol_chosen_for_the_session(lake):
    root = lake(ROLL)
    code, told = command(root, "run", "--layer", "gold", "--symbol", "E", "--dt", MONDAY, "--workers", "1")
    assert (code, held(root, "gold.toy.day")) == (0, ["E1 2026-01-05"]), told
    assert held(root, "silver.toy.prices") == ["E1 2026-01-05"]


def test_a_full_symbol_is_taken_literally_and_needs_no_selection(lake):
    root = lake(ROLL)
    code, told = command(root, "run", "silver.toy.prices", "--symbol", "E2", "--dt", MONDAY, "--workers", "1")
    assert (code, held(root, "silver.toy.prices")) == (0, ["E2 2026-01-05"]), told
    assert held(root, "selection.toy.pick") == []


def test_a_parent_on_bronze_is_the_parent(lake):
    root = lake(ROLL)
    command(root, "run", "--layer", "bronze", "--symbol", "E", "--dt", MONDAY, "--workers", "1")
    assert held(root, "bronze.toy.lines") == ["E1 2026-01-05", "E2 2026-01-05"]


def test_a_glob_means_every_symbol_that_it_fits(lake):
    root = lake(ROLL)
    command(root, "run", "silver.toy.prices", "--symbol", "E*", "--dt", MONDAY, "--workers", "1")
    assert held(root, "silver.toy.prices") == ["E1 2026-01-05", "E2 2026-01-05"]


def test_the_plan_says_what_was_chosen_and_why_and_a_second_run_does_nothing(lake):
    root = lake({MONDAY: ROLL[MONDAY]})
    command(root, "run", "silver.toy.prices", "--symbol", "E", "--dt", MONDAY, "--workers", "1")
    code, told = command(root, "plan", "silver.toy.prices", "--symbol", "E", "--dt", MONDAY)
    assert code == 0
    assert "selected: E 2026-01-05: E1: at 9" in told
    assert "0 to do, 1 current" in told


def test_without_upstream_a_missing_selection_says_how_to_make_it(lake):
    root = lake({MONDAY: ROLL[MONDAY]})
    command(root, "run", "--layer", "bronze", "--workers", "1")
    code, told = command(root, "run", "silver.toy.prices", "--symbol", "E", "--dt", MONDAY, "--no-upstream")
    assert code == 6
    assert "make it with: lakeflow run selection.toy.pick --symbol E --dt 2026-01-05" in told


def test_without_upstream_a_selection_that_is_there_is_used(lake):
    root = lake({MONDAY: ROLL[MONDAY]})
    command(root, "run", "--layer", "selection", "--workers", "1")
    words = ("run", "silver.toy.prices", "--symbol", "E", "--dt", MONDAY, "--no-upstream", "--workers", "1")
    assert (command(root, *words)[0], held(root, "silver.toy.prices")) == (0, ["E1 2026-01-05"])


def test_a_session_that_is_left_out_makes_nothing_and_says_where_to_look(lake):
    root = lake({MONDAY: ["E1 0 500"]})
    command(root, "run", "--layer", "selection", "--workers", "1")
    code, told = command(root, "plan", "silver.toy.prices", "--symbol", "E", "--dt", MONDAY)
    assert code == 6
    assert "E 2026-01-05: none, by selection.toy.pick; see selection.toy.skipped" in told
    command(root, "run", "silver.toy.prices", "--symbol", "E", "--dt", MONDAY, "--workers", "1")
    assert held(root, "silver.toy.prices") == []


def test_a_run_that_made_only_what_leads_to_the_choice_says_that_nothing_was_chosen(lake):
    root = lake({MONDAY: ["E1 0 500"]})
    code, told = command(root, "run", "silver.toy.prices", "--symbol", "E", "--dt", MONDAY, "--workers", "1")
    assert code == 0
    assert "E 2026-01-05: none, by selection.toy.pick; see selection.toy.skipped" in told


def test_a_history_that_can_do_without_a_day_has_every_session_between_and_none_before(lake):
    root = lake({MONDAY: ["E1 0 5"], "2026-01-09": ["E1 0 5"]})
    code, told = command(root, "run", "--layer", "selection", "--workers", "1")
    assert code == 0, told
    days = [MONDAY, TUESDAY, WEDNESDAY, "2026-01-08", "2026-01-09"]
    assert held(root, "selection.toy.pick") == [f"E {dt}" for dt in days]


def test_a_roll_that_comes_later_adds_its_symbol_to_the_evening_before(lake, toy):
    root = lake({MONDAY: ["E1 0 9", "E2 0 1"]})
    words = ("run", "silver.toy.prices", "--symbol", "E", "--workers", "1")
    command(root, *words)
    assert held(root, "silver.toy.prices") == ["E1 2026-01-05"]
    lake({TUESDAY: ["E2 0 30"]})
    command(root, *words)
    assert held(root, "silver.toy.prices") == ["E1 2026-01-05", "E2 2026-01-05", "E2 2026-01-06"]


def test_a_stage_that_reads_children_gets_those_of_its_parent_alone(lake, toy):
    root = lake({MONDAY: ["E1 0 5", "E2 0 6"]})
    toy({f"lake/raw/source=vendor/product_type=toy/symbol=F/dt={MONDAY}/lines.txt": "F3 0 7\n"})
    command(root, "run", "silver.toy.seen", "--workers", "1")
    with open_project(root) as project:
        seen = project["silver.toy.seen"].scan(symbol="E", dt=MONDAY).collect()
    assert seen.select("seq", "price").rows() == [(1, 5), (2, 6)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("selected_by: selection.toy.pick", "selected_by: gold.toy.day",
         "products: toy: selected_by: expected one of ['selection.toy.pick', 'selection.toy.skipped'], found 'gold.toy.day'"),
        ("contract: selection/pick}", "contract: bronze/days}",
         "products: toy: selected_by: expected a contract with a column selected_symbol, a string that is never null"),
        ("(?P<parent>[A-Z]+)[0-9]+", "(?P<root>[A-Z]+)[0-9]+",
         "silver.toy.look: reads: lines: symbol: expected a group (?P<parent>...) in products: toy: symbols, found none"),
    ],
)  # fmt: skip
def test_a_selection_that_cannot_be_is_refused(lake, old, new, said):
    assert REGISTRY.count(old) == 1
    code, told = command(lake({}, **{"datasets.yaml": REGISTRY.replace(old, new)}), "check")
    assert code == 5
    assert said in told


TRAIL = '''\
"""The days before, each of the symbol that was chosen for it."""

import polars as pl


def trail(day: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    number = pl.col("symbol").str.slice(1).cast(pl.Int64) + 10 * pl.int_range(pl.len())
    today = day.select(seq=pl.lit(99, pl.Int64), price="price")
    return pl.concat([earlier.select(seq=number, price="price"), today])
'''
TRAILING = REGISTRY.replace(
    "\nstages:\n",
    "  gold.toy.trail: {contract: bronze/lines, dt_kind: session_date}\n\nstages:\n",
).replace(
    "  gold.toy.day: {contract: bronze/lines}",
    "  gold.toy.day: {contract: bronze/lines, dt_kind: session_date}",
)
TRAILING += """\
  gold.toy.follow:
    run: stages.gold.trail.trail
    reads:
      day: gold.toy.day
      earlier: {dataset: gold.toy.day, symbol: chosen, days: [-2, -1], min: 0}
    makes: {trail: gold.toy.trail}
"""


@pytest.mark.parametrize("symbol", ["E", "E2"])
def test_a_window_of_chosen_symbols_goes_on_over_a_roll(lake, symbol):
    root = lake(ROLL, **{"datasets.yaml": TRAILING, "stages/gold/trail.py": TRAIL})
    words = ("gold.toy.trail", "--symbol", symbol, "--dt", WEDNESDAY)
    code, told = command(root, "run", *words, "--workers", "1")
    assert code == 0, told
    with open_project(root) as project:
        rows = (
            project["gold.toy.trail"].scan(symbol="E2", dt=WEDNESDAY).select("seq", "price").collect().rows()
        )
    # E1 on Monday and on Tuesday, whose session has Monday's day file in it too.
    assert rows == [(1, 90), (11, 90), (99, 70)]
    assert "0 to do" in command(root, "plan", *words)[1]


def test_a_session_without_a_choice_is_left_out_of_a_window_of_chosen_symbols(lake):
    root = lake(
        {MONDAY: ["E1 0 500"], TUESDAY: ["E1 0 1"]},
        **{"datasets.yaml": TRAILING, "stages/gold/trail.py": TRAIL},
    )
    command(root, "run", "gold.toy.trail", "--symbol", "E1", "--dt", TUESDAY, "--workers", "1")
    with open_project(root) as project:
        assert project["gold.toy.trail"].scan(symbol="E1", dt=TUESDAY).collect()["seq"].to_list() == [99]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    selected_by: selection.toy.pick\n", "",
         "reads: earlier: symbol: expected products: toy: selected_by, to say which, found none"),
        ("days: [-2, -1]", "days: [-2, 0]",
         "expected earlier sessions (days: [-n, -1]) of a dataset of session dates, found days: (-2, 0), of session_date"),
    ],
)  # fmt: skip
def test_a_window_of_chosen_symbols_that_cannot_be_is_refused(lake, old, new, said):
    files = {"datasets.yaml": TRAILING.replace(old, new), "stages/gold/trail.py": TRAIL}
    code, told = command(lake({}, **files), "check")
    assert code == 5
    assert said in told


SUNDAY, SATURDAY = "2026-01-04", "2026-01-03"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--layer", "gold", "--symbol", "E", "--dt", SATURDAY), f"for {SATURDAY} is no session and touches none"),
        (("gold.toy.trail", "--symbol", "E1", "--dt", SUNDAY), f"for {SUNDAY} is no session, and these tables are of sessions"),
        (("selection.toy.pick", "--symbol", "E1", "--dt", MONDAY), "is made for a parent, of all of its contracts; say --symbol E"),
        (("gold.toy.trail", "--symbol", "F9", "--dt", MONDAY), "no delivery of it is in the lake"),
    ],
)  # fmt: skip
def test_a_request_that_finds_nothing_says_the_right_reason(lake, words, said):
    root = lake(ROLL, **{"datasets.yaml": TRAILING, "stages/gold/trail.py": TRAIL})
    command(root, "run", "--layer", "selection", "--workers", "1")
    code, told = command(root, "plan", *words)
    assert (code, said in told) == (6, True), told


def test_dates_that_are_said_one_by_one_all_count(lake):
    root = lake(ROLL)
    words = ("--symbol", "E1", "--dt", MONDAY, "--dt", TUESDAY, "--workers", "1")
    assert command(root, "run", "silver.toy.prices", *words)[0] == 0
    assert held(root, "silver.toy.prices") == ["E1 2026-01-05", "E1 2026-01-06"]
