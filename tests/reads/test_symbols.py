"""Whose rows a step reads, of its own day: its symbol's, a relative's, every symbol's."""

import pytest

LINES = "bronze.toy.lines"


TUESDAY = "2026-01-06"


def test_a_read_is_the_same_symbol_and_day_and_has_no_columns_for_them(lake, said, go):
    root = lake({"lines": LINES}, {"AB1": [TUESDAY], "AB2": ["2026-01-07"]}, kind="utc_date")
    go(root)
    assert said(root) == {"AB1 2026-01-06": ["lines 6"], "AB2 2026-01-07": ["lines 7"]}


@pytest.mark.parametrize(("group", "other"), [("parent", "AB"), ("underlying", "A")])
def test_a_read_of_a_relative_is_of_the_symbol_that_the_grammar_names(group, other, lake, said, go):
    reads = {"lines": LINES, "theirs": f"{{dataset: {LINES}, symbol: {group}}}"}
    root = lake(reads, {"AB1": [TUESDAY], other: [TUESDAY]}, kind="utc_date")
    go(root)
    assert said(root)["AB1 2026-01-06"] == ["lines 6", "theirs 6"]


def test_a_relative_that_is_not_delivered_is_said_to_be_missing(lake, go):
    reads = {"lines": LINES, "theirs": f"{{dataset: {LINES}, symbol: parent}}"}
    root = lake(reads, {"AB1": [TUESDAY]}, kind="utc_date")
    [missing] = go(root)[1].missing
    assert missing.why == "raw.toy.vendor AB 2026-01-06 is not delivered (lakeflow raw add FILE...)"


def test_a_read_of_every_symbol_says_whose_each_row_is(lake, said, go):
    reads = {"all": f'{{dataset: {LINES}, symbol: "*"}}'}
    root = lake(reads, {"B2": [TUESDAY], "A1": [TUESDAY]}, kind="utc_date", symbol="ALL")
    go(root)
    assert said(root) == {"ALL 2026-01-06": ["all A1 6", "all B2 6"]}


def test_what_is_built_on_request_is_made_when_it_is_named_and_not_with_the_others(toy, lake, said, plan, go):
    root = lake({"lines": LINES}, {"A1": [TUESDAY]}, kind="utc_date")
    text = (root / "datasets.yaml").read_text()
    toy({"datasets.yaml": text.rstrip() + "\n    build: on_request\n"})
    assert [key for key, _, _ in plan(root)] == ["bronze.toy.split A1 2026-01-06"]
    go(root, named=frozenset({"gold.toy.told"}))
    assert said(root) == {"A1 2026-01-06": ["lines 6"]}
