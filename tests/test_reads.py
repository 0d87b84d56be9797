"""The read vocabulary: whose symbol and which days a step reads, and what it sees of them."""

import json
from datetime import date, timedelta

import pytest

from lakeflow.avsc import field, record
from lakeflow.errors import ConfigError
from lakeflow.execution import Terms, execute
from lakeflow.project import open_project
from lakeflow.request import Request
from lakeflow.summary import Summary

REGISTRY = """\
products:
  toy: {calendar: CME_EQ, symbols: "(?P<parent>(?P<underlying>[A-Z])[A-Z]*)[0-9]*"}

datasets:
  raw.toy.vendor: {describe: stages.bronze.lines.describe}
  bronze.toy.lines: {contract: bronze/lines}
  gold.toy.told: {contract: gold/told, dt_kind: KIND}

stages:
  bronze.toy.split:
    run: stages.bronze.lines.split
    reads: {files: raw.toy.vendor}
    makes: {lines: bronze.toy.lines}
  gold.toy.tell:
    run: stages.gold.tell.tell
    reads: {READS}
    makes: {told: gold.toy.told}
    SYMBOL
"""
TELL = '''\
"""Every row read, in words: the name of the read, the symbol and the date that it says, and what it holds."""

import polars as pl


def tell(ARGUMENTS) -> pl.DataFrame:
    reads = {NAMES}
    words = [
        [name, row.get("symbol"), row.get("dt"), row.get("price", row.get("said"))]
        for name, frame in reads.items()
        for row in ([{"said": "nothing"}] if frame is None else frame.iter_rows(named=True))
    ]
    return pl.DataFrame({"said": [" ".join(str(w) for w in row if w is not None) for row in words]}, {"said": pl.String})
'''


def delivery(symbol: str, dt: str) -> str:
    return f"lake/raw/source=vendor/product_type=toy/symbol={symbol}/dt={dt}/lines.txt"


def lake(
    toy, reads: dict[str, str], given: dict[str, list[str]], kind: str = "session_date", symbol: str = ""
):
    """A toy whose last stage tells what it reads; each delivery's price is its day of the month."""
    entries = ", ".join(f"{name}: {entry}" for name, entry in reads.items())
    words = {"READS": entries, "KIND": kind, "SYMBOL": f"symbol: {symbol}" if symbol else ""}
    arguments = ", ".join(f"{name}: pl.DataFrame | None" for name in reads)
    names = ", ".join(f'"{name}": {name}' for name in reads)
    files = {
        "datasets.yaml": replaced(REGISTRY, words),
        "stages/gold/__init__.py": '"""Gold."""\n',
        "stages/gold/tell.py": replaced(TELL, {"ARGUMENTS": arguments, "NAMES": names}),
        "contracts/gold/told.avsc": json.dumps(record("gold/told", [field("said", "string")])),
    }
    raw = {delivery(s, dt): f"1 {int(dt[-2:])}\n" for s, days in given.items() for dt in days}
    return toy(files | raw)


def replaced(text: str, words: dict[str, str]) -> str:
    for old, new in words.items():
        text = text.replace(old, new)
    return text


def run(root, **wanted) -> Summary:
    with open_project(root) as project:
        return execute(project, Request(frozenset(project.catalog.datasets), **wanted), Terms(workers=1))


def told(root) -> dict[str, list[str]]:
    """What each step of the last stage said, by symbol and date."""
    with open_project(root) as project:
        table = project["gold.toy.told"]
        return {
            f"{p.symbol} {p.dt}": table.scan(symbol=p.symbol, dt=p.dt).collect()["said"].to_list()
            for p in table.partitions()
        }


LINES = "bronze.toy.lines"
TUESDAY = "2026-01-06"


def test_a_read_is_the_same_symbol_and_day_and_has_no_columns_for_them(toy):
    root = lake(toy, {"lines": LINES}, {"AB1": [TUESDAY], "AB2": ["2026-01-07"]}, kind="utc_date")
    run(root)
    assert told(root) == {"AB1 2026-01-06": ["lines 6"], "AB2 2026-01-07": ["lines 7"]}


@pytest.mark.parametrize(("group", "other"), [("parent", "AB"), ("underlying", "A")])
def test_a_read_of_a_relative_is_of_the_symbol_that_the_grammar_names(toy, group, other):
    reads = {"lines": LINES, "theirs": f"{{dataset: {LINES}, symbol: {group}}}"}
    root = lake(toy, reads, {"AB1": [TUESDAY], other: [TUESDAY]}, kind="utc_date")
    run(root)
    assert told(root)["AB1 2026-01-06"] == ["lines 6", "theirs 6"]


def test_a_relative_that_is_not_delivered_is_said_to_be_missing(toy):
    reads = {"lines": LINES, "theirs": f"{{dataset: {LINES}, symbol: parent}}"}
    root = lake(toy, reads, {"AB1": [TUESDAY]}, kind="utc_date")
    [missing] = run(root).missing
    assert missing.why == "raw.toy.vendor AB 2026-01-06 is not delivered (lakeflow raw add FILE...)"


def test_a_read_of_every_symbol_says_whose_each_row_is(toy):
    reads = {"all": f'{{dataset: {LINES}, symbol: "*"}}'}
    root = lake(toy, reads, {"B2": [TUESDAY], "A1": [TUESDAY]}, kind="utc_date", symbol="ALL")
    run(root)
    assert told(root) == {"ALL 2026-01-06": ["all A1 6", "all B2 6"]}


WINDOW = {"lines": f"{{dataset: {LINES}, map: session_window}}"}


def test_every_symbol_of_a_session_window_says_its_symbol_and_no_date(toy):
    reads = {"all": f'{{dataset: {LINES}, map: session_window, symbol: "*", min: 1}}'}
    root = lake(toy, reads, {"A1": ["2026-01-05", TUESDAY], "B2": [TUESDAY]}, symbol="ALL")
    run(root, first=TUESDAY, last=TUESDAY)
    assert told(root) == {"ALL 2026-01-06": ["all A1 5", "all A1 6", "all B2 6"]}


@pytest.mark.parametrize(
    ("session", "days"),
    [
        ("2026-01-06", ["2026-01-05", "2026-01-06"]),
        ("2026-01-05", ["2026-01-04", "2026-01-05"]),  # Monday's began on Sunday
        ("2026-01-02", ["2026-01-01", "2026-01-02"]),  # the day after a holiday began on it
        ("2026-03-09", ["2026-03-08", "2026-03-09"]),  # the clock in Chicago was changed on the Sunday
        ("2026-11-02", ["2026-11-01", "2026-11-02"]),
    ],
)
def test_a_session_window_is_the_utc_days_that_the_session_lies_on(toy, session, days):
    root = lake(toy, WINDOW, {"A1": days})
    run(root)
    assert told(root) == {f"A1 {session}": [f"lines {int(dt[-2:])}" for dt in days]}


def test_a_session_is_made_when_all_its_utc_days_are_there(toy):
    root = lake(toy, WINDOW, {"A1": [TUESDAY]})
    missing = [(str(m.key), m.why) for m in run(root).missing]
    assert told(root) == {}
    assert missing == [
        ("gold.toy.tell A1 2026-01-06", "gold.toy.tell A1 2026-01-06: lines: expected at least 2 partitions of bronze.toy.lines, found 1: raw.toy.vendor A1 2026-01-05 is not delivered (lakeflow raw add FILE...)"),
        ("gold.toy.tell A1 2026-01-07", "gold.toy.tell A1 2026-01-07: lines: expected at least 2 partitions of bronze.toy.lines, found 1: raw.toy.vendor A1 2026-01-07 is not delivered (lakeflow raw add FILE...)"),
    ]  # fmt: skip
    toy({delivery("A1", "2026-01-05"): "1 5\n"})
    run(root)
    assert told(root) == {"A1 2026-01-06": ["lines 5", "lines 6"]}


def days(first: int, last: int, least: str = "") -> dict[str, str]:
    return {
        "now": f"{{dataset: {LINES}, map: session_window, min: 1}}",
        "past": f"{{dataset: {LINES}, days: [{first}, {last}]{least}}}",
    }


def test_a_window_counts_sessions_by_the_calendar_and_says_the_date_of_each_row(toy):
    weeks = ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05", "2026-01-06"]
    root = lake(toy, days(-2, -1), {"A1": weeks})
    run(root, first=TUESDAY, last=TUESDAY)
    assert told(root) == {"A1 2026-01-06": ["now 5", "now 6", "past 2026-01-02 2", "past 2026-01-05 5"]}


def test_a_window_that_ends_today_has_today(toy):
    root = lake(toy, {"lines": f"{{dataset: {LINES}, days: [-1, 0]}}"}, {"A1": ["2026-01-05", TUESDAY]})
    run(root)
    assert told(root) == {"A1 2026-01-06": ["lines 2026-01-05 5", "lines 2026-01-06 6"]}


def test_a_window_is_never_filled_from_older_days_of_the_lake(toy):
    old = ["2025-12-30", "2025-12-31", "2026-01-02"]
    root = lake(toy, {"lines": f"{{dataset: {LINES}, days: [-2, 0]}}"}, {"A1": [*old, TUESDAY]})
    summary = run(root, first=TUESDAY, last=TUESDAY)
    assert told(root) == {}
    assert "lines: expected at least 3 partitions of bronze.toy.lines, found 2" in summary.missing[0].why


def test_a_window_with_a_least_count_does_with_fewer_days(toy):
    reads = {"lines": f"{{dataset: {LINES}, days: [-2, 0], min: 2}}"}
    root = lake(toy, reads, {"A1": ["2026-01-02", TUESDAY]})
    run(root, first=TUESDAY, last=TUESDAY)
    assert told(root) == {"A1 2026-01-06": ["lines 2026-01-02 2", "lines 2026-01-06 6"]}


def test_an_optional_window_may_be_empty(toy):
    root = lake(toy, days(-2, -1, ", min: 0"), {"A1": [TUESDAY]})
    run(root, first=TUESDAY, last=TUESDAY)
    assert told(root) == {"A1 2026-01-06": ["now 6"]}


HISTORY = {"it": f"{{dataset: {LINES}, days: [0, 0]}}", "old": "{dataset: gold.toy.told, previous: self}"}


def plan(root, **wanted) -> list[tuple[str, str, str]]:
    with open_project(root) as project:
        steps = project.planner(Request(frozenset(project.catalog.datasets), **wanted)).steps()
        return [(str(step.key), step.action, step.reason) for step in steps]


def test_a_history_begins_with_nothing_and_goes_on_from_the_session_before(toy):
    root = lake(toy, HISTORY, {"A1": ["2026-01-02", "2026-01-05", TUESDAY]})
    run(root)
    assert told(root) == {
        "A1 2026-01-02": ["it 2026-01-02 2", "old nothing"],
        "A1 2026-01-05": ["it 2026-01-05 5", "old it 2026-01-02 2", "old old nothing"],
        "A1 2026-01-06": [
            "it 2026-01-06 6",
            "old it 2026-01-05 5",
            "old old it 2026-01-02 2",
            "old old old nothing",
        ],
    }


def test_a_history_that_needs_every_day_does_not_begin_anew_after_one_that_was_not_delivered(toy):
    root = lake(toy, HISTORY, {"A1": ["2026-01-02", TUESDAY, "2026-01-07"]})
    summary = run(root)
    assert told(root) == {"A1 2026-01-02": ["it 2026-01-02 2", "old nothing"]}
    said = {missing.key.dt: missing.why for missing in summary.missing}
    assert (
        "expected gold.toy.told A1 2026-01-05, for its history began on 2026-01-02, found none"
        in said[TUESDAY]
    )
    assert set(said) == {TUESDAY, "2026-01-07"}
    toy({delivery("A1", "2026-01-05"): "1 5\n"})
    run(root)
    assert told(root)["A1 2026-01-07"][1:3] == ["old it 2026-01-06 6", "old old it 2026-01-05 5"]


@pytest.mark.parametrize("kind", ["session_date", "utc_date"])
def test_a_history_that_can_do_without_a_day_goes_on_over_it(toy, kind):
    reads = HISTORY | {"it": f"{{dataset: {LINES}, days: [0, 0], min: 0}}"}
    root = lake(toy, reads, {"A1": ["2026-01-05", "2026-01-07"]}, kind)
    run(root)
    assert told(root) == {
        "A1 2026-01-05": ["it 2026-01-05 5", "old nothing"],
        "A1 2026-01-06": ["old it 2026-01-05 5", "old old nothing"],
        "A1 2026-01-07": ["it 2026-01-07 7", "old old it 2026-01-05 5", "old old old nothing"],
    }


def test_a_late_first_day_of_a_history_remakes_all_that_follows_and_the_plan_says_so_before(toy):
    root = lake(toy, HISTORY, {"A1": ["2026-01-05", TUESDAY]})
    run(root)
    toy({delivery("A1", "2026-01-02"): "1 2\n"})
    assert plan(root) == [
        ("bronze.toy.split A1 2026-01-02", "make", "missing"),
        ("gold.toy.tell A1 2026-01-02", "make", "missing"),
        ("gold.toy.tell A1 2026-01-05", "make", "input changed: gold.toy.tell A1 2026-01-02 comes first"),
        ("gold.toy.tell A1 2026-01-06", "make", "input changed: gold.toy.tell A1 2026-01-05 comes first"),
    ]
    run(root)
    assert told(root)["A1 2026-01-05"] == ["it 2026-01-05 5", "old it 2026-01-02 2", "old old nothing"]
    assert plan(root) == []


OWN = "{dataset: gold.toy.told, days: [-2, -1], min: 0}"


@pytest.mark.parametrize("old", [HISTORY["old"], OWN])
def test_a_history_of_years_is_planned_from_one_day_of_it(toy, old):
    year = [(date(2025, 1, 1) + timedelta(days=n)).isoformat() for n in range(365)]
    root = lake(toy, HISTORY | {"old": old}, {"A1": year})
    steps = plan(root, first=year[-1], last=year[-1])
    sessions = [key.split()[-1] for key, _, _ in steps if key.startswith("gold")]
    assert len(sessions) == 258  # 261 weekdays, without New Year, Good Friday and Christmas
    assert sessions == sorted(sessions)
    assert steps[-1][0] == "gold.toy.tell A1 2025-12-31"


def test_one_day_of_a_window_over_own_tables_is_as_current_as_the_whole(toy):
    weeks = [(date(2026, 1, 5) + timedelta(days=n)).isoformat() for n in range(26)]
    root = lake(toy, HISTORY | {"old": OWN}, {"A1": weeks})
    run(root)
    assert plan(root, first=weeks[-1], last=weeks[-1]) == []


def test_a_window_named_first_does_not_say_which_steps_there_are(toy):
    reads = {"past": f"{{dataset: {LINES}, days: [-1, -1], min: 0}}", "it": HISTORY["it"]}
    root = lake(toy, reads, {"A1": ["2026-01-05", TUESDAY]})
    run(root)
    assert sorted(told(root)) == ["A1 2026-01-05", "A1 2026-01-06"]


@pytest.mark.parametrize("symbol", ["A1", "ALL"])
def test_what_reads_earlier_sessions_alone_is_made_for_the_session_after_the_last(toy, symbol):
    whose = "same" if symbol == "A1" else '"*"'
    reads = {"past": f"{{dataset: {LINES}, days: [-2, -1], symbol: {whose}}}"}
    root = lake(
        toy,
        reads,
        {"A1": ["2026-01-01", "2026-01-02", "2026-01-05"]},
        symbol=symbol if symbol == "ALL" else "",
    )
    run(root)
    assert list(told(root)) == [f"{symbol} 2026-01-06"]


def test_steps_that_only_themselves_could_tell_are_refused(toy):
    with pytest.raises(ConfigError) as refused, open_project(lake(toy, {"old": OWN}, {})):
        pass
    assert "a read first that says which days there are" in str(refused.value)
    assert "gold.toy.tell -> gold.toy.tell" in str(refused.value)


@pytest.mark.parametrize("window", ["[-1, 1]", "[1, 2]"])
def test_looking_ahead_is_refused_at_load(toy, window):
    with pytest.raises(ConfigError, match="no session after the step's own"):
        open_project(lake(toy, {"lines": f"{{dataset: {LINES}, days: {window}}}"}, {}))


def test_what_is_built_on_request_is_made_when_it_is_named_and_not_with_the_others(toy):
    root = lake(toy, {"lines": LINES}, {"A1": [TUESDAY]}, kind="utc_date")
    text = (root / "datasets.yaml").read_text()
    toy({"datasets.yaml": text.rstrip() + "\n    build: on_request\n"})
    assert [key for key, _, _ in plan(root)] == ["bronze.toy.split A1 2026-01-06"]
    run(root, named=frozenset({"gold.toy.told"}))
    assert told(root) == {"A1 2026-01-06": ["lines 6"]}


def test_every_day_of_a_window_over_every_symbol_has_one(toy):
    reads = {"all": f'{{dataset: {LINES}, days: [-1, 0], symbol: "*"}}'}
    root = lake(toy, reads, {"A1": ["2026-01-02"], "B1": [TUESDAY]}, symbol="ALL")
    missing = [m.why for m in run(root, first=TUESDAY).missing]
    assert missing == [
        "gold.toy.tell ALL 2026-01-06: all: expected a symbol of bronze.toy.lines on 2026-01-05, found none"
    ]


def test_a_window_of_a_day_without_session_is_said_to_have_none(toy):
    reads = {"now": LINES, "past": f"{{dataset: {LINES}, days: [-2, -1]}}"}
    root = lake(toy, reads, {"A1": ["2026-01-04"]}, kind="utc_date")
    [missing] = run(root).missing
    assert missing.why.endswith(
        "past: expected a session with all of its window in the calendar, found none on 2026-01-04"
    )
