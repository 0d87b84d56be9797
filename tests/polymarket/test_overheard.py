"""A recorder and the archive that heard the same hour: every trade and change is there once."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from lakeflow.vendors.polymarket.untouched import TEXTS
from tests.polymarket.conftest import silver_of
from tests.polymarket.messages import A, M, book, change, changed, framed, quotes

SENT = datetime(2026, 1, 5, 8, tzinfo=UTC)
TRADE = {"event_type": "last_trade_price", "price": "0.5000", "size": "10.000000", "side": "BUY", "transaction_hash": "0xDEAD"}  # fmt: skip
TOLD = {"market": M, "asset_id": A, "timestamp": "1767600000000", "fee_rate_bps": "0"}


def archived(*rows):
    """Rows of the archive, heard after the recorder, of the instant at which all is said."""
    times = {"ts_recv": SENT + timedelta(hours=3), "ts_event": SENT}
    shape = {"row": pl.Int64, "ts_recv": pl.Datetime("ns", "UTC"), "ts_event": pl.Datetime("ns", "UTC")}
    return pl.DataFrame(
        [{"row": n, **times, "market": M, "asset_id": A, **row} for n, row in enumerate(rows)],
        schema=shape | dict.fromkeys(TEXTS, pl.String),
    )


def both(own, *rows):
    frames = framed(*own)
    return silver_of(frames, date(2026, 1, 5), 86_400, archived=archived(*rows))


def test_a_trade_that_both_heard_is_one_trade():
    found = both([book(), TOLD | TRADE | {"price": "0.5", "size": "10"}], TRADE)["last_trades"]
    assert found.select("row", "price", "size").rows() == [(1, 500_000, 10_000_000)]


def test_alike_trades_are_as_many_as_the_one_who_heard_more_of_them_heard():
    assert both([TOLD | TRADE], TRADE, TRADE)["last_trades"].height == 2
    assert both([TOLD | TRADE, TOLD | TRADE], TRADE)["last_trades"].height == 2


def test_a_trade_that_only_the_archive_heard_is_there():
    found = both([TOLD | TRADE], TRADE | {"transaction_hash": "0xbeef"})["last_trades"]
    assert found["transaction"].to_list() == ["0xdead", "0xbeef"]


def test_a_change_that_the_archive_heard_later_brings_no_old_level_back():
    said = {"event_type": "price_change", "price": "0.4900", "side": "BUY"}
    own = [book(), changed(change(0.49, 10)), changed(change(0.49, 0)) | {"timestamp": "1767600000001"}]
    found = both(own, said | {"size": "10.000000"})
    assert [bid for bid, *_ in quotes(found)] == [480_000, 490_000, 480_000]
