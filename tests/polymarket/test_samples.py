"""What real answers and messages say once they are read; that every file is read is told in test_every_sample."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lakeflow.forecast.tables.bars import bars
from lakeflow.vendors.polymarket.books import book
from lakeflow.vendors.polymarket.items import trade
from lakeflow.vendors.polymarket.messages import messages
from tests.polymarket.conftest import silver_of

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of vendor samples is not there")
MESSAGES = DATA / "polymarket_messages"


def body(path):
    return json.loads(path.read_text())


def test_the_best_levels_come_first():
    found = book(body(MESSAGES / "clob_book_response.json"))
    assert (found.bids[0].price, found.asks[0].price) == (500_000, 510_000)


def test_trades_of_the_samples_have_their_sides():
    assert [trade(each, {}).side for each in body(MESSAGES / "data_api_trades_response.json")][:2] == [
        "BUY",
        "SELL",
    ]


def heard():
    names = [
        p
        for p in sorted(MESSAGES.glob("*.json"))
        if p.name.startswith(("ws_", "price", "last", "tick", "book"))
    ]
    rows = [
        (n, 1_767_600_000_000_000_000 + n * 10**9, "a", "1", n, "MESSAGE", path.read_text())
        for n, path in enumerate(names)
    ]
    schema = ["row", "ns", "capture_id", "conn_id", "frame_seq", "parse_status", "frame"]
    frames = pl.DataFrame(rows, schema=schema, orient="row")
    return frames.with_columns(ts_recv=pl.col("ns").cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")).drop(
        "ns"
    )


def test_every_real_message_is_understood():
    found = messages(heard())
    assert not found.faults
    assert {
        "book",
        "price_change",
        "last_trade_price",
        "tick_size_change",
        "best_bid_ask",
        "new_market",
        "market_resolved",
    } == set(found.rows["kind"])


def test_real_messages_give_bars():
    tables = silver_of(heard(), date(2026, 1, 5), 1800)
    found = bars(tables["book_tops"], tables["last_trades"], 1)
    assert found.filter(pl.col("close").is_not_null()).height > 0
    assert found["trades"].sum() == 3


def test_real_messages_of_one_token_in_two_markets_keep_to_the_key():
    tables = silver_of(heard(), date(2026, 1, 5), 1800)
    key = tables["book_tops"].select("token_id", "ts_recv", "row", "message_no")
    assert not key.is_duplicated().any()
    assert "OTHER_MARKET" in tables["frame_quarantine"]["reason"].to_list()
