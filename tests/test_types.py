"""Contract types in Arrow, Polars and DuckDB: what fits a contract comes back from a file exactly, in all three."""

import json
import tempfile
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from lakeflow.avsc import NANOS, array, decimal, enum, field, record
from lakeflow.contract import Contract, read_contract
from lakeflow.sqltypes import duckdb_types
from lakeflow.types import arrow_schema, conform, polars_schema


def contract(*fields) -> Contract:
    return read_contract(json.dumps(record("silver/t", fields)), "silver/t")


def small_ints(low: int, high: int) -> st.SearchStrategy:
    return st.sampled_from([low, low + 1, 0, 1, high - 1, high]) | st.integers(low, high)


NS = small_ints(-(2**63) + 2, 2**63 - 2)  # beyond are numpy's "not a time" and DuckDB's two infinities


MICROS = {"type": "long", "logicalType": "timestamp-micros"}


LOCAL = {"type": "long", "logicalType": "local-timestamp-nanos"}


TEXT = st.text(max_size=4) | st.sampled_from(["0050", "6EH6", "A/B", "\x00", "ß𝔘", ""])


FLOAT = st.floats() | st.sampled_from([float("nan"), -0.0, 5e-324, float("-inf")])


# Each type once, with the values that break carelessness.
KINDS = {
    "flag": (field("flag", "boolean"), st.booleans()),
    "i32": (field("i32", "int"), small_ints(-(2**31), 2**31 - 1)),
    "i64": (field("i64", "long"), small_ints(-(2**63), 2**63 - 1)),
    "i8": (field("i8", "int", arrowType="int8"), small_ints(-128, 127)),
    "i16": (field("i16", "int", arrowType="int16"), small_ints(-(2**15), 2**15 - 1)),
    "u8": (field("u8", "int", arrowType="uint8"), small_ints(0, 255)),
    "u16": (field("u16", "int", arrowType="uint16"), small_ints(0, 2**16 - 1)),
    "u32": (field("u32", "long", arrowType="uint32"), small_ints(0, 2**32 - 1)),
    "u64": (field("u64", "long", arrowType="uint64"), small_ints(0, 2**64 - 1)),
    "f32": (field("f32", "float", allowNaN=True), st.floats(width=32)),
    "f64": (field("f64", "double", allowNaN=True), FLOAT),
    "text": (field("text", "string"), TEXT),
    "raw": (field("raw", "bytes"), st.binary(max_size=4)),
    "day": (field("day", {"type": "int", "logicalType": "date"}), st.dates()),
    "clock": (field("clock", {"type": "long", "logicalType": "time-micros"}), st.times()),
    "ts_ns": (field("ts_ns", NANOS), NS),
    "ts_us": (field("ts_us", MICROS), small_ints(-(2**55), 2**55)),
    "ts_local": (field("ts_local", LOCAL), NS),
    "price": (field("price", decimal(18, 4)), st.decimals(-(10**13), 10**13, places=4)),
    "big": (field("big", decimal(38, 0)), small_ints(-(10**38) + 1, 10**38 - 1).map(Decimal)),
    "side": (field("side", enum("Side", "B", "A", "N")), st.sampled_from("ABN")),
    "sizes": (
        field("sizes", array("long"), arrowType="uint32"),
        st.lists(small_ints(0, 2**32 - 1), max_size=3),
    ),
    "names": (field("names", array("string")), st.lists(TEXT, max_size=3)),
}


NEEDED = contract(*(each for each, _ in KINDS.values()))


NULLABLE = contract(
    *({**each, "type": ["null", each["type"]], "default": None} for each, _ in KINDS.values())
)


def frames(promise: Contract) -> st.SearchStrategy[pl.DataFrame]:
    """Any rows that fit the contract."""
    values = [strategy if promise is NEEDED else st.none() | strategy for _, strategy in KINDS.values()]
    return st.lists(st.tuples(*values), max_size=4).map(lambda rows: _frame(rows, promise))


def _frame(rows: list[tuple], promise: Contract) -> pl.DataFrame:
    columns = zip(*rows, strict=True) if rows else [()] * len(KINDS)
    schema = polars_schema(promise)
    return pl.DataFrame(
        [pl.Series(name, list(column), schema[name]) for name, column in zip(schema, columns, strict=True)]
    )


def _bits(frame: pl.DataFrame) -> pl.DataFrame:
    """Floats as their bits, so that -0.0 is not 0.0."""
    return frame.with_columns(
        pl.col("f64").fill_nan(float("nan")).reinterpret(signed=True),
        pl.col("f32").cast(pl.Float64).fill_nan(float("nan")).reinterpret(signed=True),
    )


@pytest.mark.parametrize("promise", [NEEDED, NULLABLE], ids=["needed", "nullable"])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_frame_that_fits_comes_back_exactly_in_polars_pyarrow_and_duckdb(promise, data):
    frame = data.draw(frames(promise))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "part-0.parquet"
        pq.write_table(conform(frame, promise), path, compression="zstd")
        assert pq.read_schema(path).equals(arrow_schema(promise), check_metadata=True)
        for back in (pl.read_parquet(path), pl.DataFrame(pl.from_arrow(pq.read_table(path)))):
            assert back.schema == polars_schema(promise)
            assert_frame_equal(_bits(back), _bits(frame))
        assert_duckdb_reads(path, frame, promise)


def assert_duckdb_reads(path: Path, frame: pl.DataFrame, promise: Contract) -> None:
    """Times as integers: Python's datetime has no nanoseconds."""
    times = [name for name in promise.names if name.startswith("ts_")]
    numbers = ", ".join(f"epoch_{'us' if name == 'ts_us' else 'ns'}({name}) AS {name}" for name in times)
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as duck:
        duck.execute(
            "SET TimeZone = 'UTC'"
        )  # as a setting of connect it would ask the network for icu, which is built in
        types = duck.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
        found = duck.execute(f"SELECT * REPLACE ({numbers}) FROM read_parquet(?)", [str(path)]).fetchall()
    assert {row[0]: row[1] for row in types} == duckdb_types(promise)
    expected = frame.with_columns(pl.col(times).cast(pl.Int64)).rows()
    assert repr(found) == repr(expected)  # repr tells -0.0 from 0.0 and lets NaN equal NaN


def test_required_columns_and_units_are_in_the_arrow_schema():
    schema = arrow_schema(
        contract(field("px", "long", unit="USD", scale=1e-9), field("note", ["null", "string"]))
    )
    assert [each.nullable for each in schema] == [False, True]
    assert schema.field("px").metadata == {b"unit": b"USD", b"scale": b"1e-09"}


def test_dates_and_times_of_day_are_what_python_says():
    promise = contract(KINDS["day"][0], KINDS["clock"][0])
    table = conform(pl.DataFrame({"day": [date(2026, 1, 6)], "clock": [time(8, 30, 0, 1)]}), promise)
    assert table.to_pylist() == [{"day": date(2026, 1, 6), "clock": time(8, 30, 0, 1)}]
    assert table.schema.field("clock").type == pa.time64("us")
