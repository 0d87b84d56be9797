"""Answers: in which forms they come, what they may take, and what the database behind them cannot do."""

import io
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from lakeflow.errors import LakeflowError, UsageError
from lakeflow.query import Limits, ask
from lakeflow.statement import read_statement
from tests.sql import ask_text


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
        ask_text("SELECT nope FROM range(1)", [], tmp_path)


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


def test_a_million_rows_leave_as_a_stream(tmp_path):
    with ask_text("SELECT i FROM range(1_000_000) t(i)", [], tmp_path) as answer:
        assert sum(row[0] for row in answer.rows()) == 499_999_500_000
        assert answer.count() == 1_000_000


def test_the_folder_that_a_query_spills_to_is_gone_after_it(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with ask_text("SELECT 1", [], tmp_path) as answer:
        assert list(answer.rows()) == [(1,)]
        assert len(list(tmp_path.iterdir())) == 1
    with pytest.raises(UsageError):
        ask_text("SELECT nope", [], tmp_path)
    assert list(tmp_path.iterdir()) == []
