"""A stage's frame as its contract's table: what fits is cast without loss, what does not is listed."""

import json
from decimal import Decimal

import polars as pl
import pytest

from lakeflow.avsc import NANOS, array, decimal, enum, field, record
from lakeflow.contract import Contract, read_contract
from lakeflow.errors import ContractBroken
from lakeflow.types import arrow_schema, conform, polars_schema


def contract(*fields) -> Contract:
    return read_contract(json.dumps(record("silver/t", fields)), "silver/t")


SIDE = contract(field("px", "long"), field("side", enum("Side", "A", "B")))


def broken(frame: pl.DataFrame, promise: Contract = SIDE) -> list[str]:
    with pytest.raises(ContractBroken) as error:
        conform(frame, promise)
    return [str(fault).removeprefix("silver/t ") for fault in error.value.faults]


def test_text_and_categories_that_are_all_symbols_become_the_enum():
    for kind in (pl.String, pl.Categorical, pl.Enum(["B", "A", "C"])):
        table = conform(pl.DataFrame({"px": [1, 2], "side": pl.Series(["B", "A"], dtype=kind)}), SIDE)
        assert table["side"].to_pylist() == ["B", "A"]
        assert table.schema == arrow_schema(SIDE)


def test_every_complaint_about_a_frame_is_told_at_once():
    frame = pl.DataFrame({"side": ["A", "Q", None], "px": [1.0, 2.0, 3.0], "x": [1, 2, 3]})
    assert broken(frame) == [
        "x: extra: expected only px, side, found x",
        "px: order: expected px, side, found side, px",
        "px: type: expected Int64, found Float64",
        "side: null: expected a value in every row, found null (1 row, first at row 2)",
        "side: enum: expected one of A, B, found 'Q' (1 row, first at row 1)",
    ]


def test_an_empty_frame_without_columns_is_not_an_empty_table():
    assert len(broken(pl.DataFrame())) == 2
    assert conform(pl.DataFrame(schema=polars_schema(SIDE)), SIDE).num_rows == 0


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("long", pl.Series([1], dtype=pl.Int32), "type: expected Int64, found Int32"),
        (["null", "long"], pl.Series([None]), "type: expected Int64, found Null"),
        ("string", pl.Series(["a"], dtype=pl.Categorical), "type: expected String, found Categorical"),
        (
            decimal(9, 2),
            pl.Series([Decimal("1.5")], dtype=pl.Decimal(9, 1)),
            "type: expected Decimal(precision=9, scale=2)",
        ),
        (
            array("long"),
            pl.Series([[1, None]]),
            "null item: expected a value in every item, found [1, None] (1 row",
        ),
        (
            {"type": "int", "logicalType": "date"},
            pl.Series(["2026-01-06"]),
            "type: expected Date, found String",
        ),
        (
            {"type": "long", "logicalType": "time-micros"},
            pl.Series([1], dtype=pl.Int64).cast(pl.Time),
            "precision: expected",
        ),
    ],
)
def test_no_other_cast_is_made_in_silence(kind, values, said):
    assert broken(pl.DataFrame({"c": values}), contract(field("c", kind)))[0].startswith(f"c: {said}")


@pytest.mark.parametrize("unit", ["us", "ms"])
def test_a_coarser_time_is_refused(unit):
    frame = pl.DataFrame({"ts_event": pl.Series([1], dtype=pl.Datetime(unit, "UTC"))})
    assert "found Datetime" in broken(frame, contract(field("ts_event", NANOS)))[0]
