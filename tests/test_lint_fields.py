"""Every fault of one field of an .avsc is told with its place, what was expected and what was found."""

import pytest

from lakeflow.avsc import NANOS, array, decimal, enum, field, record
from lakeflow.lint import faults_in

A = field("a", "long")


@pytest.mark.parametrize(
    ("spoiled", "said"),
    [
        (A | {"name": "Bad-Name"}, "field Bad-Name: name: expected small letters"),
        (A | {"name": "order"}, "field order: name: expected a word that needs no quotes in SQL"),
        (A | {"name": "symbol"}, "field symbol: name: expected none of dt, product_type, symbol, table"),
        (A | {"doc": " "}, 'field a: doc: expected a sentence about the column, found " "'),
        (A | {"typ": 1}, "field a: expected keys of aliases, default, doc, lakeflow, name, type, found typ"),
        (A | {"aliases": "b"}, "field a: aliases: expected a list of former names"),
        (A | {"lakeflow": 1}, "field a: lakeflow: expected an object, found 1"),
        (field("a", "uuid"), "field a: type: expected one of boolean, bytes"),
        (field("a", ["int", "null"]), 'field a: type: expected one type or ["null", one type], null first'),
        (field("a", ["null", "int", "long"]), 'field a: type: expected one type or ["null", one type]'),
        (
            field("a", ["null", "int"]) | {"default": 3},
            "field a: default: expected null for a nullable field, found 3",
        ),
        (
            {k: v for k, v in field("a", ["null", "int"]).items() if k != "default"},
            "field a: default: expected null for a nullable field, found none",
        ),
        (field("a", "int", default="x"), 'field a: default: expected a value of type int, found "x"'),
        (field("a", "int", default=2**31), "field a: default: expected a value of type int"),
        (
            field("ts_a", {"type": "int", "logicalType": "timestamp-nanos"}),
            "expected timestamp-nanos on long, found it on int",
        ),
        (
            field("ts_a", {"type": "long", "logicalType": "timestamp-millis"}),
            "logicalType: expected one of date, decimal",
        ),
        (
            field("a", {"type": "fixed", "size": 12, "name": "D", "logicalType": "duration"}),
            "logicalType: expected one of",
        ),
        (
            field("a", {"type": "fixed", "size": 12, "name": "D"}),
            "field a: type: expected a primitive by its name alone",
        ),
        (field("a", {"type": "map", "values": "int"}), "field a: type: expected keys of"),
        (field("a", {"type": "record", "name": "R", "fields": []}), "field a: type: expected a primitive"),
        (
            field("a", array(array("int"))),
            'items: expected one value that is no array and no enum, found "array"',
        ),
        (field("a", array(["null", "int"])), "field a: items: type: expected one type"),
        (field("a", enum("E")), "field a: symbols: expected a list of at least one symbol, found []"),
        (field("a", enum("E", "X", "X")), "field a: symbols: expected each symbol once"),
        (field("a", enum("E", "6E")), "field a: symbols: expected letters, digits and _, no digit first"),
        (field("a", decimal(39, 2)), "precision: expected a whole number from 1 to 38, found 39"),
        (field("a", decimal(4, 5)), "scale: expected a whole number from 0 to the precision 4, found 5"),
        (field("a", NANOS), "field a: name: expected ts_... for a timestamp and for nothing else"),
        (field("ts_a", "long"), "field ts_a: name: expected ts_... for a timestamp and for nothing else"),
        (field("a", "int", arrowType="uint64"), 'arrowType: expected uint64 on long, found it on "int"'),
        (field("a", "long", arrowType="uint128"), "arrowType: expected one of int16, int8, uint16"),
        (field("a", "long", minimum=1), "field a: lakeflow: expected keys of"),
        (field("a", "long", min=5, max=4), "field a: min: expected at most max 4, found 5"),
        (field("a", "long", min="1"), 'field a: min: expected a number, found "1"'),
        (
            field("a", "long", arrowType="uint32", min=-1),
            "field a: min: expected a whole number from 0 to 4294967295",
        ),
        (
            field("a", "string", max=1),
            "field a: max: expected it on a number or a timestamp, found it on string",
        ),
        (
            field("a", decimal(3, 1), max=0.25),
            "field a: max: expected at most 3 digits, 1 after the point, found 0.25",
        ),
        (
            field("a", "double", multipleOf=2),
            "multipleOf: expected it on a stored integer, found it on double",
        ),
        (field("a", "long", multipleOf=0), "multipleOf: expected a whole number from 1 to"),
        (field("a", "long", allowNaN=True), "allowNaN: expected it on double or float, found it on long"),
        (field("a", "double", scale=1e-9), "scale: expected it on a stored integer, found it on double"),
        (field("a", "long", scale=0), "scale: expected a number above 0, found 0"),
        (field("a", "long", unit=1), "unit: expected a word, found 1"),
        (field("a", "long", kind="feature"), "kind: expected one of flag, flow, key, label, state"),
        (
            field("a", "long", encoding="zip"),
            "encoding: expected one of byte_stream_split, delta, dictionary, plain",
        ),
        (field("a", "string", encoding="delta"), "encoding: expected delta on date"),
        (field("a", "int", bits={"x": 31}), "bits: expected x from 0 to 30, found 31"),
        (field("a", "int", bits={"x": 0, "y": 0}), "bits: expected each bit number once"),
        (
            field("a", "string", bits={"x": 0}),
            "bits: expected them on a stored integer, found them on string",
        ),
    ],
)
def test_a_fault_of_a_field_is_told(spoiled, said):
    assert any(said in fault for fault in faults_in(record("silver/t", [spoiled]), "silver/t"))
