"""Hours of the archive that are cut, damaged, empty, or of other types than most."""

import re
from datetime import UTC, datetime

import polars as pl
import pytest

from lakeflow.vendors.errors import ForeignFile
from lakeflow.vendors.polymarket.delivery import ARCHIVED, TOLD_BESIDE, describe
from lakeflow.vendors.polymarket.shards import day_rows

AT = datetime(2026, 1, 5, 8, tzinfo=UTC)
HOUR = pl.DataFrame(
    [dict.fromkeys(sorted(ARCHIVED | TOLD_BESIDE), "x") | {"timestamp": AT, "timestamp_received": AT}] * 3
)
NAME = "hour.2026-01-05T08.parquet"


def written(folder, rows):
    path = folder / NAME
    rows.write_parquet(path, compression="uncompressed")
    return path


def archived(path):
    return dict(day_rows([path], None))["archived"]


@pytest.mark.parametrize("name", ["timestamp", "timestamp_received"])
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_a_count_says_its_unit_by_its_size(tmp_path, name, unit):
    path = written(tmp_path, HOUR.with_columns(pl.col(name).dt.epoch(unit)))
    assert describe(path)[0].dt == "2026-01-05"
    assert archived(path).select("ts_recv", "ts_event").unique().rows() == [(AT, AT)]


@pytest.mark.parametrize("name", ["timestamp", "timestamp_received"])
@pytest.mark.parametrize(
    "said",
    ["2026-01-05T08:00:00Z", "2026-01-05 08:00:00.000+00:00", "2026-01-05 08:00:00+00", "2026-01-05 08:00:00.000000000 UTC",
     "2026-01-05T08:00:00+0000", "2026-01-05T10:00:00+02:00", "1767600000", "1767600000000"],
)  # fmt: skip
def test_a_text_is_a_time_where_it_says_its_zone_or_is_a_count(tmp_path, name, said):
    path = written(tmp_path, HOUR.with_columns(pl.lit(said).alias(name)))
    assert describe(path)[0].dt == "2026-01-05"
    assert archived(path).select("ts_recv", "ts_event").unique().rows() == [(AT, AT)]


@pytest.mark.parametrize("name", ["timestamp", "timestamp_received"])
@pytest.mark.parametrize("said", ["2026-01-05 08:00:00", "soon", "", "12"])
def test_a_text_that_is_no_instant_is_refused_by_what_it_says(tmp_path, name, said):
    with pytest.raises(ForeignFile, match=re.escape(f"{name} {said!r} is no instant")):
        describe(written(tmp_path, HOUR.with_columns(pl.lit(said).alias(name))))


@pytest.mark.parametrize("name", sorted(TOLD_BESIDE))
def test_an_hour_without_a_column_that_no_price_needs_has_null_in_it(tmp_path, name):
    path = written(tmp_path, HOUR.drop(name))
    assert describe(path)[0].dt == "2026-01-05"
    assert archived(path)[name].to_list() == [None] * 3
    assert archived(written(tmp_path, HOUR.drop(name).clear()))[name].dtype == pl.String


def test_a_time_that_is_no_time_at_all_is_refused(tmp_path):
    with pytest.raises(ForeignFile, match="timestamp Float64 is no timestamp"):
        describe(written(tmp_path, HOUR.with_columns(timestamp=pl.lit(1.5))))


def test_an_hour_without_a_message_is_of_the_day_in_its_name(tmp_path):
    path = written(tmp_path, HOUR.clear())
    assert describe(path)[0].dt == "2026-01-05"
    assert archived(path).is_empty()


@pytest.mark.parametrize(
    ("name", "hour"),
    [
        ("polymarket_orderbook_2026-01-05T08.parquet", AT),
        ("08.parquet", None),
        ("2026-02-31T05.parquet", None),
    ],
)
def test_a_row_says_its_file_and_the_hour_in_the_file_s_name(tmp_path, name, hour):
    path = written(tmp_path, HOUR).rename(tmp_path / name)
    assert archived(path).select("file", "ts_hour").unique().rows() == [(name, hour)]


def test_an_hour_that_was_delivered_under_two_names_is_there_once_under_the_first(tmp_path):
    first = written(tmp_path, HOUR).rename(tmp_path / "a.parquet")
    second = written(tmp_path, HOUR)
    for order in ([first, second], [second, first]):
        assert dict(day_rows(order, None))["archived"]["file"].to_list() == ["a.parquet"] * 3


def test_levels_as_objects_are_the_text_that_they_are_elsewhere(tmp_path):
    bids = pl.Series([[{"price": "0.4", "size": "1"}, {"price": "0.5", "size": "2"}], [], None])
    found = archived(written(tmp_path, HOUR.with_columns(bids=bids)))["bids"].to_list()
    assert found == ['[{"price":"0.4","size":"1"},{"price":"0.5","size":"2"}]', "[]", None]


def test_a_cut_hour_is_refused_by_its_name(tmp_path):
    path = written(tmp_path, HOUR)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ForeignFile, match=f"{NAME}.*damaged or cut"):
        describe(path)


def test_a_damaged_page_is_refused_by_the_name_of_its_file(tmp_path):
    path = written(tmp_path, HOUR)
    body = bytearray(path.read_bytes())
    body[4:60] = bytes(each ^ 0xFF for each in body[4:60])
    path.write_bytes(bytes(body))
    with pytest.raises(ForeignFile, match=f"{NAME}.*damaged or cut"):
        archived(path)
