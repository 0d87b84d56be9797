"""Shards with bytes that should not be there, or without those that should: what is lost says so, and nothing else is lost."""

import gzip
import json
import re

import polars as pl
import pytest

from lakeflow.vendors.errors import DamagedFile
from lakeflow.vendors.polymarket.shards import day_rows
from stages.bronze.polymarket import capture

HEAD = b'{"shard": "polymarket/capture/1", "day": "2026-01-05", "capture": "a"}'
NOON = 1_767_614_400_000_000
DAY = 86_400_000_000


def line(seq, text="PONG", at=NOON):
    said = {"recv_us": at + seq, "conn": "c", "seq": seq, "frame": text}
    return json.dumps(said, ensure_ascii=False).encode()


def written(path, *lines, ends=b"\n"):
    body = b"\n".join([HEAD, *lines]) + ends
    path.write_bytes(gzip.compress(body) if path.suffix == ".gz" else body)
    return path


def read(*paths):
    return dict(day_rows(paths, None))


@pytest.mark.parametrize("separator", ["\u2028", "\u0085", "\u000b", "\u001c"])
def test_a_line_ends_at_a_line_feed_only_whether_plain_or_gz(tmp_path, separator):
    odd = line(1, f"{{a{separator}b").replace(json.dumps(separator).encode()[1:-1], separator.encode())
    paths = [written(tmp_path / name, odd, b'{"recv_us": 17', ends=b"") for name in ("a", "a.gz")]
    plain, packed = (read(path) for path in paths)
    assert plain["frames"].equals(packed["frames"])
    assert plain["quarantine"]["payload"].to_list() == packed["quarantine"]["payload"].to_list()
    assert plain["frames"].height == (
        1 if separator > "\u001f" else 0
    )  # JSON may not hold the lower ones as they are
    assert plain["quarantine"].height == 2 - plain["frames"].height


def test_lines_that_end_as_windows_ends_them_are_lines(tmp_path):
    assert read(written(tmp_path / "a", line(1) + b"\r", line(2) + b"\r"))["frames"].height == 2


@pytest.mark.parametrize("name", ["a", "a.gz"])
def test_a_byte_that_is_no_text_costs_its_line_only(tmp_path, name):
    found = read(written(tmp_path / name, line(1), b'{"recv_us": "\\\xff"}', line(2)))
    assert found["frames"]["frame_seq"].to_list() == [1, 2]
    assert found["quarantine"].select("reason", "payload").rows() == [("BAD_JSON", '{"recv_us": "\\\\xff"}')]


def test_a_line_that_says_two_times_is_none(tmp_path):
    twice = line(2).replace(b'"conn"', b'"recv_us": 1767614400000009, "conn"')
    found = read(written(tmp_path / "a", line(1), twice, line(3)))
    assert found["frames"]["frame_seq"].to_list() == [1, 3]
    assert found["quarantine"]["payload"].to_list() == [twice.decode()]


@pytest.mark.parametrize("status", [10**12, -(10**12), "200", None])
def test_a_status_that_is_none_costs_its_line_only(tmp_path, status):
    head = json.dumps({"shard": "polymarket/fetch/1", "day": "2026-01-05", "capture": "a"})
    said = {"observed_us": NOON, "endpoint": "data/oi", "url": "/oi", "status": 200, "body": "{}"}
    path = tmp_path / "a"
    path.write_text("\n".join([head, json.dumps(said), json.dumps(said | {"status": status}), ""]))
    found = read(path)
    assert found["fetches"]["http_status"].to_list() == [200]
    assert found["quarantine"]["reason"].to_list() == ["BAD_JSON"]


LINES = [line(seq) for seq in range(500)]


@pytest.mark.parametrize("bytes_gone", [1, 8, 12, 100, 900])
def test_a_gz_that_was_cut_keeps_the_lines_before_the_cut_and_names_the_rest(tmp_path, bytes_gone):
    path = written(tmp_path / "night.jsonl.gz", *LINES)
    whole = path.read_bytes()
    path.write_bytes(whole[:-bytes_gone])
    found = read(path)
    kept = found["frames"]["frame_seq"].to_list()
    assert kept == list(range(len(kept)))
    assert 0 < len(kept) <= 500
    told = found["quarantine"].filter(pl.col("reason") == "TRUNCATED")
    assert (told.height, len(kept) == 500) == (1, bytes_gone <= 8)
    assert (
        LINES[len(kept)].startswith(told["payload"][0].encode())
        if len(kept) < 500
        else told["payload"][0] == ""
    )


def test_a_gz_that_was_cut_costs_no_other_shard(tmp_path):
    other = written(tmp_path / "b", line(9_000))
    path = written(tmp_path / "a.gz", *LINES)
    path.write_bytes(path.read_bytes()[:-900])
    assert 9_000 in read(path, other)["frames"]["frame_seq"].to_list()


def test_quarantine_is_the_same_however_the_lines_are_cut_into_shards(tmp_path):
    bad = [b"{", line(2, at=NOON + DAY), b"", b"{", line(3)]
    together = read(written(tmp_path / "all", *bad))["quarantine"]
    apart = read(*(written(tmp_path / f"part {n}", each) for n, each in reversed(list(enumerate(bad)))))
    assert together.height == 4
    assert apart["quarantine"].equals(together)


@pytest.mark.parametrize(
    "behind", [b"x", b"\x1f", b"\0\0junk\n", line(9_000) + b"\n", b"\x00" + b"z" * 5_000_000]
)
def test_what_comes_behind_a_gz_is_named_and_all_lines_before_it_are_kept(tmp_path, behind):
    path = written(tmp_path / "night.jsonl.gz", *LINES)
    path.write_bytes(path.read_bytes() + behind)
    found = read(path, written(tmp_path / "b", line(9_001)))
    assert found["frames"]["frame_seq"].to_list() == [*range(500), 9_001]
    rest = behind.lstrip(b"\0")
    said = f"{len(rest)} bytes that are no gzip stream come after the end, after 500 lines"
    told = [("BAD_JSON", said, rest[: 1 << 20].decode(errors="backslashreplace"))]
    assert found["quarantine"].select("reason", "detail", "payload").rows() == told


@pytest.mark.parametrize("filling", [b"", b"\0" * 2_000_000])
def test_a_gz_of_several_streams_has_the_lines_of_all(tmp_path, filling):
    path = written(tmp_path / "night.jsonl.gz", *LINES)
    path.write_bytes(path.read_bytes() + filling + gzip.compress(line(600) + b"\n") + filling)
    found = read(path)
    assert (found["frames"].height, found["quarantine"].height) == (501, 0)


def swapped(whole):
    return whole[:-6] + bytes([whole[-6] ^ 255]) + whole[-5:]


def test_a_gz_whose_bytes_changed_is_refused_by_its_name_with_what_to_do(tmp_path):
    path = written(tmp_path / "night.jsonl.gz", *(line(seq) for seq in range(500)))
    path.write_bytes(swapped(path.read_bytes()))
    said = rf"{re.escape(str(path))}: byte \d+ \(decompressed\): expected a whole gzip stream, found .+; deliver it again"
    with pytest.raises(DamagedFile, match=said):
        read(path)


def test_what_was_observed_on_another_day_is_in_quarantine(tmp_path):
    found = read(written(tmp_path / "a", line(1), line(2, at=NOON + DAY), line(3, "PING", at=NOON - DAY)))
    assert found["frames"]["frame_seq"].to_list() == [1]
    told = found["quarantine"].select("reason", "detail", "payload").rows()
    assert told == [
        ("OTHER_DAY", "in a shard of 2026-01-05", "PING"),
        ("OTHER_DAY", "in a shard of 2026-01-05", "PONG"),
    ]


def test_an_instant_leaves_out_what_was_refused_later(tmp_path):
    path = written(tmp_path / "a", line(2, at=NOON + DAY))
    found = {n: rows for part in capture([path], "2026-01-05T23:00:00+00:00") for n, rows in part.items()}
    assert found["quarantine"].is_empty()


@pytest.mark.parametrize(
    "odd", [{"page": -1}, {"status": 2**31}, {"status": -1}, {"status": None}, {"page": "x"}]
)
def test_a_count_that_no_column_holds_costs_its_own_line(tmp_path, odd):
    said = {"observed_us": NOON, "endpoint": "clob/time", "url": "/time", "status": 200, "body": "1"}
    path = tmp_path / "a"
    head = HEAD.replace(b"capture/1", b"fetch/1")
    path.write_bytes(b"\n".join([head, json.dumps(said | odd).encode(), json.dumps(said).encode(), b""]))
    found = read(path)
    assert found["fetches"]["http_status"].to_list() == [200]
    assert found["quarantine"].select("meant_for", "reason").rows() == [("fetches", "BAD_JSON")]
