"""A parent's symbol on silver and gold: what a selection says for that date; planned, run and told by the command."""

import pytest

from lakeflow.project import open_project

MONDAY, TUESDAY, WEDNESDAY = "2026-01-05", "2026-01-06", "2026-01-07"


ROLL = {MONDAY: ["E1 0 9", "E2 0 1"], TUESDAY: ["E1 0 1"], WEDNESDAY: ["E1 0 1", "E2 0 7"]}


def test_a_parent_on_silver_is_every_symbol_chosen_for_a_session_that_overlaps_the_day(lake, command, held):
    root = lake(ROLL)
    code, told = command(root, "run", "silver.toy.prices", "--symbol", "E", "--workers", "1")
    assert code == 0, told
    # A session opens in the evening before: E2, chosen for Wednesday's, is not delivered on Tuesday.
    assert held(root, "silver.toy.prices") == ["E1 2026-01-05", "E1 2026-01-06", "E2 2026-01-07"]


def test_a_parent_on_gold_is_the_symbol_chosen_for_the_session(lake, command, held):
    root = lake(ROLL)
    code, told = command(root, "run", "--layer", "gold", "--symbol", "E", "--dt", MONDAY, "--workers", "1")
    assert (code, held(root, "gold.toy.day")) == (0, ["E1 2026-01-05"]), told
    assert held(root, "silver.toy.prices") == ["E1 2026-01-05"]


def test_a_full_symbol_is_taken_literally_and_needs_no_selection(lake, command, held):
    root = lake(ROLL)
    code, told = command(root, "run", "silver.toy.prices", "--symbol", "E2", "--dt", MONDAY, "--workers", "1")
    assert (code, held(root, "silver.toy.prices")) == (0, ["E2 2026-01-05"]), told
    assert held(root, "selection.toy.pick") == []


def test_a_parent_on_bronze_is_the_parent(lake, command, held):
    root = lake(ROLL)
    command(root, "run", "--layer", "bronze", "--symbol", "E", "--dt", MONDAY, "--workers", "1")
    assert held(root, "bronze.toy.lines") == ["E1 2026-01-05", "E2 2026-01-05"]


def test_a_glob_means_every_symbol_that_it_fits(lake, command, held):
    root = lake(ROLL)
    command(root, "run", "silver.toy.prices", "--symbol", "E*", "--dt", MONDAY, "--workers", "1")
    assert held(root, "silver.toy.prices") == ["E1 2026-01-05", "E2 2026-01-05"]


def test_the_plan_says_what_was_chosen_and_why_and_a_second_run_does_nothing(lake, command):
    root = lake({MONDAY: ROLL[MONDAY]})
    command(root, "run", "silver.toy.prices", "--symbol", "E", "--dt", MONDAY, "--workers", "1")
    code, told = command(root, "plan", "silver.toy.prices", "--symbol", "E", "--dt", MONDAY)
    assert code == 0
    assert "selected: E 2026-01-05: E1: at 9" in told
    assert "0 to do, 1 current" in told


def test_without_upstream_a_missing_selection_says_how_to_make_it(lake, command):
    root = lake({MONDAY: ROLL[MONDAY]})
    command(root, "run", "--layer", "bronze", "--workers", "1")
    code, told = command(root, "run", "silver.toy.prices", "--symbol", "E", "--dt", MONDAY, "--no-upstream")
    assert code == 6
    assert "make it with: lakeflow run selection.toy.pick --symbol E --dt 2026-01-05" in told


def test_without_upstream_a_selection_that_is_there_is_used(lake, command, held):
    root = lake({MONDAY: ROLL[MONDAY]})
    command(root, "run", "--layer", "selection", "--workers", "1")
    words = ("run", "silver.toy.prices", "--symbol", "E", "--dt", MONDAY, "--no-upstream", "--workers", "1")
    assert (command(root, *words)[0], held(root, "silver.toy.prices")) == (0, ["E1 2026-01-05"])


def test_a_session_that_is_left_out_makes_nothing_and_says_where_to_look(lake, command, held):
    root = lake({MONDAY: ["E1 0 500"]})
    command(root, "run", "--layer", "selection", "--workers", "1")
    code, told = command(root, "plan", "silver.toy.prices", "--symbol", "E", "--dt", MONDAY)
    assert code == 6
    assert "E 2026-01-05: none, by selection.toy.pick; see selection.toy.skipped" in told
    command(root, "run", "silver.toy.prices", "--symbol", "E", "--dt", MONDAY, "--workers", "1")
    assert held(root, "silver.toy.prices") == []


def test_a_run_that_made_only_what_leads_to_the_choice_says_that_nothing_was_chosen(lake, command):
    root = lake({MONDAY: ["E1 0 500"]})
    code, told = command(root, "run", "silver.toy.prices", "--symbol", "E", "--dt", MONDAY, "--workers", "1")
    assert code == 0
    assert "E 2026-01-05: none, by selection.toy.pick; see selection.toy.skipped" in told


def test_a_history_that_can_do_without_a_day_has_every_session_between_and_none_before(lake, command, held):
    root = lake({MONDAY: ["E1 0 5"], "2026-01-09": ["E1 0 5"]})
    code, told = command(root, "run", "--layer", "selection", "--workers", "1")
    assert code == 0, told
    days = [MONDAY, TUESDAY, WEDNESDAY, "2026-01-08", "2026-01-09"]
    assert held(root, "selection.toy.pick") == [f"E {dt}" for dt in days]


def test_a_roll_that_comes_later_adds_its_symbol_to_the_evening_before(lake, toy, command, held):
    root = lake({MONDAY: ["E1 0 9", "E2 0 1"]})
    words = ("run", "silver.toy.prices", "--symbol", "E", "--workers", "1")
    command(root, *words)
    assert held(root, "silver.toy.prices") == ["E1 2026-01-05"]
    lake({TUESDAY: ["E2 0 30"]})
    command(root, *words)
    assert held(root, "silver.toy.prices") == ["E1 2026-01-05", "E2 2026-01-05", "E2 2026-01-06"]


def test_a_stage_that_reads_children_gets_those_of_its_parent_alone(lake, toy, command):
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
def test_a_selection_that_cannot_be_is_refused(lake, old, new, said, command, registry):
    assert registry.count(old) == 1
    code, told = command(lake({}, **{"datasets.yaml": registry.replace(old, new)}), "check")
    assert code == 5
    assert said in told


def test_dates_that_are_said_one_by_one_all_count(lake, command, held):
    root = lake(ROLL)
    words = ("--symbol", "E1", "--dt", MONDAY, "--dt", TUESDAY, "--workers", "1")
    assert command(root, "run", "silver.toy.prices", *words)[0] == 0
    assert held(root, "silver.toy.prices") == ["E1 2026-01-05", "E1 2026-01-06"]
