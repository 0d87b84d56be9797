"""Edges of section 4.7 that books, messages and prices meet: each with the outcome that is expected, numbered as there."""

import json
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from lakeflow.forecast.tables.audit import Looked, audit
from lakeflow.forecast.tables.quotes import priced, sources
from lakeflow.forecast.tables.time_left import BORDERS_S
from lakeflow.vendors.polymarket.untouched import TEXTS
from tests.polymarket.answers import C, fetched, parsed, points
from tests.polymarket.conftest import silver_of
from tests.polymarket.messages import A, M, book, change, changed, framed, replay

TIME = pl.Datetime("ns", "UTC")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
DAY = date(2026, 1, 5)
NANOS = int(NOON.timestamp()) * 10**9


def rest(bid, ask, minutes):
    """An answer of the book service, so many minutes before noon."""
    sides = {name: [{"price": price, "size": "10"}] for name, price in (("bids", bid), ("asks", ask))}
    body = {"market": C, "asset_id": "11", "timestamp": str(NANOS // 10**6)} | sides
    at = pl.Series([NANOS - minutes * 60 * 10**9]).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")
    return fetched({"endpoint": "clob/book", "payload": body}).with_columns(ts_observed=at)


def at_noon(*answers, price_points=None):
    """The price of the market at noon, by books and history points alone."""
    read = (
        parsed(pl.concat([each.with_columns(row=pl.lit(n)) for n, each in enumerate(answers)]))
        if answers
        else parsed(fetched(points()))
    )
    feed = replay(book())
    known = sources(
        feed["book_tops"].clear(), feed["book_events"].clear().lazy(), read["rest_books"], read["trades"], feed["last_trades"].clear(),
        read["price_points"] if price_points is None else price_points,
    )  # fmt: skip
    asked = pl.DataFrame(
        {"token_id": ["11"], "other_token_id": ["22"], "ts_cutoff": [NOON]},
        schema_overrides={"ts_cutoff": TIME},
    )
    return priced(asked, known).row(0, named=True)


@pytest.mark.parametrize(
    ("answers", "p"),
    [([("0.40", "0.42", 3)], 410_000), ([("0.42", "0.40", 3)], None), ([("0.40", "0.40", 3)], None),
     ([("0.40", "0.42", 3), ("0.42", "0.40", 2)], None), ([("0.42", "0.40", 3), ("0.40", "0.42", 2)], 410_000)],
)  # fmt: skip
def test_edge_21_a_crossed_book_of_either_service_is_none_until_the_next(answers, p):
    assert at_noon(*(rest(*each) for each in answers))["p"] == p
    if p is None:
        feed = replay(book(), changed(change(0.53, 5)), book())
        assert feed["book_gaps"].filter(pl.col("reason") == "DESYNC").height == 1


def ignored(tables):
    own = tables["book_gaps"].filter(pl.col("token_id") == A).sort("ts_start")
    return own.select("reason", "ignored").rows()


def test_edge_22_changes_before_the_book_are_ignored_and_counted():
    found = replay(
        changed(change(0.49, 10), change(0.47, 5)), changed(change(0.49, 3)), book(), changed(change(0.49, 1))
    )
    tops = found["book_tops"].filter(pl.col("row") >= 0).select("bid", "verify_status").rows()
    assert tops == [(None, "NOT_BEGUN"), (480_000, "UNVERIFIABLE"), (490_000, "UNVERIFIABLE")]
    assert ignored(found) == [("NO_SNAPSHOT", 3), ("NO_SNAPSHOT", 0)]


def test_edge_22_what_came_after_a_book_was_crossed_is_counted_too():
    found = replay(
        book(), changed(change(0.53, 5)), changed(change(0.53, 0)), changed(change(0.47, 2)), book()
    )
    assert ignored(found) == [("NO_SNAPSHOT", 0), ("DESYNC", 2), ("NO_SNAPSHOT", 0)]


def test_edge_22_what_came_in_the_same_frame_as_the_book_is_counted_too():
    assert ignored(replay([changed(change(0.49, 10)), book()]))[0] == ("NO_SNAPSHOT", 1)


TRADE = {"event_type": "last_trade_price", "market": M, "asset_id": A, "price": "0.5", "size": "10", "side": "BUY", "transaction_hash": "0xDEAD", "fee_rate_bps": "0", "timestamp": "1767600000000"}  # fmt: skip
SAID = (book(), changed(change(0.49, 10, best_bid="0.49", best_ask="0.52")), TRADE, changed(change(0.49, 0)))


def in_the_archive(frames):
    """The same messages as the archive writes them: a change a row, decimals with all their digits."""
    sent = datetime.fromtimestamp(1_767_600_000, UTC)
    said = [
        {
            "row": n,
            "ts_recv": at,
            "ts_event": sent,
            "market": M,
            "asset_id": A,
            "event_type": each["event_type"],
        }
        | archived(each)
        for n, (each, at) in enumerate(zip(SAID, frames["ts_recv"], strict=True))
    ]
    shape = {"row": pl.Int64, "ts_recv": TIME, "ts_event": TIME} | dict.fromkeys(TEXTS, pl.String)
    return pl.DataFrame(said, schema=shape)


def archived(said):
    if said["event_type"] == "book":
        return {side: json.dumps(said[side]) for side in ("bids", "asks")}
    fields = said["price_changes"][0] if "price_changes" in said else said
    long = {"price": 4, "size": 6, "best_bid": 4, "best_ask": 4}
    return {
        name: f"{float(fields[name]):.{long[name]}f}" if name in long else fields[name]
        for name in fields
        if name in TEXTS
    }


@pytest.mark.parametrize("other", ["recorder", "archive"])
def test_edge_25_what_two_recorders_heard_is_the_silver_of_one(other):
    own = framed(*SAID)
    again = own.with_columns(row=pl.col("row") + own.height, capture_id=pl.lit("b"))
    one = silver_of(own, DAY, 86_400)
    if other == "archive":
        two = silver_of(own, DAY, 86_400, archived=in_the_archive(own))
    else:
        two = silver_of(pl.concat([own, again]), DAY, 86_400)
    tables = ("book_events", "book_tops", "book_gaps", "last_trades", "endings")
    assert one["book_events"].height == 5
    assert [name for name in tables if not one[name].equals(two[name])] == []


def settled(price, seconds):
    """History points: one hour before noon, then what the market paid."""
    known = int((NOON - timedelta(hours=1)).timestamp())
    return parsed(fetched(points((known, "0.4", 3600), (known + 3600, price, seconds))))["price_points"]


@pytest.mark.parametrize("price", ["1", "0", "0.5"])
def test_edge_29_a_settlement_is_no_price_and_is_counted_in_the_audit(price, kept):
    found = settled(price, 0)
    assert at_noon(price_points=found)["p"] == 400_000
    day = kept.days[0]
    tables = [day[name] for name in ("snapshots", "scored", "markets", "labels", "book_gaps")]
    others = [day[name] for name in ("rest_books", "attrition", "recalibrated", "scored")]
    carried = day["unanswered"].with_columns(dt=pl.lit(DAY))
    learnt = day["yardsticks"], day["snapshots"], carried, BORDERS_S
    rules = audit(Looked(*tables, found, *others, DAY, 3600, *learnt))
    assert rules.filter(pl.col("check_id") == "L07").select("rows_checked", "violations").rows() == [(1, 0)]


def test_edge_29_a_price_of_nothing_or_of_all_with_a_bucket_is_a_price():
    assert at_noon(price_points=settled("1", 3600))["p"] == 400_000  # its bucket ends an hour after noon
    assert settled("1", 3600).height == 2
