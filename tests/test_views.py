"""The views of a toy lake: names, units, symbols, old files, and which files a WHERE opens."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.contract import Contract, read_contract
from lakeflow.errors import UsageError
from lakeflow.partition import Partition
from lakeflow.types import arrow_schema
from lakeflow.views import Table, sql_init
from tests.sql import ask_text

KEY = "silver.future_mbo.bbo"
NANOS = {"type": "long", "logicalType": "timestamp-nanos"}
SIDE = {"type": "enum", "name": "side_of_bbo", "symbols": ["A", "B"]}
PRICE = {
    "name": "price",
    "type": ["null", "long"],
    "default": None,
    "doc": "p",
    "lakeflow": {"scale": 1e-9, "unit": "USD"},
}
FIELDS = [
    {"name": "ts_event", "type": NANOS, "doc": "t"},
    PRICE,
    {"name": "size", "type": "long", "doc": "s", "lakeflow": {"arrowType": "uint32"}, "default": 7},
    {"name": "side", "type": SIDE, "doc": "d", "default": "A"},
]


def contract(*fields: dict[str, Any]) -> Contract:
    text = {
        "type": "record",
        "name": "bbo",
        "namespace": "lakeflow.silver",
        "doc": "b",
        "fields": list(fields),
        "lakeflow": {"version": "1.0.0"},
    }
    return read_contract(json.dumps(text), "silver/bbo")


BBO = contract(*FIELDS)


def put(
    lake: Path, symbol: str, dt: str, rows: list[dict[str, Any]], made_by: Contract = BBO
) -> tuple[Partition, Path]:
    partition = Partition(KEY, symbol, dt)
    path = lake / partition.path
    path.parent.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(made_by)), path)
    return partition, path


def row(price: int | None = 5_000_250_000_000, ts: int = 1, size: int = 3, side: str = "B") -> dict[str, Any]:
    return {"ts_event": ts, "price": price, "size": size, "side": side}


def one(lake: Path, *files: tuple[Partition, Path]) -> list[Table]:
    return [Table(KEY, BBO, files)]


def told(sql: str, tables: list[Table], lake: Path) -> list[tuple]:
    with ask_text(sql, tables, lake) as answer:
        return list(answer.rows())


def test_a_dataset_is_a_table_by_its_own_key_with_symbol_and_dt_first(tmp_path):
    tables = one(tmp_path, put(tmp_path, "ESH6", "2026-01-06", [row()]))
    with ask_text("SELECT * FROM silver.future_mbo.bbo", tables, tmp_path) as answer:
        assert answer.columns == ["symbol", "dt", "ts_event", "price", "size", "side"]
        assert answer.types == ["VARCHAR", "DATE", "TIMESTAMPTZ_NS", "DECIMAL(19,9)", "UINTEGER", "VARCHAR"]
        assert list(answer.rows()) == [
            ("ESH6", "2026-01-06", "1970-01-01T00:00:00.000000001Z", Decimal("5000.25"), 3, "B")
        ]


def test_prices_are_exact_human_numbers_and_the_stored_integers_are_beside_them(tmp_path):
    tables = one(tmp_path, put(tmp_path, "ESH6", "2026-01-06", [row(2**63 - 1), row(-(2**63)), row(None)]))
    assert told(f"SELECT price FROM {KEY}", tables, tmp_path) == [
        (Decimal("9223372036.854775807"),), (Decimal("-9223372036.854775808"),), (None,)]  # fmt: skip
    assert told(f"SELECT price FROM {KEY}_raw", tables, tmp_path) == [(2**63 - 1,), (-(2**63),), (None,)]


@pytest.mark.parametrize(
    ("scale", "arrow_type", "stored", "human"),
    [(0.25, "int32", 7, Decimal("1.75")), (100.0, "int8", -2, Decimal(-200)), (1e-6, "uint64", 2**64 - 1, Decimal("18446744073709.551615")),
     (1e-30, "uint64", 10, Decimal("1e-29")), (1e-40, "uint64", 10, 1e-39)],
)  # fmt: skip
def test_every_scale_is_exact_where_a_decimal_can_hold_it(tmp_path, scale, arrow_type, stored, human):
    base = "int" if arrow_type in ("int32", "int8") else "long"
    about = {"scale": scale, "arrowType": arrow_type} if arrow_type != "int32" else {"scale": scale}
    made_by = contract({"name": "n", "type": base, "doc": "n", "lakeflow": about})
    file = put(tmp_path, "X", "2026-01-06", [{"n": stored}], made_by)
    assert told(f"SELECT n FROM {KEY}", [Table(KEY, made_by, [file])], tmp_path) == [(human,)]


@pytest.mark.parametrize(
    "symbol", ["0050", "6EH6", "A/B", "a=b", "ESH6-ESM6", "50%", "it's", "ÄÖ", "..", "X Y+Z"]
)
def test_a_symbol_is_text_exactly_as_it_was_given(tmp_path, symbol):
    tables = one(tmp_path, put(tmp_path, symbol, "2026-01-06", [row()]))
    quoted = symbol.replace("'", "''")
    assert told(f"SELECT symbol FROM {KEY} WHERE symbol = '{quoted}'", tables, tmp_path) == [(symbol,)]


def test_a_table_without_files_is_empty_and_has_its_columns(tmp_path):
    with ask_text(f"SELECT * FROM {KEY}", [Table(KEY, BBO)], tmp_path) as answer:
        assert answer.frame().shape == (0, 6)
        assert answer.types == ["VARCHAR", "DATE", "TIMESTAMPTZ_NS", "DECIMAL(19,9)", "UINTEGER", "VARCHAR"]


def test_an_older_file_with_fewer_columns_reads_with_the_defaults_in_any_order_of_files(tmp_path):
    older = put(tmp_path, "ESH6", "2026-01-05", [{"ts_event": 1}], contract(FIELDS[0]))
    newer = put(tmp_path, "ESH6", "2026-01-06", [row()])
    for files in ((older, newer), (newer, older)):
        found = told(f"SELECT price, size, side FROM {KEY} ORDER BY dt", one(tmp_path, *files), tmp_path)
        assert found == [(None, 7, "A"), (Decimal("5000.25"), 3, "B")]


def test_a_renamed_column_is_found_under_its_former_name(tmp_path):
    old = contract({"name": "qty", "type": "int", "doc": "q"})
    new = contract({"name": "size", "type": "long", "doc": "s", "aliases": ["qty"]})
    files = [
        put(tmp_path, "X", "2026-01-05", [{"qty": 5}], old),
        put(tmp_path, "X", "2026-01-06", [{"size": 2**40}], new),
    ]
    assert told(f"SELECT size FROM {KEY} ORDER BY dt", [Table(KEY, new, files)], tmp_path) == [(5,), (2**40,)]


def test_a_list_keeps_its_type(tmp_path):
    made_by = contract({"name": "levels", "type": {"type": "array", "items": "long"}, "doc": "l"})
    file = put(tmp_path, "X", "2026-01-05", [{"levels": [1, 2]}], made_by)
    assert told(f"SELECT levels FROM {KEY}", [Table(KEY, made_by, [file])], tmp_path) == [([1, 2],)]


def test_a_frame_has_nanoseconds_in_utc(tmp_path):
    tables = one(tmp_path, put(tmp_path, "ESH6", "2026-01-06", [row(ts=1_767_657_600_000_000_001)]))
    with ask_text(f"SELECT ts_event, dt FROM {KEY}", tables, tmp_path) as answer:
        frame = answer.frame()
        assert frame.schema == {"ts_event": pl.Datetime("ns", "UTC"), "dt": pl.Date}
        assert frame["ts_event"].to_physical().to_list() == [1_767_657_600_000_000_001]
        assert answer.batches().schema.field("ts_event").type == pa.timestamp("ns", "UTC")


def test_tables_that_the_sql_does_not_name_cost_nothing(tmp_path):
    broken = Table(
        "gold.future_mbo.other", BBO, [(Partition("gold.future_mbo.other", "X", "2026-01-06"), "no[where")]
    )
    assert told("SELECT 1", [broken], tmp_path) == [(1,)]
    with pytest.raises(UsageError, match="none of"):
        told("SELECT * FROM gold.future_mbo.other", [broken], tmp_path)


def test_the_catalogue_shows_every_table_and_opens_no_file(tmp_path):
    partition, path = put(tmp_path, "ESH6", "2026-01-06", [row()])
    path.write_bytes(b"not a Parquet file")
    shown = told("SHOW TABLES", one(tmp_path, (partition, path)), tmp_path)
    assert shown == [(name, "symbol, dt, ts_event, price, size, side") for name in (KEY, f"{KEY}_raw")]
    described = told(f"DESCRIBE {KEY}", one(tmp_path, (partition, path)), tmp_path)
    assert [line[0] for line in described] == ["symbol", "dt", "ts_event", "price", "size", "side"]


def test_the_script_for_the_shell_makes_the_same_views(tmp_path):
    tables = one(tmp_path, put(tmp_path, "A/B", "2026-01-06", [row()]))
    with duckdb.connect() as shell:
        for sql in sql_init(tables).split(";\n"):
            shell.execute(sql or "SELECT 1")
        assert shell.execute(f"SELECT symbol, dt, price FROM {KEY}").fetchall() == [
            ("A/B", date(2026, 1, 6), Decimal("5000.25"))
        ]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(-(2**63), 2**63 - 1)), st.sampled_from([1e-9, 1e-6, 0.25, 0.005, 1.0, 25.0]))
def test_the_human_value_is_the_stored_integer_times_its_scale(tmp_path_factory, stored, scale):
    lake = tmp_path_factory.mktemp("lake")
    made_by = contract({"name": "n", "type": "long", "doc": "n", "lakeflow": {"scale": scale}})
    file = put(lake, "X", "2026-01-06", [{"n": n} for n in stored], made_by)
    found = told(f"SELECT n FROM {KEY}", [Table(KEY, made_by, [file])], lake)
    assert found == [(n * Decimal(repr(scale)),) for n in stored]
