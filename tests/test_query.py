"""SQL over a toy lake: names, units, symbols, pruning, and what a query may not do."""

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.contract import Contract, read_contract
from lakeflow.errors import LakeflowError, UsageError
from lakeflow.partition import Partition
from lakeflow.query import Limits, ask, ask_text
from lakeflow.statement import read_statement
from lakeflow.types import arrow_schema
from lakeflow.views import Table, sql_init

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


@pytest.mark.parametrize(
    "where",
    ["dt = '2026-01-06'", "dt = DATE '2026-01-06' AND price > 0 AND symbol LIKE 'A%'", "dt BETWEEN '2026-01-01' AND '2026-01-06'",
     "symbol = 'A/B'", "symbol IN ('A/B', 'C')", "dt IN ('2026-01-06', '2026-01-05') AND ts_event > '1960-01-01'", "lower(symbol) = 'a/b'"],
)  # fmt: skip
def test_a_where_on_symbol_or_dt_opens_no_other_file(tmp_path, where):
    files = [put(tmp_path, "ESH6", f"2026-02-{day:02}", [row()]) for day in range(1, 29)]
    for _, path in files:
        path.write_bytes(b"not a Parquet file")  # whoever opens it fails
    tables = one(tmp_path, *files, put(tmp_path, "A/B", "2026-01-06", [row()]))
    assert told(f"SELECT symbol, dt FROM {KEY} WHERE {where}", tables, tmp_path) == [("A/B", "2026-01-06")]


def test_a_file_that_is_damaged_is_named_and_is_no_fault_of_the_sql(tmp_path):
    partition, path = put(tmp_path, "ESH6", "2026-01-06", [row()])
    path.write_bytes(b"not a Parquet file")
    with pytest.raises(LakeflowError, match=r"part-0\.parquet") as caught:
        told(f"SELECT * FROM {KEY}", one(tmp_path, (partition, path)), tmp_path)
    assert caught.value.code == 1


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


def test_a_list_and_a_decimal_keep_their_types(tmp_path):
    levels = {"name": "levels", "type": {"type": "array", "items": "long"}, "doc": "l"}
    fee = {
        "name": "fee",
        "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
        "doc": "f",
    }
    made_by = contract(levels, fee)
    file = put(tmp_path, "X", "2026-01-05", [{"levels": [1, 2], "fee": Decimal("1.25")}], made_by)
    assert told(f"SELECT levels, fee FROM {KEY}", [Table(KEY, made_by, [file])], tmp_path) == [
        ([1, 2], Decimal("1.25"))
    ]


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


def test_names_are_found_wherever_sql_can_hold_them():
    keys = [KEY, "gold.f.x", "gold.f.y", "gold.f.z"]
    sql = "WITH a AS (SELECT * FROM gold.f.x) SELECT (SELECT max(i) FROM GOLD.f.Z_raw) FROM a JOIN gold.f.y USING (dt) -- gold.f.w"
    assert read_statement(sql, keys).datasets == {"gold.f.x", "gold.f.y", "gold.f.z"}
    assert read_statement(f"/* why */ EXPLAIN ANALYZE FROM {KEY};", keys).datasets == {KEY}
    assert read_statement(f"DESCRIBE {KEY}", keys).datasets == {KEY}
    recursive = "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 3) FROM r"
    assert read_statement(recursive, keys).datasets == set()


def test_an_unknown_table_names_the_nearest():
    with pytest.raises(UsageError, match=r"no dataset bbo; did you mean silver\.future_mbo\.bbo\?"):
        read_statement("SELECT * FROM bbo", [KEY])
    with pytest.raises(
        UsageError, match=r"(?s)no dataset gold.x.*no dataset silver\.future_mbo\.bob; did you mean"
    ):
        read_statement("SELECT * FROM silver.future_mbo.bob, gold.x", [KEY])


def test_the_catalogue_shows_every_table_and_opens_no_file(tmp_path):
    partition, path = put(tmp_path, "ESH6", "2026-01-06", [row()])
    path.write_bytes(b"not a Parquet file")
    names = {
        (row[0], row[1], row[2]) for row in told("SHOW TABLES", one(tmp_path, (partition, path)), tmp_path)
    }
    assert names == {("silver", "future_mbo", "bbo"), ("silver", "future_mbo", "bbo_raw")}
    described = told(f"DESCRIBE {KEY}", one(tmp_path, (partition, path)), tmp_path)
    assert [line[0] for line in described] == ["symbol", "dt", "ts_event", "price", "size", "side"]


REFUSED = [
    "COPY (SELECT 1) TO '{lake}/x.csv'", "COPY silver.future_mbo.bbo FROM 'x'", "ATTACH '{lake}/x.db' AS x", "INSTALL httpfs", "LOAD httpfs",
    "PRAGMA version", "CREATE TABLE t (i INT)", "DROP VIEW silver.future_mbo.bbo", "INSERT INTO silver.future_mbo.bbo VALUES (1)",
    "SET threads = 1", "CALL pragma_version()", "EXPORT DATABASE '{lake}'", "USE silver", "SELECT 1; SELECT 2", "", "PREPARE p AS SELECT 1",
    "EXPLAIN COPY (SELECT 1) TO '{lake}/x.csv'", "EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1", "VACUUM", "CHECKPOINT", "BEGIN",
    "WITH i AS (INSERT INTO t VALUES (1) RETURNING *) FROM i", "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM read_text('{lake}/x')", "SELECT * FROM glob('/etc/*')", "SELECT (SELECT content FROM read_text('/etc/passwd'))",
    "FROM query('SELECT 1')", "FROM query_table('x')", "FROM enable_logging(storage_path = '{lake}/x')", "FROM duckdb_secrets()", "SELEC 1",
]  # fmt: skip


@pytest.mark.parametrize("sql", REFUSED)
def test_what_is_no_reading_of_datasets_is_refused(tmp_path, sql):
    with pytest.raises(UsageError, match=r"query: |no dataset"):
        told(sql.format(lake=tmp_path), [Table(KEY, BBO)], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_database_itself_reads_nothing_beside_the_lake_and_stays_locked(tmp_path):
    outside = tmp_path / "secret.csv"
    outside.write_text("a\n1\n")
    with ask_text("SELECT 1", [], tmp_path / "lake") as answer:
        for sql in (
            f"SELECT * FROM '{outside}'",
            f"COPY (SELECT 1) TO '{outside}'",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                answer._con.cursor().execute(sql)


def test_a_query_that_needs_more_memory_than_it_may_have_says_so(tmp_path):
    sql = "SELECT list(i ORDER BY random()) FROM range(20_000_000) t(i)"
    with (
        ask(read_statement(sql, []), [], tmp_path, Limits(memory_gb=0.1)) as answer,
        pytest.raises(UsageError, match="query_memory_gb"),
    ):
        list(answer.rows())


def test_what_sql_gets_wrong_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match='"nope" not found'):
        told(f"SELECT nope FROM {KEY}", [Table(KEY, BBO)], tmp_path)


def written(sql: str, form: str, lake: Path, most: int | None = None) -> tuple[str, int]:
    out = io.StringIO()
    with ask_text(sql, [], lake) as answer:
        left = answer.write(out, form, most)
    return out.getvalue(), left


def test_a_cut_answer_says_how_many_rows_it_left_out(tmp_path):
    assert written("SELECT i FROM range(5) t(i)", "csv", tmp_path, 2) == ("i\n0\n1\n", 3)
    assert written("SELECT i FROM range(5) t(i)", "csv", tmp_path, 5)[1] == 0
    assert written("SELECT i FROM range(5) t(i)", "csv", tmp_path)[1] == 0


def test_two_columns_of_one_name_and_values_of_every_kind_are_written(tmp_path):
    sql = "SELECT 1 AS a, 2 AS a, TIMESTAMPTZ '2026-01-06 00:00:00+00' AS t, INTERVAL 1 HOUR AS i, [DATE '2026-01-06'] AS l -- end"
    assert written(sql, "csv", tmp_path)[0] == "a,a,t,i,l\n1,2,2026-01-06T00:00:00Z,01:00:00,[2026-01-06]\n"


def test_an_explanation_is_printed_as_it_is_drawn(tmp_path):
    text, _ = written("EXPLAIN SELECT i FROM range(5) t(i)", "table", tmp_path, 1)
    assert "RANGE" in text
    assert len(text.splitlines()) > 3


def test_a_parquet_answer_appears_whole(tmp_path):
    target = tmp_path / "out.parquet"
    with ask_text(
        "SELECT i, TIMESTAMPTZ '2026-01-06 00:00:00+00' AS ts FROM range(250_000) t(i)", [], tmp_path
    ) as answer:
        assert answer.write_parquet(target) == 250_000
    frame = pl.read_parquet(target)
    assert frame["i"].to_list() == list(range(250_000))
    assert frame["ts"][0] == datetime(2026, 1, 6, tzinfo=UTC)
    assert [path.name for path in tmp_path.iterdir()] == ["out.parquet"]


def test_a_parquet_answer_that_fails_leaves_nothing(tmp_path):
    with (
        ask_text("SELECT 1 // (3 - i), error('bad') FROM range(5) t(i)", [], tmp_path) as answer,
        pytest.raises(LakeflowError),
    ):
        answer.write_parquet(tmp_path / "out.parquet")
    assert list(tmp_path.iterdir()) == []


def test_the_script_for_the_shell_makes_the_same_views(tmp_path):
    tables = one(tmp_path, put(tmp_path, "A/B", "2026-01-06", [row()]))
    with duckdb.connect() as shell:
        for sql in sql_init(tables).split(";\n"):
            shell.execute(sql or "SELECT 1")
        assert shell.execute(f"SELECT symbol, dt, price FROM {KEY}").fetchall() == [
            ("A/B", date(2026, 1, 6), Decimal("5000.25"))
        ]


@given(st.integers(-(2**63), 2**63 - 1), st.sampled_from([1e-9, 1e-6, 0.25, 0.005, 1.0, 25.0]))
def test_the_human_value_is_the_stored_integer_times_its_scale(tmp_path_factory, stored, scale):
    lake = tmp_path_factory.mktemp("lake")
    made_by = contract({"name": "n", "type": "long", "doc": "n", "lakeflow": {"scale": scale}})
    file = put(lake, "X", "2026-01-06", [{"n": stored}], made_by)
    assert told(f"SELECT n FROM {KEY}", [Table(KEY, made_by, [file])], lake) == [
        (stored * Decimal(repr(scale)),)
    ]
