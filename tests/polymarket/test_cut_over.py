"""Edge 31: all orders were wiped on 28 April 2026 at 11:00; no book of before stands after, however it was known."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from lakeflow.forecast.tables.books import TIME
from lakeflow.forecast.tables.quotes import priced, sources
from tests.polymarket.answers import C, fetched, parsed
from tests.polymarket.messages import book, replay

CUT = datetime(2026, 4, 28, 11, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NOTHING = replay(book())


def rest(observed, so, row=0):
    """A book of the service at 0.40 to 0.42, fetched at an instant, and so since another as it says."""
    sides = {"bids": [{"price": "0.40", "size": "10"}], "asks": [{"price": "0.42", "size": "10"}]}
    body = {"market": C, "asset_id": "11", "timestamp": str(int(so.timestamp() * 1000))} | sides
    answer = fetched({"endpoint": "clob/book", "payload": body})
    return answer.with_columns(row=pl.lit(row), ts_observed=pl.lit(observed).cast(TIME))


def price_at(cutoff, *books):
    read = parsed(pl.concat(books))
    known = sources(
        NOTHING["book_tops"].clear(), NOTHING["book_events"].clear().lazy(), read["rest_books"], read["trades"],
        NOTHING["last_trades"].clear(), read["price_points"],
    )  # fmt: skip
    asked = {"token_id": ["11"], "other_token_id": ["22"], "ts_cutoff": [cutoff]}
    return priced(pl.DataFrame(asked, schema_overrides={"ts_cutoff": TIME}), known)["p"].item()


@pytest.mark.parametrize(
    ("cutoff", "books", "p"),
    [
        (CUT - MINUTE, [rest(CUT - 5 * MINUTE, CUT - 6 * MINUTE)], 410_000),
        (CUT, [rest(CUT - 5 * MINUTE, CUT - 6 * MINUTE)], None),
        (CUT + 5 * MINUTE, [rest(CUT - 5 * MINUTE, CUT - 6 * MINUTE)], None),
        (CUT + 5 * MINUTE, [rest(CUT + MINUTE, CUT - 6 * MINUTE)], None),
        (CUT + 5 * MINUTE, [rest(CUT + MINUTE, CUT + MINUTE)], 410_000),
        (CUT + 5 * MINUTE, [rest(CUT - 5 * MINUTE, CUT - 6 * MINUTE), rest(CUT, CUT, 1)], 410_000),
        (CUT + timedelta(days=1), [rest(CUT + timedelta(days=1) - MINUTE, CUT + MINUTE)], 410_000),
    ],
    ids=["before", "at", "after", "fetched after, so before", "new", "new at the instant", "the day after"],
)
def test_edge_31_no_quote_of_a_rest_book_across_the_cut_over(cutoff, books, p):
    assert price_at(cutoff, *books) == p


def test_edge_31_the_gap_is_written_on_a_day_without_a_feed():
    found = replay("PONG", day=CUT.date(), start=CUT - MINUTE)["book_gaps"]
    wiped = found.filter(pl.col("ts_start") == pl.col("ts_end"))
    assert wiped.select("token_id", "ts_start", "reason").rows() == [("", CUT, "CAPTURE_OFF")]


def test_the_cut_over_is_where_the_book_says_until_when_it_stands():
    books = [
        rest(CUT - timedelta(days=2), CUT - timedelta(days=2)),
        rest(CUT - MINUTE, CUT - MINUTE, 1),
        rest(CUT + MINUTE, CUT + MINUTE, 2),
    ]
    assert parsed(pl.concat(books))["rest_books"]["ts_stands_until"].to_list() == [None, CUT, None]
