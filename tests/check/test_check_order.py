"""Order and keys of a file: ascending with nulls first, no key twice, judged like a plain Python loop."""

import json

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow import check
from lakeflow.avsc import NANOS, enum, field, record
from lakeflow.check import check_file, check_frame
from lakeflow.contract import Contract, read_contract
from lakeflow.types import conform, polars_schema

FIELDS = [field("a", "long"), field("b", ["null", "string"]), field("side", enum("Side", "Z", "A", "M"))]


def contract(**promise) -> Contract:
    return read_contract(json.dumps(record("silver/t", FIELDS, **promise)), "silver/t")


def frame(rows) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=polars_schema(contract()), orient="row")


@pytest.fixture(params=["in memory", "by DuckDB"])
def repeats_sought(request, monkeypatch):
    """A file of more rows than are in memory at a time is searched on the disk."""
    if request.param == "by DuckDB":
        monkeypatch.setattr(check, "BATCH", 1)


def said(rows, **promise) -> list[str]:
    return [
        str(each).removeprefix("silver/t ") for each in check_frame(frame(rows), contract(**promise)).errors
    ]


def test_rows_out_of_order_are_refused_with_the_pair():
    rows = [(1, "x", "Z"), (3, "x", "Z"), (2, "x", "Z"), (2, "w", "Z")]
    assert said(rows, sort=["a", "b"]) == [
        "a, b: sort: expected rows that ascend, nulls first, found (2, 'x') after (3, 'x') (2 rows, first at row 2)"
    ]


def test_nulls_come_first_and_enums_by_their_list():
    assert not said([(1, None, "Z"), (1, "", "Z"), (1, "a", "Z")], sort=["a", "b"])
    assert said([(1, "a", "Z"), (1, None, "Z")], sort=["a", "b"])
    assert not said([(1, None, "Z"), (1, None, "A"), (1, None, "M")], sort=["side"])
    assert said([(1, None, "A"), (1, None, "Z")], sort=["side"])


@pytest.mark.parametrize("sort", [[], ["a"], ["side", "a"], ["a", "side"], ["side"]])
def test_a_key_said_twice_is_refused_whatever_the_order(sort):
    rows = [(1, "x", "Z"), (1, "x", "A"), (2, "x", "A"), (2, "y", "A")]
    complaint = next(each for each in said(rows, key=["a", "side"], sort=sort) if ": key:" in each)
    assert complaint.startswith("a, side: key: expected no row twice, found (")
    assert complaint.endswith("(1 row, first at row 3)")


def test_a_repeated_key_is_shown_with_its_values():
    rows = [(1, "x", "Z"), (1, "x", "A"), (1, "x", "A")]
    for sort in ([], ["a", "side"]):
        assert "found (1, 'A') (1 row, first at row 2)" in said(rows, key=["a", "side"], sort=sort)[0]


def test_nulls_repeat_nothing_in_a_unique_set():
    assert not said([(1, None, "Z"), (1, None, "Z")], unique=[["a", "b"]], sort=["a", "b"])
    assert said([(1, "x", "Z"), (1, "x", "Z")], unique=[["a", "b"]], sort=["a", "b"])


ROW = st.tuples(st.integers(0, 2), st.sampled_from([None, "", "x"]), st.sampled_from("ZAM"))
COLUMNS = st.lists(st.sampled_from(["a", "b", "side"]), unique=True)


@settings(max_examples=80, deadline=None)
@given(
    rows=st.lists(ROW, max_size=9),
    tidy=st.booleans(),
    sort=COLUMNS,
    unique=COLUMNS.filter(bool),
    batch=st.integers(1, 4),
)
def test_order_and_repeats_are_what_a_plain_loop_finds(rows, tidy, sort, unique, batch, tmp_path_factory):
    places = [["a", "b", "side"].index(name) for name in sort]
    if tidy:
        rows = sorted(rows, key=lambda row: sort_value(row, places))
    path = tmp_path_factory.getbasetemp() / "draft"
    promise = contract(sort=sort, unique=[unique])
    pq.write_table(conform(frame(rows), promise), path, row_group_size=batch)
    expected = [each for each in (falls(rows, places), repeats(rows, unique)) if each]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check, "BATCH", 2 * batch - 1)
        verdicts = check_file(path, promise), check_frame(frame(rows), promise)
    for verdict in verdicts:
        assert [(each.rule, each.count, each.first_row) for each in verdict.errors] == expected


def sort_value(row, places):
    values = [
        (row[place] is not None, "ZAM".index(row[place]) if place == 2 else row[place] or 0)
        for place in places
    ]
    return [
        (known, value if known else 0) if place != 1 else (known, value or "")
        for place, (known, value) in zip(places, values, strict=True)
    ]


def falls(rows, places):
    keys = [sort_value(row, places) for row in rows]
    bad = [i for i in range(1, len(keys)) if keys[i] < keys[i - 1]]
    return ("sort", len(bad), bad[0]) if bad else None


def repeats(rows, unique):
    seen, bad = set(), []
    for i, row in enumerate(rows):
        values = tuple(row[["a", "b", "side"].index(name)] for name in unique)
        if values in seen and None not in values:
            bad.append(i)
        seen.add(values)
    return ("unique", len(bad), bad[0]) if bad else None


@pytest.mark.usefixtures("repeats_sought")
def test_times_that_do_not_sort_the_file_are_still_a_key(tmp_path):
    promise = read_contract(json.dumps(record("silver/t", [field("ts_a", NANOS)], key=["ts_a"])), "silver/t")
    rows = pl.DataFrame({"ts_a": [5, 3, 5]}, schema=polars_schema(promise), strict=False)
    path = tmp_path / "a[b]*.draft"
    pq.write_table(conform(rows, promise), path)
    for verdict in (check_file(path, promise), check_frame(rows, promise)):
        assert (
            str(verdict.errors[0])
            == "silver/t ts_a: key: expected no row twice, found (5,) (1 row, first at row 2)"
        )


@pytest.mark.usefixtures("repeats_sought")
def test_a_key_may_be_called_as_the_search_for_it_is(tmp_path):
    names = ["number", "nth", "more", "repeated", "file"]
    fields = [field(name, "long") for name in names]
    promise = read_contract(json.dumps(record("silver/t", fields, key=names)), "silver/t")
    rows = pl.DataFrame({name: [4, 1, 4] for name in names})
    pq.write_table(conform(rows, promise), tmp_path / "draft")
    assert [(each.count, each.first_row) for each in check_file(tmp_path / "draft", promise).errors] == [
        (1, 2)
    ]


@pytest.mark.usefixtures("repeats_sought")
def test_minus_zero_repeats_zero_in_a_file_as_in_memory(tmp_path):
    promise = read_contract(json.dumps(record("silver/t", [field("f", "double")], key=["f"])), "silver/t")
    rows = pl.DataFrame({"f": [0.0, 1.0, -0.0]})
    pq.write_table(conform(rows, promise), tmp_path / "draft")
    for verdict in (check_file(tmp_path / "draft", promise), check_frame(rows, promise)):
        assert [(each.rule, each.first_row) for each in verdict.errors] == [("key", 2)]
