"""Sizes near the largest that a message may hold: sums of money that are more than 64 bits hold."""

from datetime import UTC, datetime

import polars as pl
import pytest

from lakeflow.forecast.tables.bars import bars
from lakeflow.forecast.tables.books import near_2c
from tests.polymarket.messages import book, replay

WHEN = datetime(2026, 1, 5, 10, tzinfo=UTC)
SHARE = 1_000_000


def vwap(*fills):
    traded = pl.DataFrame(
        [("1", WHEN, price, size) for price, size in fills],
        schema={"token_id": pl.String, "ts_recv": pl.Datetime("ns", "UTC"), "price": pl.Int64, "size": pl.Int64},
        orient="row",
    )  # fmt: skip
    return bars(replay(book())["book_tops"].clear(), traded, 1).select("vwap", "trades", "volume").row(0)


@pytest.mark.parametrize("millions", [1, 20, 40, 1_000])
def test_a_mean_price_by_size_is_right_however_large_the_trade(millions):
    size = millions * 1_000_000 * SHARE
    assert vwap((500_000, size), (500_000, size)) == (500_000, 2, 2 * size)


def test_trades_of_different_prices_weigh_by_their_size():
    assert vwap((999_900, 900_000_000 * SHARE), (100, 100_000_000 * SHARE))[0] == 899_920


def test_trades_of_nothing_have_no_mean_price():
    assert vwap((500_000, 0)) == (None, 1, 0)


def test_dollars_near_the_best_level_of_a_rest_book_are_right_however_large():
    sides = {
        "bid_prices": [[990_000, 980_000]], "bid_sizes": [[9_400_000 * SHARE + 1, 3]],
        "ask_prices": [[999_900]], "ask_sizes": [[9_000_000_000 * SHARE]],
    }  # fmt: skip
    near = pl.DataFrame(sides).select(near_2c()).item()
    assert near == 9_306_000_000_000 + 2 + 8_999_100_000 * SHARE


def test_dollars_near_the_best_level_of_a_feed_s_book_are_right_however_large():
    found = replay(book(bids=((0.99, 1_000_000_000),), asks=()))["book_tops"].filter(pl.col("row") >= 0)
    assert found["near_1c"].to_list() == [990_000_000 * SHARE]
