"""Which files a query opens: those that its WHERE on symbol and dt leaves."""

import io
import json
from pathlib import Path

import polars as pl
import pytest

from lakeflow.contract import read_contract
from lakeflow.errors import LakeflowError
from lakeflow.partition import Partition
from lakeflow.views import Table
from tests.sql import ask_text

KEY = "silver.future_mbo.bbo"
FIELDS = [{"name": "n", "type": "long", "doc": "n"}]
AVSC = {
    "type": "record",
    "name": "bbo",
    "namespace": "lakeflow.silver",
    "doc": "b",
    "fields": FIELDS,
    "lakeflow": {"version": "1.0.0"},
}
COUNTS = read_contract(json.dumps(AVSC), "silver/bbo")


def put(lake: Path, symbol: str, dt: str) -> tuple[Partition, Path]:
    partition = Partition(KEY, symbol, dt)
    path = lake / partition.path
    path.parent.mkdir(parents=True)
    pl.DataFrame({"n": [1]}).write_parquet(path)
    return partition, path


def told(sql: str, tables: list[Table], lake: Path) -> list[tuple]:
    with ask_text(sql, tables, lake) as answer:
        return list(answer.rows())


@pytest.mark.parametrize(
    "where",
    ["dt = '2026-01-06'", "dt = DATE '2026-01-06' AND n > 0 AND symbol LIKE 'A%'", "dt BETWEEN '2026-01-01' AND '2026-01-06'",
     "symbol = 'A/B'", "symbol IN ('A/B', 'C')", "dt IN ('2026-01-06', '2026-01-05') AND n < 9", "lower(symbol) = 'a/b'"],
)  # fmt: skip
def test_a_where_on_symbol_or_dt_opens_no_other_file(tmp_path, where):
    files = [put(tmp_path, "ESH6", f"2026-02-{day:02}") for day in range(1, 29)]
    for _, path in files:
        path.write_bytes(b"not a Parquet file")  # whoever opens it fails
    tables = [Table(KEY, COUNTS, [*files, put(tmp_path, "A/B", "2026-01-06")])]
    assert told(f"SELECT symbol, dt FROM {KEY} WHERE {where}", tables, tmp_path) == [("A/B", "2026-01-06")]


def test_a_file_that_is_damaged_is_named_and_is_no_fault_of_the_sql(tmp_path):
    partition, path = put(tmp_path, "ESH6", "2026-01-06")
    path.write_bytes(b"not a Parquet file")
    with pytest.raises(LakeflowError, match=r"part-0\.parquet") as caught:
        told(f"SELECT * FROM {KEY}", [Table(KEY, COUNTS, [(partition, path)])], tmp_path)
    assert caught.value.code == 1


def test_duckdb_itself_counts_one_file_of_many(tmp_path):
    files = [put(tmp_path, f"S{n}", f"2026-01-{day:02}") for n in range(10) for day in range(1, 31)]
    sql = f"EXPLAIN ANALYZE SELECT sum(n) FROM {KEY} WHERE dt = '2026-01-06' AND symbol = 'S3'"
    drawing = io.StringIO()
    with ask_text(sql, [Table(KEY, COUNTS, files)], tmp_path) as answer:
        answer.write(drawing, "table")
    assert "Scanning Files: 1/300" in drawing.getvalue()
