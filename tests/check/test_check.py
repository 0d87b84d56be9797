"""The check of a file: each broken promise is told with column, rule, count and first row, all of them at once."""

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.avsc import NANOS, array, decimal, enum, field
from lakeflow.check import check_file, check_frame
from lakeflow.types import conform, polars_schema
from tests.check.files import KEY, contract, errors, written


@pytest.mark.parametrize(
    ("about", "values", "said"),
    [
        ({"min": 1}, [1, 0, 5, -3], "c: min: expected at least 1, found 0 (2 rows, first at row 1)"),
        ({"max": 3}, [1, 2, 3, 4], "c: max: expected at most 3, found 4 (1 row, first at row 3)"),
        (
            {"multipleOf": 25},
            [25, 50, 0, -26],
            "c: multipleOf: expected a multiple of 25, found -26 (1 row, first at row 3)",
        ),
        (
            {"min": 2**63, "arrowType": "uint64"},
            [2**64 - 1, 2**63, 5],
            f"c: min: expected at least {2**63}, found 5 (1 row, first at row 2)",
        ),
    ],
)
@pytest.mark.parametrize("nullable", [False, True])
def test_a_value_out_of_range_is_refused(tmp_path, about, values, said, nullable):
    promise = contract(field("c", ["null", "long"] if nullable else "long", **about))
    assert errors(written(tmp_path, {"c": values}, promise), promise) == [said]


def test_a_null_in_a_required_column_is_refused(tmp_path):
    promise = contract(field("c", "long"))
    path = written(tmp_path, {"c": [1, 2, None]}, promise, nulls=True)
    assert errors(path, promise) == [
        "c: nullability: expected a required column, found an optional one",
        "c: null: expected a value in every row, found null (1 row, first at row 2)",
    ]


def test_nan_is_refused_unless_allowed(tmp_path):
    values = {"f": [1.0, -0.0, float("nan")]}
    strict, lax = contract(field("f", "double")), contract(field("f", "double", allowNaN=True))
    assert errors(written(tmp_path, values, strict), strict) == [
        "f: NaN: expected no NaN, found nan (1 row, first at row 2)"
    ]
    assert not errors(written(tmp_path, values, lax), lax)


def test_a_symbol_that_the_enum_has_not_is_refused(tmp_path):
    wide, narrow = (contract(field("side", enum("Side", *symbols))) for symbols in ("ABN", "AB"))
    path = written(tmp_path, {"side": ["A", "B", "N", "N"]}, wide)
    assert errors(path, narrow) == ["side: enum: expected one of A, B, found 'N' (2 rows, first at row 2)"]


def test_items_of_a_list_keep_the_rules_of_the_column(tmp_path):
    promise = contract(field("sizes", array("long"), arrowType="uint32", min=1))
    path = written(tmp_path, {"sizes": [[1, 2], [], [0, 0], [3, 0]]}, promise)
    assert errors(path, promise) == ["sizes: min: expected at least 1, found [0, 0] (2 rows, first at row 2)"]


def test_a_decimal_is_compared_exactly(tmp_path):
    promise = contract(field("px", decimal(9, 2), min=0.1))
    path = written(tmp_path, {"px": pa.array(["0.10", "0.09"]).cast(pa.decimal128(9, 2))}, promise)
    assert errors(path, promise) == [
        "px: min: expected at least 0.1, found Decimal('0.09') (1 row, first at row 1)"
    ]


def test_times_are_compared_to_the_nanosecond(tmp_path):
    promise = contract(field("ts_event", NANOS, min=1_767_700_000_000_000_001))
    path = written(
        tmp_path, {"ts_event": pa.array([1_767_700_000_000_000_000], pa.timestamp("ns", "UTC"))}, promise
    )
    assert "found 1767700000000000000 (1 row, first at row 0)" in errors(path, promise)[0]


@pytest.mark.parametrize("value", [-(2**63), -(2**63) + 1, 2**63 - 1])
def test_times_that_some_engine_reads_as_none_or_infinite_are_refused(tmp_path, value):
    promise = contract(field("ts_event", NANOS))
    path = written(tmp_path, {"ts_event": pa.array([0, value], pa.timestamp("ns", "UTC"))}, promise)
    assert f"found {value} (1 row, first at row 1)" in errors(path, promise)[0]


def test_wrong_type_missing_extra_and_reordered_columns_are_told_together(tmp_path):
    promise = contract(field("a", "long"), field("b", "long"), field("c", "long", min=0), field("d", "long"))
    path = tmp_path / "draft"
    pq.write_table(pa.table({"c": [1.5], "b": [1], "a": [2], "x": [3]}), path)
    assert [(each.column, each.rule) for each in check_file(path, promise).errors] == [
        ("d", "missing"),
        ("x", "extra"),
        ("a", "order"),
        ("a", "nullability"),
        ("b", "nullability"),
        ("c", "type"),
    ]


def test_statistics_are_believed_only_of_files_as_we_write_them(tmp_path):
    promise = contract(field("c", "long", min=5))
    pl.DataFrame({"c": [1, 9]}).write_parquet(tmp_path / "draft")
    assert "c: min: expected at least 5, found 1 (1 row, first at row 0)" in errors(
        tmp_path / "draft", promise
    )


def test_a_file_with_too_few_rows_is_refused(tmp_path):
    promise = contract(KEY, minRows=1)
    assert errors(written(tmp_path, {"seq": []}, promise), promise) == [
        "silver/t: minRows: expected at least 1 rows, found 0"
    ]


def test_an_empty_file_keeps_every_other_promise(tmp_path):
    promise = contract(
        KEY, field("f", "double", min=0), key=["seq"], sort=["seq"], rules=[{"name": "r", "expr": "f > seq"}]
    )
    assert not errors(written(tmp_path, {"seq": [], "f": []}, promise), promise)


VALUE = {
    "null": st.none() | st.integers(-3, 3),
    "double": st.sampled_from([-1.0, -0.0, 0.0, 2.5, float("nan")]),
}


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(VALUE["null"], VALUE["double"]), max_size=12), group=st.integers(1, 5))
def test_file_and_frame_are_judged_alike_and_as_a_plain_loop_judges(rows, group, tmp_path_factory):
    promise = contract(field("a", ["null", "long"], min=0, multipleOf=2), field("f", "double", max=1))
    columns = {"a": [a for a, _ in rows], "f": [f for _, f in rows]}
    frame = pl.DataFrame(columns, schema=polars_schema(promise))
    path = tmp_path_factory.getbasetemp() / "draft"
    pq.write_table(conform(frame, promise), path, row_group_size=group)
    plain = {
        "min": [i for i, (a, _) in enumerate(rows) if a is not None and a < 0],
        "multipleOf": [i for i, (a, _) in enumerate(rows) if a is not None and a % 2],
        "NaN": [i for i, (_, f) in enumerate(rows) if f != f],  # noqa: PLR0124  what NaN is
        "max": [i for i, (_, f) in enumerate(rows) if f > 1],
    }
    expected = [(rule, len(bad), bad[0]) for rule, bad in plain.items() if bad]
    for verdict in (check_file(path, promise), check_frame(frame, promise)):
        assert [(each.rule, each.count, each.first_row) for each in verdict.errors] == expected
