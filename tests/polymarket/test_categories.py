"""Which category a market is of, what it says that is in no map, and which start is that of a game."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lakeflow.forecast.tables.versions import versions
from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.otherwise import Asked
from tests.polymarket.answers import frame

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "polymarket_messages"
HOUR = 3_600_000_000_000
MARKET = {
    "id": "1",
    "conditionId": "0x" + "ab" * 32,
    "clobTokenIds": '["11", "22"]',
    "outcomes": '["Y", "N"]',
    "active": True,
}


def seen(*listed, before=None, hour=0):
    rows = [(Asked((hour + place) * HOUR, ""), tuple(sighting(said))) for place, said in enumerate(listed)]
    return versions(frame("sightings", rows), before)


def categories(*listed):
    return seen(*(MARKET | said for said in listed))["category"].to_list()


def tagged(*slugs):
    return {"tags": [{"slug": each} for each in slugs]}


@pytest.mark.parametrize(
    ("slug", "tags", "category"),
    [
        ("btc-updown-5m-1773307200", (), "crypto_updown"),
        ("eth-updown-15m-1773307200", ("crypto", "ethereum"), "crypto_updown"),
        ("sol-updown-4h-1773307200", ("crypto",), "crypto_updown"),
        ("bitcoin-up-or-down-september-15-3am-et", ("crypto",), "crypto_updown"),
        ("bitcoin-up-or-down-september-15-2026-11pm-et", ("bitcoin",), "crypto_updown"),
        ("bitcoin-up-or-down-on-february-2", ("crypto",), "crypto"),
        ("bitcoin-up-or-down-on-february-2-2026", ("bitcoin",), "crypto"),
        ("spx-up-or-down-on-february-2-2026", ("finance",), "economy"),
        ("spx-updown-5m-1773307200", ("finance",), "economy"),
        ("will-turnout-go-up-or-down-", ("politics",), "politics"),
    ],
)
def test_a_market_of_minutes_is_apart_and_one_of_a_day_is_like_any_other(slug, tags, category):
    assert categories({"slug": slug} | tagged(*tags)) == [category]


@pytest.mark.parametrize(
    ("said", "category", "strange"),
    [
        ({"category": "Politics"}, "politics", []),
        ({"category": "US-current-affairs"}, "politics", []),
        ({"category": " Pop Culture "}, "culture", []),
        ({"category": "Martian affairs"}, "other", ["category=Martian affairs"]),
        ({"category": "Martian affairs"} | tagged("nba"), "sports", ["category=Martian affairs"]),
        ({"category": "Crypto"} | tagged("underwater-chess"), "crypto", ["tag=underwater-chess"]),
        ({"category": "Crypto"} | tagged("nba"), "sports", []),
        (tagged("sports"), "sports", []),
        ({}, "other", []),
    ],
)
def test_the_category_that_is_said_counts_where_no_tag_is_in_the_map(said, category, strange):
    found = seen(MARKET | said)
    assert found.select("category", "not_understood").row(0) == (category, strange)


def test_an_answer_without_tags_or_category_changes_nothing():
    said = {"category": "Martian affairs"} | tagged("underwater-chess")
    assert seen(*(MARKET | each for each in (said, {}, said))).height == 1
    first = seen(MARKET | said)
    later = seen(MARKET, before=first, hour=24)
    assert later.equals(first)


START, FAR, WEEK = "2026-05-08 20:00:00+00", "2027-12-31T00:00:00Z", "2026-05-15T20:00:00Z"


@pytest.mark.parametrize(
    ("said", "by", "end"),
    [
        ({"gameStartTime": START, "endDate": FAR}, "END_DATE", datetime(2027, 12, 31, tzinfo=UTC)),
        ({"gameStartTime": START, "endDate": FAR, "sportsMarketType": "moneyline"}, "GAME_START", datetime(2026, 5, 8, 20, tzinfo=UTC)),
        ({"gameStartTime": START, "endDate": FAR, "gameId": "5"}, "GAME_START", datetime(2026, 5, 8, 20, tzinfo=UTC)),
        ({"gameStartTime": START, "endDate": WEEK}, "GAME_START", datetime(2026, 5, 8, 20, tzinfo=UTC)),
        ({"gameStartTime": START}, "GAME_START", datetime(2026, 5, 8, 20, tzinfo=UTC)),
        ({"endDate": FAR}, "END_DATE", datetime(2027, 12, 31, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_start_is_the_event_of_a_game_alone(said, by, end):
    assert seen(MARKET | said).select("scheduled_by", "ts_scheduled_end").row(0) == (by, end)


REAL = {
    "gamma_market.json": ("crypto_updown", "END_DATE"),
    "gamma_market_closed_binary_accepting_false.json": ("other", "END_DATE"),
    "gamma_market_closed_binary_accepting_true.json": ("other", "END_DATE"),
    "gamma_market_closed_nonbinary_legacy.json": ("crypto", "END_DATE"),
    "gamma_market_closed_zero_zero_legacy.json": ("politics", "END_DATE"),
    "gamma_market_sports_market_map_handicap.json": ("sports", "GAME_START"),
    "gamma_market_sports_market_money_line.json": ("sports", "GAME_START"),
}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="needs the vendor's samples beside the project")
@pytest.mark.parametrize(("name", "expected"), REAL.items(), ids=REAL)
def test_real_markets_are_what_they_are(name, expected):
    listed = json.loads((SAMPLES / name).read_text())
    found = seen(listed[0] if isinstance(listed, list) else listed)
    assert found.select("category", "scheduled_by").row(0) == expected
