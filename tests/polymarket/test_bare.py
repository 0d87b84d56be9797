"""Files as the venue sent them, without the first line of a shard: what they are, when they came, and what they lack."""

import gzip
import json

import polars as pl
import pytest

from lakeflow.vendors.errors import ForeignFile
from lakeflow.vendors.polymarket.bare import bare
from lakeflow.vendors.polymarket.delivery import describe
from lakeflow.vendors.polymarket.shards import day_rows
from lakeflow.vendors.polymarket.unheaded import Text, parts
from tests.polymarket.answers import parsed

NOON = "2026-01-05T12:00:00Z"
TOLD = {"observed_at": NOON}
TOKEN = "7" * 77
BOOK = {
    "market": "0x" + "a" * 64, "asset_id": TOKEN, "timestamp": "1767614300000", "hash": "x", "bids": [{"price": "0.4", "size": "10"}],
    "asks": [{"price": "0.6", "size": "9"}], "min_order_size": "5", "tick_size": "0.01", "neg_risk": False,
}  # fmt: skip
CHANGE = {
    "event_type": "price_change", "market": "0x" + "a" * 64, "timestamp": "1767614300000",
    "price_changes": [{"asset_id": TOKEN, "price": "0.5", "size": "2", "side": "BUY"}],
}  # fmt: skip


def put(folder, name, text, note=None):
    path = folder / name
    path.write_text(text if isinstance(text, str) else json.dumps(text, indent=1), encoding="utf-8")
    if note is not None:
        (folder / f"{name}.about.json").write_text(json.dumps(note))
    return path


def fetched(path):
    return dict(day_rows([path], None))["fetches"]


def framed(path):
    return dict(day_rows([path], None))["frames"]


@pytest.mark.parametrize(
    "name",
    ["book.20260105T120000Z.json", "2026-01-05T12-00-00.250Z_book.json", "book_2026-01-05_12:00:00Z.json"],
)
def test_an_instant_in_the_name_of_a_file_is_when_it_was_fetched(tmp_path, name):
    path = put(tmp_path, name, BOOK)
    assert [each.dt for each in describe(path)] == ["2026-01-05"]
    assert (
        fetched(path).select(pl.col("ts_observed").dt.truncate("1s").dt.to_string("%H:%M:%S")).item()
        == "12:00:00"
    )


@pytest.mark.parametrize(
    "name",
    ["book.json", "book.2026-01-05.json", "book.20260105T120000.json", "btc-updown-5m-1773307200.json",
     "20260105T120000Z-20260105T130000Z.json"],
)  # fmt: skip
def test_a_name_that_tells_no_one_instant_is_refused_and_the_error_says_what_to_add(tmp_path, name):
    with pytest.raises(
        ForeignFile, match=r"--about observed_at=2026-01-05T12:00:00Z, say so in .*about.json"
    ):
        describe(put(tmp_path, name, BOOK))


def test_what_is_said_beside_a_file_is_kept_with_its_text_byte_for_byte(tmp_path):
    note = TOLD | {"url": "https://clob.example/book?token_id=7", "capture": "mine"}
    path = put(tmp_path, "book.json", BOOK, note)
    found = fetched(path)
    said = found.select("endpoint", "url", "params", "capture_id", "payload").row(0)
    assert said == ("clob/book", "/book?token_id=7", '{"token_id": "7"}', "mine", path.read_text())
    assert describe(tmp_path / "book.json.about.json") == describe(path)


def test_a_note_is_no_delivery_of_its_own(tmp_path):
    path = put(tmp_path, "book.json", BOOK, TOLD)
    assert dict(day_rows([path, tmp_path / "book.json.about.json"], None))["fetches"].height == 1
    path.unlink()
    with pytest.raises(ForeignFile, match="which is not beside it"):
        describe(tmp_path / "book.json.about.json")


@pytest.mark.parametrize(
    ("document", "endpoint"),
    [
        (BOOK, "clob/book"), ([BOOK], "clob/book"), ({"mid": "0.5"}, "clob/midpoint"), ({"price": "0.5", "side": "BUY"}, "clob/last-trade-price"),
        ({"spread": "0.1"}, "clob/spread"), ([{"id": "1", "label": "x", "slug": "x"}], "gamma/tags"), ({"markets": []}, "gamma/markets"),
        ({"history": {TOKEN: [{"t": 1, "p": 0.5}]}}, "clob/batch-prices-history"),
        ({"data": [{"condition_id": "0x", "proposed_price": "69"}]}, "data/resolutions"),
    ],
)  # fmt: skip
def test_what_an_answer_answers_is_known_by_its_shape(tmp_path, document, endpoint):
    assert fetched(put(tmp_path, "x.json", document, TOLD))["endpoint"].to_list() == [endpoint]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (
            {k: v for k, v in BOOK.items() if k != "min_order_size"},
            "endpoint=clob/book or endpoint=ws/market",
        ),
        ({"data": [{"condition_id": "0x", "value": 5}]}, "endpoint=data/oi or endpoint=data/live-volume"),
        ({"history": [{"t": 1767614300, "p": 0.5}]}, 'params={"market": "TOKEN"}'),
        ({"something": 1}, "say what it answers"),
        ("{}\n{}\n", "no messages of the feed"),
    ],
)
def test_what_a_file_cannot_tell_is_asked_for(tmp_path, document, said):
    with pytest.raises(ForeignFile) as refused:
        describe(put(tmp_path, "x.json", document, TOLD))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ({"observed": NOON}, "observed_at"), ({"observed_at": "2026-01-05 12:00"}, "observed_at such as"), (TOLD | {"page": "x"}, "whole number"),
        (TOLD | {"params": "[]"}, "object of JSON"), (TOLD | {"page": 1}, "sweep and page together"), ({"observed_at": "timestamp"}, "only messages"),
        ([], "object of JSON"),
    ],
)  # fmt: skip
def test_a_note_that_says_something_else_is_refused(tmp_path, note, said):
    with pytest.raises(ForeignFile, match=said):
        describe(put(tmp_path, "book.json", BOOK, note))


def test_prices_are_of_the_token_that_was_asked_for(tmp_path):
    url = f"https://clob.example/prices-history?market={TOKEN}&fidelity=60"
    path = put(tmp_path, "x.json", {"history": [{"t": 1767600000, "p": 0.5}]}, TOLD | {"url": url})
    points = parsed(fetched(path), [])["price_points"]
    assert points.select("token_id", "price", "resolution_s").rows() == [(TOKEN, 500_000, 3600)]


def test_every_line_of_a_capture_is_a_frame_of_one_connection(tmp_path):
    text = f"{json.dumps(CHANGE)}\nPONG\n\n[{json.dumps(CHANGE)}]\n" + '{"event_type": "boo'
    found = framed(put(tmp_path, "feed.20260105T120000Z.jsonl", text))
    assert "\n".join(found["frame"]) == text
    assert found["parse_status"].to_list() == ["MESSAGE", "KEEPALIVE", "BLANK", "MESSAGE", "MESSAGE"]
    assert set(found["conn_id"]) == {"feed.20260105T120000Z.jsonl"}


@pytest.mark.parametrize("ending", ["", "\n", "\n\n"])
def test_a_long_file_is_read_some_lines_at_a_time_and_says_the_same(tmp_path, ending):
    said = ["PONG", json.dumps(CHANGE | {"timestamp": "1767614400000"}), "", json.dumps(CHANGE), "PONG"]
    path = put(tmp_path, "feed.jsonl", "\n".join(said) + ending, {"observed_at": "timestamp"})
    whole = b"".join(bare(path).read(1 << 20))
    assert all(b"".join(bare(path).read(size)) == whole for size in (1, 7, 200, 400))
    long = Text(path, None, b"PONG")  # a file that is too long to be held
    assert all(b"".join(parts(long, size)) == path.read_bytes() for size in (1, 7, 200, 400))


def test_messages_may_have_come_when_the_venue_says_they_were(tmp_path):
    later = CHANGE | {"timestamp": "1767614400000"}
    text = "".join(f"{line}\n" for line in ("PONG", json.dumps(later), json.dumps(CHANGE), "PONG"))
    found = framed(put(tmp_path, "feed.jsonl", text, {"observed_at": "timestamp"}))
    assert found["ts_recv"].n_unique() == 1
    assert found["frame_seq"].to_list() == [0, 1, 2, 3]


def test_a_message_over_many_lines_is_one_frame(tmp_path):
    path = put(tmp_path, "x.json", CHANGE, TOLD)
    assert framed(path)["frame"].to_list() == [path.read_text()]


def test_a_capture_of_two_days_is_refused(tmp_path):
    text = f"{json.dumps(CHANGE)}\n{json.dumps(CHANGE | {'timestamp': '1767657600000'})}\n"
    with pytest.raises(ForeignFile, match="cut it at midnight"):
        describe(put(tmp_path, "feed.jsonl", text, {"observed_at": "timestamp"}))


def test_lines_of_a_shard_without_its_first_need_nothing_said(tmp_path):
    line = {"recv_us": 1_767_614_400_000_000, "conn": "c", "seq": 1, "frame": json.dumps(CHANGE)}
    path = put(tmp_path, "feed.jsonl", json.dumps(line) + "\n")
    assert describe(path)[0].dt == "2026-01-05"
    assert framed(path).select("capture_id", "conn_id", "frame_seq").rows() == [("bare", "c", 1)]


def test_a_bare_file_may_be_packed(tmp_path):
    path = tmp_path / "book.20260105T120000Z.json.gz"
    path.write_bytes(gzip.compress(json.dumps(BOOK).encode()))
    assert json.loads(fetched(path)["payload"].item()) == BOOK


def test_a_page_says_itself_where_it_goes_on(tmp_path):
    page = {"data": [BOOK], "pagination": {"has_more": True, "next_cursor": "abc"}}
    assert fetched(put(tmp_path, "x.json", page, TOLD))["cursor_out"].to_list() == ["abc"]
