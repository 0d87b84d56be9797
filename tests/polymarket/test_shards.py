"""Shards to bronze: every line kept byte for byte or in quarantine, and a file of something else refused."""

import hashlib
import json
from datetime import UTC, date, datetime

import polars as pl
import pytest

from lakeflow.simulate.polymarket.archive import write_hour
from lakeflow.vendors.errors import ForeignFile
from lakeflow.vendors.polymarket.delivery import describe
from lakeflow.vendors.polymarket.shards import day_rows
from stages.bronze.polymarket import capture
from tests.polymarket.conftest import silver_of

HEAD = {"shard": "polymarket/fetch/1", "day": "2026-01-05", "capture": "a"}
BODY = '{"data": [ 1.50,\t"ü\\u00fc" ]}\r\n'
LINE = {
    "observed_us": 1_767_600_000_000_000,
    "endpoint": "data/v2/oi",
    "url": "/x",
    "status": 200,
    "body": BODY,
}


def written(path, *lines):
    path.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines) + "\n")
    return path


def test_a_shard_says_where_it_belongs(tmp_path):
    path = written(tmp_path / "any name", HEAD)
    assert [tuple(each) for each in describe(path)] == [("prediction_market", "polymarket", "2026-01-05")]


@pytest.mark.parametrize(
    "first",
    [
        '{"shard": "other/1", "day": "2026-01-05", "capture": "a"}',
        "{}",
        "no json",
        '{"shard": "polymarket/fetch/1", "day": "x", "capture": "a"}',
        "",
    ],
)
def test_a_file_of_something_else_is_refused(tmp_path, first):
    with pytest.raises(ForeignFile, match="expected a first line with a shard"):
        describe(written(tmp_path / "file", first))


def test_text_is_kept_byte_for_byte_with_its_digest(tmp_path):
    rows = dict(day_rows([written(tmp_path / "a", HEAD, LINE)], None))["fetches"].row(0, named=True)
    assert rows["payload"] == BODY
    assert rows["payload_sha256"] == hashlib.sha256(BODY.encode()).hexdigest()
    assert rows["payload_bytes"] == len(BODY.encode())


def test_broken_lines_are_in_quarantine_and_cost_no_other(tmp_path):
    cut = json.dumps(LINE)[:40]
    found = dict(
        day_rows([written(tmp_path / "a", HEAD, cut, LINE, "", {"url": "/y"}, LINE | {"url": "/z"})], None)
    )
    assert found["fetches"]["url"].to_list() == ["/x", "/z"]
    assert sorted(found["quarantine"]["payload"]) == ["", cut, '{"url": "/y"}']


def test_an_instant_leaves_out_what_came_later(tmp_path):
    path = written(
        tmp_path / "a", HEAD, LINE, LINE | {"observed_us": LINE["observed_us"] + 1, "url": "/later"}
    )
    found = {
        name: rows for part in capture([path], "2026-01-05T08:00:00+00:00") for name, rows in part.items()
    }
    assert found["fetches"]["url"].to_list() == ["/x"]


def test_an_instant_without_a_zone_is_refused(tmp_path):
    with pytest.raises(ValueError, match="with its zone"):
        list(capture([written(tmp_path / "a", HEAD)], "2026-01-05T08:00:00"))


def test_a_shard_of_no_line_is_a_day_on_which_nothing_came(tmp_path):
    found = dict(day_rows([written(tmp_path / "a", HEAD)], None))
    assert found["fetches"].is_empty()
    assert found["quarantine"].is_empty()


def test_the_archive_s_hour_gives_the_same_books_as_the_feed(truth, kept, tmp_path):
    path = write_hour(tmp_path / "hour.parquet", truth, datetime(2026, 1, 5, 0, tzinfo=UTC))
    assert describe(path)[0].dt == "2026-01-05"
    found = {name: rows for part in capture([path], "") for name, rows in part.items()}
    none = kept.days[0]["frames"].clear()
    tops = silver_of(none, date(2026, 1, 5), 1800, archived=found["archived"])["book_tops"]
    last = [
        books(each.filter(pl.col("ts_recv") < datetime(2026, 1, 5, 1, tzinfo=UTC)))
        for each in (tops, kept.days[0]["book_tops"])
    ]
    assert len(last[0]) > 20
    assert last[0] == last[1]


def books(tops):
    known = tops.filter(pl.col("bid").is_not_null()).sort("ts_recv", "row", "message_no")
    ends = known.group_by("token_id").agg(pl.col("bid", "ask").last()).sort("token_id")
    return ends.rows()
