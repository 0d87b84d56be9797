"""Rows as text in every format."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.human import bytes_text, seconds_text
from lakeflow.table import WRITERS, as_text, to_json


class Made(NamedTuple):
    table: str
    rows: int
    price: Decimal | None = None


def written(kind: str, columns: list[str], rows: list[tuple]) -> str:
    out = io.StringIO()
    WRITERS[kind](out, columns, iter(rows))
    return out.getvalue()


def test_a_table_aligns_words_left_and_numbers_right_and_leaves_nulls_empty():
    rows = [Made("bbo", 7, Decimal("5000.250000000")), Made("trades", 1204)]
    assert as_text(rows) == (
        "table   rows    price\n"
        "------  ----  -------\n"
        "bbo        7  5000.25\n"
        "trades  1204\n"
    )  # fmt: skip


def test_columns_appear_in_the_order_they_are_first_seen():
    assert as_text([{"b": 1}, {"a": 2, "b": 3}]).splitlines()[0].split() == ["b", "a"]


def test_no_rows_are_no_text_but_a_header_is_written_where_columns_are_known():
    assert as_text([]) == ""
    assert written("csv", ["a", "b"], []) == "a,b\n"
    assert written("table", ["a", "b"], []) == "a  b\n-  -\n"
    assert json.loads(written("json", ["a"], [])) == {"schema_version": 1, "rows": []}
    assert written("ndjson", ["a"], []) == ""


def test_a_cell_stays_on_one_line_and_a_screen_wide():
    text = as_text([{"a": "x\ny\tz\x1b[31m", "b": "w" * 100}])
    assert len(text.splitlines()) == 3
    assert "\x1b" not in text
    assert "w" * 57 + "..." in text


def test_letters_that_are_two_columns_wide_keep_the_table_aligned():
    lines = as_text([{"a": "日本", "b": "x"}, {"a": "abcd", "b": "x"}]).splitlines()
    assert lines[2] == "日本  x"
    assert lines[3] == "abcd  x"


def test_csv_tells_null_from_the_empty_text():
    rows = [(None, ""), ("a,b", 'say "x"'), ("two\nlines", 1.5), (True, date(2026, 1, 6))]
    assert written("csv", ["a", "b"], rows) == (
        'a,b\n,""\n"a,b","say ""x"""\n"two\nlines",1.5\ntrue,2026-01-06\n'
    )


def test_a_row_of_one_null_is_still_a_row_of_csv():
    assert list(csv.reader(io.StringIO(written("csv", ["a"], [(None,), (1,)])))) == [["a"], [""], ["1"]]


def test_json_is_strict_and_loses_no_digit():
    rows = [
        (float("nan"), Decimal("0.100000000"), 2**63),
        (None, datetime(2026, 1, 6, tzinfo=UTC), b"\x00\xff"),
    ]
    assert json.loads(written("json", ["a", "b", "c"], rows))["rows"] == [
        {"a": None, "b": "0.100000000", "c": 2**63},
        {"a": None, "b": "2026-01-06T00:00:00+00:00", "c": "00ff"},
    ]
    assert [json.loads(line)["c"] for line in written("ndjson", ["a", "b", "c"], rows).splitlines()] == [
        2**63,
        "00ff",
    ]


def test_json_takes_what_the_engine_holds():
    assert json.loads(to_json({"made": Made("bbo", 1), "keys": {"b", "a"}, "nested": [(1, None)]})) == {
        "made": {"table": "bbo", "rows": 1, "price": None},
        "keys": ["a", "b"],
        "nested": [[1, None]],
    }


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"))


@given(st.lists(st.tuples(texts, texts)))
def test_csv_reads_back_as_it_was_written(rows):
    assert list(csv.reader(io.StringIO(written("csv", ["a", "b"], rows), newline=""))) == [
        ["a", "b"],
        *map(list, rows),
    ]


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (5 * 2**20, "5.0 MiB"), (3 * 2**50, "3072.0 TiB")],
)
def test_sizes_are_told_in_their_largest_unit(size, text):
    assert bytes_text(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0124, "12ms"),
        (1, "1.0s"),
        (59.94, "59.9s"),
        (59.96, "1m 00s"),
        (3599.6, "1h 00m"),
        (3725, "1h 02m"),
        (180_000, "2d 02h"),
    ],
)
def test_durations_are_told_in_their_two_largest_units(seconds, text):
    assert seconds_text(seconds) == text
