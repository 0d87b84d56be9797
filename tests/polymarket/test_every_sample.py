"""Every file of real answers and messages, delivered as a shard: the rows that it gives, through the stages."""

import json
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lakeflow.vendors.polymarket.delivery import describe
from lakeflow.vendors.polymarket.shards import day_rows
from stages.silver import polymarket_bars
from tests.polymarket.answers import parsed
from tests.polymarket.conftest import silver_of

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of vendor samples is not there")
NOON = 1_767_614_400_000_000
GAMMA, CLOB = "polymarket_messages/gamma_market", "polymarket_messages/clob_market_closed_binary_accepting"

# file: the request that it answers, and the rows of each table that it gives
ANSWERS = {
    "polymarket/clob-books.json": ("clob/books", {"rest_books": 10}),
    "polymarket/clob-markets.json": ("clob/clob-markets/0xdde0", {"trading_terms": 5}),
    "polymarket/gamma-event.json": ("gamma/events/slug/fed-decision-in-june-825", {"sightings": 5}),
    "polymarket/gamma-search.json": ("gamma/public-search", {"sightings": 9}),
    "polymarket_messages/clob_book_response.json": ("clob/book", {"rest_books": 1}),
    "polymarket_messages/clob_fee_rate_response_nonzero.json": ("clob/fee-rate", {}),
    "polymarket_messages/clob_fee_rate_response_zero.json": ("clob/fee-rate", {}),
    f"{CLOB}_false.json": ("clob/markets/0x8ccc", {"resolution_events": 1}),
    f"{CLOB}_true.json": ("clob/markets/0xd57e", {"resolution_events": 1}),
    "polymarket_messages/data_api_trades_response.json": ("data/trades", {"trades": 3}),
    "polymarket_messages/gamma_event.json": ("gamma/events", {"sightings": 2}),
    f"{GAMMA}.json": ("gamma/markets/1557558", {"sightings": 1}),
    f"{GAMMA}_closed_binary_accepting_false.json": ("gamma/markets/1460332", {"sightings": 1}),
    f"{GAMMA}_closed_binary_accepting_true.json": ("gamma/markets/slug/x", {"sightings": 1}),
    f"{GAMMA}_closed_nonbinary_legacy.json": ("gamma/markets/43", {"sightings": 1}),
    f"{GAMMA}_closed_zero_zero_legacy.json": ("gamma/markets/12", {"sightings": 1}),
    f"{GAMMA}_sports_market_map_handicap.json": ("gamma/markets/1878156", {"sightings": 1}),
    f"{GAMMA}_sports_market_money_line.json": ("gamma/markets/1878152", {"sightings": 1}),
    "polymarket_messages/gamma_tags.json": ("gamma/tags", {}),
    "polymarket_messages/trades.json": ("clob/data/trades", {"trades": 1}),
}
# file: the changes of books, trades and endings that it gives, and whether a bar of its minute has a mid
MESSAGES = {
    "book": (163, 0, 0, True), "last_trade_price": (0, 1, 0, False), "price_change": (1, 0, 0, False), "price_change_v2": (3, 0, 0, False),
    "tick_size_change": (0, 0, 0, False), "ws_book_snapshot": (7, 0, 0, True), "ws_last_trade": (0, 1, 0, False),
    "ws_market_best_bid_ask_msg": (0, 0, 0, False), "ws_market_book_msg": (5, 0, 0, True), "ws_market_last_trade_msg": (0, 1, 0, False),
    "ws_market_new_market_msg": (0, 0, 0, False), "ws_market_price_change_msg": (1, 0, 0, False), "ws_market_resolved_msg": (0, 0, 1, False),
    "ws_market_tick_size_msg": (0, 0, 0, False), "ws_quotes": (2, 0, 0, False), "ws_tick_size_change": (0, 0, 0, False),
}  # fmt: skip
NO_ROWS = ("clob_fee_rate", "gamma_tags")  # about no market: nothing but their path says what they are


def shard(path, kind, *lines, day="2026-01-05"):
    head = {"shard": kind, "day": day, "capture": "a"}
    path.write_text("".join(json.dumps(each) + "\n" for each in (head, *lines)))
    return path


def line(name, endpoint, after=0):
    about = {"observed_us": NOON + after, "endpoint": endpoint, "url": f"/{endpoint}", "status": 200}
    return about | {"body": (DATA / name).read_text()}


def read(path):
    return parsed(dict(day_rows([path], None))["fetches"], [])


def counts(tables):
    return {name: rows.height for name, rows in tables.items() if rows.height and name != "fetch_ledger"}


def test_the_lists_are_of_every_file_that_there_is():
    listed = {*ANSWERS, *(f"polymarket_messages/{name}.json" for name in MESSAGES)}
    assert listed == {f"{path.parent.name}/{path.name}" for path in DATA.glob("polymarket*/*")}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_gives_its_rows_by_the_path_of_its_request(name, tmp_path):
    endpoint, gives = ANSWERS[name]
    tables = read(shard(tmp_path / "a", "polymarket/fetch/1", line(name, endpoint)))
    assert counts(tables) == gives
    assert tables["fetch_ledger"].select("items", "complete").rows() == [(sum(gives.values()), True)]


@pytest.mark.parametrize("name", [name for name in ANSWERS if not any(each in name for each in NO_ROWS)])
def test_an_answer_gives_the_same_rows_by_its_shape_alone(name, tmp_path):
    tables = read(shard(tmp_path / "a", "polymarket/fetch/1", line(name, "saved/by-hand")))
    assert counts(tables) == ANSWERS[name][1]


@pytest.mark.parametrize(
    ("name", "endpoint"),
    [("clob-markets", "clob/markets"), ("gamma-event", "clob/markets"), ("clob-books", "gamma/markets")],
)
def test_an_answer_of_another_request_than_is_said_is_read_as_what_it_is(name, endpoint, tmp_path):
    tables = read(shard(tmp_path / "a", "polymarket/fetch/1", line(f"polymarket/{name}.json", endpoint)))
    assert counts(tables) == ANSWERS[f"polymarket/{name}.json"][1]


@pytest.mark.parametrize(
    "endpoint", ["", "/events", "https://gamma-api.example/events?limit=1", "gamma/v9/new"]
)
def test_an_event_is_read_however_its_request_is_written(endpoint, tmp_path):
    path = shard(tmp_path / "a", "polymarket/fetch/1", line("polymarket/gamma-event.json", endpoint))
    assert counts(read(path)) == {"sightings": 5}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_gives_its_rows(name, tmp_path):
    text = (DATA / "polymarket_messages" / f"{name}.json").read_text()
    said = {"recv_us": NOON, "conn": "c", "seq": 1, "frame": text}
    rows = dict(day_rows([shard(tmp_path / "a", "polymarket/capture/1", said)], None))
    tables = silver_of(rows["frames"], date(2026, 1, 5), 1800)
    bars = polymarket_bars.minutes(tables["book_tops"], tables["last_trades"])["bars_1m"]
    found = [tables[table].height for table in ("book_events", "last_trades", "endings")]
    assert (*found, bars["close"].is_not_null().any()) == MESSAGES[name]
    assert bars["trades"].sum() == found[1]
    assert tables["frame_quarantine"].is_empty()


EITHER = {"clob_book_response": "clob/book", "ws_book_snapshot": "ws/market"}  # a book alone does not tell


def bare(folder, name):
    """A file under its own name and bytes, with a note that says when it came."""
    path = folder / Path(name).name
    shutil.copy(DATA / name, path)
    said = {"observed_at": "2026-01-05T12:00:00Z"}
    said |= {"endpoint": EITHER[path.stem]} if path.stem in EITHER else {}
    Path(f"{path}.about.json").write_text(json.dumps(said))
    return path


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_as_it_was_sent_gives_the_same_rows(name, tmp_path):
    path = bare(tmp_path, name)
    assert [each.dt for each in describe(path)] == ["2026-01-05"]
    fetches = dict(day_rows([path], None))["fetches"]
    assert fetches["payload"].to_list() == [(DATA / name).read_text()]
    assert counts(parsed(fetches, [])) == ANSWERS[name][1]


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_as_it_was_sent_is_the_same_frame(name, tmp_path):
    frames = dict(day_rows([bare(tmp_path, f"polymarket_messages/{name}.json")], None))["frames"]
    text = (DATA / "polymarket_messages" / f"{name}.json").read_text()
    assert frames.select("frame", "parse_status").rows() == [(text, "MESSAGE")]


def test_markets_of_an_event_are_of_it_and_have_its_tags(tmp_path):
    path = shard(tmp_path / "a", "polymarket/fetch/1", line("polymarket/gamma-event.json", "gamma/events"))
    seen = read(path)["sightings"]
    assert set(seen.select(pl.col("event_ids").list.join(" ")).to_series()) == {"101772"}
    assert seen.select(pl.col("tags").list.contains("fomc")).to_series().all()
    assert seen["group_id"].n_unique() == 1


def test_the_ten_books_have_the_hash_that_they_say_and_the_lone_one_cannot_be_told(tmp_path):
    names = ("polymarket/clob-books.json", "polymarket_messages/clob_book_response.json")
    said = [line(name, "clob/books", after) for after, name in enumerate(names)]
    found = read(shard(tmp_path / "a", "polymarket/fetch/1", *said))["rest_books"]
    assert found["hash_status"].value_counts().sort("count").rows() == [("UNVERIFIABLE", 1), ("MATCH", 10)]
