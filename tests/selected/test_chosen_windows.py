"""Windows of chosen symbols: the sessions before, each of the symbol that was chosen for it."""

import pytest

from lakeflow.project import open_project

MONDAY, TUESDAY, WEDNESDAY = "2026-01-05", "2026-01-06", "2026-01-07"


ROLL = {MONDAY: ["E1 0 9", "E2 0 1"], TUESDAY: ["E1 0 1"], WEDNESDAY: ["E1 0 1", "E2 0 7"]}


TRAIL = '''\
"""The days before, each of the symbol that was chosen for it."""

import polars as pl


def trail(day: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    number = pl.col("symbol").str.slice(1).cast(pl.Int64) + 10 * pl.int_range(pl.len())
    today = day.select(seq=pl.lit(99, pl.Int64), price="price")
    return pl.concat([earlier.select(seq=number, price="price"), today])
'''
NAMED = "  gold.toy.day: {contract: bronze/lines}"
DATED = """\
  gold.toy.day: {contract: bronze/lines, dt_kind: session_date}
  gold.toy.trail: {contract: bronze/lines, dt_kind: session_date}"""
FOLLOW = """\
  gold.toy.follow:
    run: stages.gold.trail.trail
    reads:
      day: gold.toy.day
      earlier: {dataset: gold.toy.day, symbol: chosen, days: [-2, -1], min: 0}
    makes: {trail: gold.toy.trail}
"""


@pytest.fixture
def trailing(registry) -> dict[str, str]:
    """Files of the toy with a stage of gold that reads the sessions before, each of the symbol chosen for it."""
    return {"datasets.yaml": registry.replace(NAMED, DATED) + FOLLOW, "stages/gold/trail.py": TRAIL}


@pytest.mark.parametrize("symbol", ["E", "E2"])
def test_a_window_of_chosen_symbols_goes_on_over_a_roll(lake, symbol, command, trailing):
    root = lake(ROLL, **trailing)
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


def test_a_session_without_a_choice_is_left_out_of_a_window_of_chosen_symbols(lake, command, trailing):
    root = lake({MONDAY: ["E1 0 500"], TUESDAY: ["E1 0 1"]}, **trailing)
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
def test_a_window_of_chosen_symbols_that_cannot_be_is_refused(lake, old, new, said, command, trailing):
    changed = trailing | {"datasets.yaml": trailing["datasets.yaml"].replace(old, new)}
    code, told = command(lake({}, **changed), "check")
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
def test_a_request_that_finds_nothing_says_the_right_reason(lake, words, said, command, trailing):
    root = lake(ROLL, **trailing)
    command(root, "run", "--layer", "selection", "--workers", "1")
    code, told = command(root, "plan", *words)
    assert (code, said in told) == (6, True), told
