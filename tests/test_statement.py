"""What SQL asks for: the datasets it names, and everything that it may not do."""

import pytest

from lakeflow.errors import UsageError
from lakeflow.statement import read_statement

KEY = "silver.future_mbo.bbo"


def test_names_are_found_wherever_sql_can_hold_them():
    keys = [KEY, "gold.f.x", "gold.f.y", "gold.f.z"]
    sql = "WITH a AS (SELECT * FROM gold.f.x) SELECT (SELECT max(i) FROM GOLD.f.Z_raw) FROM a JOIN gold.f.y USING (dt) -- gold.f.w"
    assert read_statement(sql, keys).datasets == {"gold.f.x", "gold.f.y", "gold.f.z"}
    assert read_statement(sql, keys).raws == {"gold.f.z"}
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


REFUSED = [
    "COPY (SELECT 1) TO 'x.csv'", "COPY silver.future_mbo.bbo FROM 'x'", "ATTACH 'x.db' AS x", "INSTALL httpfs", "LOAD httpfs",
    "PRAGMA version", "CREATE TABLE t (i INT)", "DROP VIEW silver.future_mbo.bbo", "INSERT INTO silver.future_mbo.bbo VALUES (1)",
    "SET threads = 1", "CALL pragma_version()", "EXPORT DATABASE 'x'", "USE silver", "SELECT 1; SELECT 2", "", "PREPARE p AS SELECT 1",
    "EXPLAIN COPY (SELECT 1) TO 'x.csv'", "EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1", "VACUUM", "CHECKPOINT", "BEGIN",
    "WITH i AS (INSERT INTO t VALUES (1) RETURNING *) FROM i", "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM read_text('x')", "SELECT * FROM glob('/etc/*')", "SELECT (SELECT content FROM read_text('/etc/passwd'))",
    "FROM query('SELECT 1')", "FROM query_table('x')", "FROM enable_logging(storage_path = 'x')", "FROM duckdb_secrets()", "SELEC 1",
]  # fmt: skip


@pytest.mark.parametrize("sql", REFUSED)
def test_what_is_no_reading_of_datasets_is_refused(sql):
    with pytest.raises(UsageError, match=r"query: .*expected|no dataset"):
        read_statement(sql, [KEY])
