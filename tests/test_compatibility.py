"""Whether old files can be read under a new contract, why not, and what version a change asks for."""

import json

import polars as pl
import pytest

from lakeflow.avsc import NANOS, array, decimal, enum, field, record
from lakeflow.compatibility import can_read, compare, read_as, required_bump, version_faults
from lakeflow.contract import Contract, read_contract
from lakeflow.errors import ContractBroken
from lakeflow.types import polars_schema


def contract(*fields, **promise) -> Contract:
    return read_contract(json.dumps(record("silver/t", fields, **promise)), "silver/t")


MICROS = {"type": "long", "logicalType": "timestamp-micros"}


A = field("a", "long")


@pytest.mark.parametrize(
    ("old", "new", "bump"),
    [
        ([A], [A], "none"),
        ([A], [field("a", "long", doc="Said better.")], "patch"),
        ([A], [field("a", "long", min=0)], "patch"),
        ([A], [A, field("b", "long", default=0)], "minor"),
        ([A], [A, field("b", ["null", "long"])], "minor"),
        ([A], [A, field("b", "long")], "major"),
        ([A, field("b", "long")], [A], "minor"),
        ([A], [field("b", "long", aliases=["a"])], "minor"),
        ([A], [field("b", "long")], "major"),
        ([field("a", "int")], [A], "minor"),
        ([field("a", "long", arrowType="uint32")], [A], "minor"),
        ([A], [field("a", "int")], "major"),
        ([A], [field("a", "long", arrowType="uint64")], "major"),
        ([A], [field("a", "double")], "major"),
        ([field("a", "float")], [field("a", "double")], "minor"),
        ([field("a", array("int"))], [field("a", array("long"))], "minor"),
        ([A], [field("a", ["null", "long"])], "minor"),
        ([field("a", ["null", "long"])], [A], "major"),
        ([field("ts_a", NANOS)], [field("ts_a", MICROS)], "major"),
        ([field("a", decimal(9, 2))], [field("a", decimal(10, 2))], "major"),
        ([field("a", "long", unit="USD")], [field("a", "long", unit="EUR")], "major"),
        ([field("a", "long", scale=1e-9)], [field("a", "long", scale=1e-6)], "major"),
        ([field("a", enum("E", "X"))], [field("a", enum("E", "Y", "X"))], "minor"),
        ([field("a", enum("E", "X", "Y"))], [field("a", enum("E", "X"))], "major"),
        ([field("a", "int", bits={"x": 0})], [field("a", "int", bits={"x": 0, "y": 1})], "minor"),
        ([field("a", "int", bits={"x": 0})], [field("a", "int", bits={"y": 0})], "major"),
        ([A, field("b", "long")], [field("b", "long"), A], "minor"),
        ([field("a", "long", encoding="delta")], [A], "minor"),
    ],
)
def test_a_change_of_columns_asks_for_a_step_of_the_version(old, new, bump):
    assert required_bump(compare(contract(*old), contract(*new))) == bump
    assert bool(can_read(contract(*old), contract(*new))) == (bump == "major")


@pytest.mark.parametrize(
    ("old", "new", "bump"),
    [
        ({"key": ["a"]}, {"key": ["a", "b"]}, "major"),
        ({"sort": ["a"]}, {"sort": ["a", "b"]}, "major"),
        ({"sort": ["a", "b"]}, {"sort": ["a"]}, "minor"),
        ({"unique": []}, {"unique": [["a"]]}, "patch"),
        ({}, {"rules": [{"name": "r", "expr": "a > b"}]}, "patch"),
        ({}, {"minRows": 1}, "patch"),
    ],
)
def test_a_change_of_the_table_asks_for_a_step_of_the_version(old, new, bump):
    fields = [A, field("b", "long")]
    assert required_bump(compare(contract(*fields, **old), contract(*fields, **new))) == bump


def test_a_sorting_enum_must_keep_its_symbols_in_order():
    old, moved, grown = (contract(field("e", enum("E", *s)), sort=["e"]) for s in ("XY", "YX", "XZY"))
    assert can_read(old, moved) == [
        "e: symbols in another order: breaking, old files are sorted by the old order"
    ]
    assert not can_read(old, grown)


def test_forward_and_full_also_ask_what_old_code_makes_of_new_files():
    old = contract(A)
    for compat, bump in {"BACKWARD": "minor", "FORWARD": "major", "FULL": "major", "NONE": "minor"}.items():
        assert required_bump(compare(old, contract(field("a", ["null", "long"]), compat=compat))) == bump


def test_a_version_that_moved_too_little_is_told():
    old = contract(A)
    assert version_faults(old, contract(A, field("b", "long"), version="1.9.9")) == [
        "contract silver/t: version: expected at least 2.0.0 for a major change, found 1.9.9"
    ]
    assert not version_faults(old, contract(A, field("b", "long"), version="2.0.0"))
    assert version_faults(contract(A, version="1.0.1"), old)


def test_an_old_file_is_read_with_its_gaps_filled_and_its_names_mended():
    new = contract(
        field("price", "long", aliases=["px"]),
        field("lot", "long", default=7, arrowType="uint64"),
        field("note", ["null", "string"]),
        field("side", enum("Side", "N", "A"), default="N"),
        field("ts_seen", NANOS, default=5),
        field("l", array("long"), default=[]),
    )
    old = pl.LazyFrame({"px": [1, 2], "gone": [0, 0]}, schema={"px": pl.Int32(), "gone": pl.Int64()})
    frame = read_as(old, new, dict(old.collect_schema())).collect()
    assert frame.schema == polars_schema(new)
    assert frame.with_columns(pl.col("ts_seen").cast(pl.Int64)).rows() == [
        (1, 7, None, "N", 5, []),
        (2, 7, None, "N", 5, []),
    ]


def test_a_file_that_cannot_be_read_so_is_refused_with_every_reason():
    new = contract(A, field("b", "long"), field("c", "int"))
    with pytest.raises(ContractBroken) as error:
        read_as(pl.LazyFrame(), new, {"a": pl.Float64(), "c": pl.Int64()})
    assert [(each.column, each.rule) for each in error.value.faults] == [
        ("a", "type"),
        ("b", "missing"),
        ("c", "type"),
    ]
