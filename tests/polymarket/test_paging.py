"""Pages of trades that no name of a listing holds together: a cursor leads from each to the next."""

from datetime import timedelta

import polars as pl

from lakeflow.vendors.polymarket.found import Found
from lakeflow.vendors.polymarket.paging import first_pages
from lakeflow.vendors.polymarket.sorting import ROOM
from lakeflow.vendors.polymarket.texts import asked_of, with_texts
from tests.polymarket.answers import TRADE, fetched, parsed, trades

OTHER = TRADE | {"transaction_hash": "0xU"}


def read(fetches):
    """The answers as pages."""
    found = Found(None, ROOM)
    for part in with_texts(asked_of(fetches.lazy()), fetches.lazy(), ROOM):
        found.take(part)
    return found.pages


def asked(cursor, *rows, back=None):
    return trades(*rows) | {"cursor_in": cursor, "cursor_out": back}


def ordinals(*pages):
    found = parsed(fetched(*pages))["trades"]
    return found.filter(pl.col("transaction") == "0xt")["ordinal"].to_list()


def test_of_two_equal_fills_on_both_sides_of_a_page_s_end_both_are_kept():
    assert ordinals(asked(None, OTHER, TRADE, back="c1"), asked("c1", TRADE)) == [0, 1]


def test_the_same_without_a_cursor_between_them_is_one_fill_that_was_listed_twice():
    assert ordinals(asked(None, OTHER, TRADE), asked(None, TRADE)) == [0]


def test_a_cursor_in_the_body_and_in_the_request_leads_on_as_well():
    first = trades(TRADE)
    first["payload"]["pagination"] = {"has_more": True, "next_cursor": "c1"}
    assert ordinals(first, trades(TRADE) | {"params": '{"cursor": "c1"}'}) == [0, 1]


def test_a_page_that_is_fetched_again_tells_nothing_twice():
    pages = asked(None, OTHER, back="c1"), asked("c1", TRADE, back="c2")
    assert ordinals(*pages, pages[1]) == [0]
    assert ordinals(*pages, pages[1], asked("c2", TRADE)) == [0, 1]


def test_a_listing_that_is_fetched_a_second_time_tells_nothing_twice():
    pages = asked(None, OTHER, TRADE, back="c1"), asked("c1", TRADE)
    assert ordinals(*pages, *pages) == [0, 1]


def test_a_page_two_hours_later_is_of_no_listing_that_began_before():
    pages = fetched(asked(None, TRADE, back="c1"), asked("c1", TRADE))
    later = pl.col("ts_observed") + pl.col("row") * timedelta(hours=2)
    assert first_pages(read(pages)) == {1: 0}
    assert first_pages(read(pages.with_columns(ts_observed=later))) == {}


def named(number, *rows, back=None, **said):
    return trades(*rows) | {"sweep_id": "trades", "page_no": number, "cursor_out": back} | said


def test_a_page_of_a_named_listing_that_is_fetched_again_tells_nothing_twice():
    first, second = named(0, OTHER, TRADE, back="c1"), named(1, TRADE, TRADE)
    assert ordinals(first, second) == [0, 1, 2]
    assert ordinals(first, second, second) == [0, 1, 2]
    assert ordinals(first, second, first, second) == [0, 1, 2]


def test_a_page_that_could_not_be_read_and_was_fetched_again_is_told_once():
    first, garbled = named(0, OTHER, TRADE, back="c1"), named(1) | {"payload": "{"}
    assert ordinals(first, garbled, named(1, TRADE)) == [0, 1]


def test_a_page_of_another_market_under_the_same_name_and_number_is_no_page_that_is_fetched_again():
    asked = ['{"condition_id": "0x1"}', '{"condition_id": "0x2"}', '{"condition_id": "0x2", "cursor": "c1"}']
    pages = [named(0, OTHER), named(0, TRADE, back="c1"), named(1, TRADE)]
    assert ordinals(*(page | {"params": params} for page, params in zip(pages, asked, strict=True))) == [0, 1]
