"""A listing whose pages were fetched on both sides of midnight is whole on the day of its last page, and of no other."""

import json
from datetime import UTC, datetime

import polars as pl
import pytest

from lakeflow.vendors.polymarket.shards import day_rows
from tests.polymarket.answers import parsed

BEFORE, AFTER = "2026-01-05T23:59:50", "2026-01-06T00:00:10"


def market(number):
    tokens = json.dumps([f"{number}1", f"{number}2"])
    return {
        "id": str(number),
        "conditionId": f"0x{number:064x}",
        "outcomes": '["Yes", "No"]',
        "clobTokenIds": tokens,
    }


def page(number, at, *, cursor_in=None, cursor_out=None, status=200, body=None, sweep="open 23:59"):
    observed = int(datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() * 10**6) + number
    about = {
        "observed_us": observed,
        "endpoint": "gamma/markets/keyset",
        "url": "/markets/keyset",
        "sweep": sweep,
        "page": number,
    }
    text = json.dumps({"markets": [market(number + 1)]}) if body is None else body
    return about | {"cursor_in": cursor_in, "cursor_out": cursor_out, "status": status, "body": text}


def read(folder, *pages):
    """The silver of two days from the pages of both, each day with the day before beside it."""
    days, earlier = [], None
    for day in ("2026-01-05", "2026-01-06"):
        own = [
            each
            for each in pages
            if datetime.fromtimestamp(each["observed_us"] / 1e6, UTC).date().isoformat() == day
        ]
        lines = [{"shard": "polymarket/fetch/1", "day": day, "capture": "a"}, *own]
        path = folder / day
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        fetches = dict(day_rows([path], None))["fetches"]
        days.append(parsed(fetches, [], earlier))
        earlier = fetches.lazy()
    return days


def seen(day):
    return day["sightings"]["market_id"].to_list()


def test_a_sweep_over_midnight_is_published_whole_on_the_day_of_its_last_page(tmp_path):
    pages = (
        page(0, BEFORE, cursor_out="a"),
        page(1, BEFORE, cursor_in="a", cursor_out="b"),
        page(2, AFTER, cursor_in="b"),
    )
    first, second = read(tmp_path, *pages)
    assert (seen(first), seen(second)) == ([], ["1", "2", "3"])
    assert first["quarantine"]["reason"].to_list() == ["INCOMPLETE_SWEEP"] * 2
    assert second["quarantine"].is_empty()
    assert first["fetch_ledger"]["complete"].to_list() == [False, False]
    assert second["fetch_ledger"].select("row", "page_no", "items", "complete").rows() == [(0, 2, 1, True)]


def test_its_pages_of_the_day_before_count_as_observed_at_midnight(tmp_path):
    _, second = read(tmp_path, page(0, BEFORE, cursor_out="a"), page(1, AFTER, cursor_in="a"))
    assert second["sightings"].sort("market_id")["ts_observed"].dt.to_string("%dT%H:%M:%S").to_list() == [
        "06T00:00:00",
        "06T00:00:10",
    ]


@pytest.mark.parametrize(
    "retried",
    [
        page(1, BEFORE, cursor_in="a", status=500, body=""),
        page(1, BEFORE, cursor_in="a", cursor_out="b", body="<html>"),
    ],
)
def test_a_page_that_failed_before_midnight_and_came_after_it_makes_the_sweep_whole(tmp_path, retried):
    _, second = read(tmp_path, page(0, BEFORE, cursor_out="a"), retried, page(1, AFTER, cursor_in="a"))
    assert seen(second) == ["1", "2"]
    assert second["quarantine"].is_empty()


@pytest.mark.parametrize(
    "pages",
    [
        (page(0, BEFORE, cursor_out="a"), page(1, AFTER, cursor_in="other")),
        (page(0, BEFORE, cursor_out="a"), page(2, AFTER, cursor_in="a")),
        (page(0, BEFORE), page(1, AFTER, cursor_in="a")),
        (page(0, "2026-01-05T22:00:00", cursor_out="a"), page(1, AFTER, cursor_in="a")),
        (page(0, BEFORE, cursor_out="a"), page(1, AFTER, cursor_in="a", sweep="closed 23:59")),
        (page(0, BEFORE, cursor_out="a"), page(1, AFTER, cursor_in="a", cursor_out="b")),
    ],
    ids=["another cursor", "a page between", "it had ended", "long ago", "another listing", "it goes on"],
)
def test_pages_that_do_not_go_on_where_the_day_before_ended_are_of_no_whole_sweep(tmp_path, pages):
    _, second = read(tmp_path, *pages)
    assert not set(seen(second)) & {"2", "3"}
    assert "INCOMPLETE_SWEEP" in second["quarantine"]["reason"].to_list()
    assert second["fetch_ledger"]["complete"].to_list() == [False]


def test_a_sweep_of_the_same_name_on_the_next_day_is_another(tmp_path):
    first, second = read(
        tmp_path, page(0, BEFORE), page(0, AFTER, cursor_out="a"), page(1, AFTER, cursor_in="a")
    )
    assert (seen(first), seen(second)) == (["1"], ["1", "2"])


def test_without_the_day_before_such_a_sweep_is_incomplete(tmp_path):
    path = tmp_path / "a"
    head = {"shard": "polymarket/fetch/1", "day": "2026-01-06", "capture": "a"}
    path.write_text(f"{json.dumps(head)}\n{json.dumps(page(1, AFTER, cursor_in='a'))}\n")
    fetches = dict(day_rows([path], None))["fetches"]
    for earlier in (None, fetches.clear().lazy(), fetches.clear().with_columns(dt=pl.lit("x")).lazy()):
        assert seen(parsed(fetches, [], earlier)) == []
