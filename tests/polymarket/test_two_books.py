"""A book that two services tell of: what each says counts by itself, in the order in which it was said, and one's fault is not the other's."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from lakeflow.forecast.tables.bars import bars
from lakeflow.forecast.tables.books import TIME
from lakeflow.forecast.tables.quotes import priced, sources
from tests.polymarket.messages import START, A, book, change, changed, replay

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
TOP = {
    "token_id": pl.String, "ts_recv": TIME, "row": pl.Int64, "message_no": pl.Int64, "bid": pl.Int64, "ask": pl.Int64,
    "near_2c": pl.Int64, "verify_status": pl.String,
}  # fmt: skip
SIDES = dict.fromkeys(("bid_prices", "bid_sizes", "ask_prices", "ask_sizes"), pl.List(pl.Int64))
ANSWER = {"token_id": pl.String, "ts_observed": TIME, "ts_event": TIME, "hash_status": pl.String, "ts_stands_until": TIME} | SIDES  # fmt: skip
TRADE = {
    "token_id": pl.String, "ts_event": TIME, "price": pl.Int64, "transaction": pl.String, "ordinal": pl.Int64,
}  # fmt: skip
FED_TRADE = {"token_id": pl.String, "ts_recv": TIME, "price": pl.Int64, "row": pl.Int64, "message_no": pl.Int64}  # fmt: skip
POINT = {"token_id": pl.String, "ts_event": TIME, "ts_known": TIME, "price": pl.Int64, "resolution_s": pl.Int64}  # fmt: skip
CENT = 10_000


def before(minutes):
    return NOON - timedelta(minutes=minutes)


def fed(minutes, bid, status="MATCH", spread=2, row=0):
    """A state of the feed's book, so many minutes before noon."""
    sides = (bid * CENT, (bid + spread) * CENT) if bid else (None, None)
    return ("1", before(minutes), row, 0, *sides, bid, status)


def rest(minutes, bid, status="MATCH", of=None):
    """An answer of the book service, so many minutes before noon; what it shows was so since `of`."""
    sides = [bid * CENT], [CENT], [(bid + 2) * CENT], [CENT]
    return ("1", before(minutes), before(minutes if of is None else of), status, None, *sides)


def at_noon(tops=(), heard=(), books=(), trades=(), fed_trades=(), points=()):
    shapes = (TOP, ANSWER, TRADE, FED_TRADE, POINT)
    said = (tops, books, trades, fed_trades, points)
    tables = [pl.DataFrame([*rows], shape, orient="row") for rows, shape in zip(said, shapes, strict=True)]
    instants = [row[1] for row in tops] + [before(minutes) for minutes in heard]
    events = pl.DataFrame(
        {"token_id": ["1"] * len(instants), "ts_recv": instants}, {"token_id": pl.String, "ts_recv": TIME}
    )
    known = sources(tables[0], events.lazy(), *tables[1:])
    asked = {"token_id": ["1"], "other_token_id": ["2"], "ts_cutoff": [NOON]}
    return priced(pl.DataFrame(asked, schema_overrides={"ts_cutoff": TIME}), known).row(0, named=True)


MINUTES = range(1, 60)


@pytest.mark.parametrize(
    ("said", "p"),
    [
        ({"tops": [fed(30, 60)], "heard": MINUTES, "books": [rest(10, 20, of=240)]}, 61),
        ({"tops": [fed(30, 60, "UNVERIFIABLE")], "heard": MINUTES, "books": [rest(10, 20, of=240)]}, 61),
        ({"tops": [fed(30, 60)], "heard": MINUTES, "books": [rest(10, 20, "MISMATCH")]}, 61),
        ({"tops": [fed(5, None, "NOT_BEGUN")], "books": [rest(10, 60)]}, 61),
        ({"tops": [fed(5, None, "CROSSED")], "books": [rest(10, 60)]}, 61),
        ({"tops": [fed(5, 20, "MISMATCH")], "books": [rest(10, 60)]}, 61),
        ({"tops": [fed(30, 20)], "heard": [20], "books": [rest(10, 60)]}, 61),
        ({"tops": [fed(10, 20)], "books": [rest(5, 60)]}, 61),
        ({"tops": [fed(5, 60)], "books": [rest(10, 20)]}, 61),
        ({"tops": [fed(5, 20, "UNVERIFIABLE")], "books": [rest(10, 60)]}, 61),
        ({"tops": [fed(10, 60)], "books": [rest(5, 20, "UNVERIFIABLE")]}, 61),
        ({"tops": [fed(5, None, "FORGOTTEN")], "books": [rest(16, 60)]}, None),
        ({"tops": [fed(10, None, "FORGOTTEN")], "books": [rest(5, 60, of=600)]}, 61),
    ],
    ids=[
        "out of a cache", "the same, and the feed unverified", "a wrong hash", "no snapshot yet", "the feed crossed", "the feed contradicted",
        "the feed silent", "the answer later", "the feed later", "the feed unverified", "the answer unverified", "neither", "a quiet book",
    ],
)  # fmt: skip
def test_the_verified_and_latest_book_of_two_services_counts_and_the_other_takes_nothing_from_it(said, p):
    assert at_noon(**said)["p"] == (p and p * CENT)


def test_a_price_has_the_age_and_the_depth_of_the_book_that_it_is_of():
    found = at_noon(tops=[fed(30, 60)], heard=[3], books=[rest(10, 20, of=240)])
    assert (found["ts_quote"], found["near_2c"]) == (before(3), 60)
    other = at_noon(tops=[fed(30, 60)], books=[rest(10, 20)])
    assert (other["ts_quote"], other["near_2c"]) == (before(10), 4_200)


@pytest.mark.parametrize("tokens", [1, 40])
def test_of_states_received_at_one_instant_the_last_that_was_said_counts(tokens):
    states = [book(), changed(change(0.49, 9)), changed(change(0.5, 9))]
    frames = [[each | {"market": f"0x{n}"} for each in named(states, n)] for n in range(tokens)]
    found = replay(*frames, book("z", market="0xz"))
    events = found["book_events"].lazy()
    nothing = [pl.DataFrame(schema=shape) for shape in (ANSWER, TRADE, FED_TRADE, POINT)]
    known = sources(found["book_tops"].sample(fraction=1.0, shuffle=True, seed=1), events, *nothing)
    cutoff = START + timedelta(seconds=tokens)
    asked = [{"token_id": f"{n}1", "other_token_id": f"{n}2", "ts_cutoff": cutoff} for n in range(tokens)]
    priced_rows = priced(pl.DataFrame(asked, schema_overrides={"ts_cutoff": TIME}), known)
    assert priced_rows.select("bid", "near_2c", "p").unique().rows() == [(500_000, 36_310_000, 510_000)]


def named(states, number):
    """Messages of a market of its own."""
    for state in states:
        inside = [each | {"asset_id": f"{number}1"} for each in state.get("price_changes", [])]
        yield state | ({"price_changes": inside} if inside else {"asset_id": f"{number}1"})


def test_a_bar_ends_with_the_last_state_of_one_instant():
    found = replay([book(), changed(change(0.5, 9)), changed(change(0.5, 0)), changed(change(0.49, 9))])
    bar = bars(found["book_tops"], found["last_trades"], 1).row(0, named=True)
    assert (bar["token_id"], bar["open"], bar["close"], bar["twap"]) == (A, 500_000, 505_000, 505_000)


def test_of_trades_received_at_one_instant_the_last_that_was_said_is_the_last():
    told = [("1", before(5), price, row, 0) for row, price in enumerate((41 * CENT, 43 * CENT, 42 * CENT))]
    assert at_noon(tops=[fed(5, 30, spread=30)], fed_trades=reversed(told))["p"] == 42 * CENT


@pytest.mark.parametrize(("minutes", "price"), [(1_440, 900_000), (1_441, None)])
def test_a_trade_of_more_than_a_day_ago_is_no_last_price(minutes, price):
    old = [("1", before(minutes), 900_000, "0x", 0)]
    assert at_noon(tops=[fed(5, 30)], trades=old)["last_price"] == price
