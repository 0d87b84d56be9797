"""Listings that repeat the one before them change no version, no word of a source and no label."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.forecast.tables.evidence import evidence
from lakeflow.forecast.tables.labels import labels
from lakeflow.forecast.tables.news import news
from lakeflow.forecast.tables.places import aligned
from lakeflow.forecast.tables.versions import tokens, versions
from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.otherwise import Asked
from tests.polymarket.answers import MARKET, frame
from tests.polymarket.ended_markets import NOW

DAY = date(2026, 1, 5)
ENDINGS = {"condition_id": pl.String, "winning_token_id": pl.String, "ts_recv": pl.Datetime("ns", "UTC"), "ts_event": pl.Datetime("ns", "UTC")}  # fmt: skip
SAID = st.fixed_dictionaries(
    {},
    optional={
        "conditionId": st.sampled_from([MARKET["conditionId"], "0x" + "ef" * 32]),
        "closed": st.booleans(),
        "umaResolutionStatus": st.sampled_from(["proposed", "resolved", "disputed"]),
        "outcomePrices": st.sampled_from(['["1", "0"]', '["0", "1"]', '["0.4", "0.6"]']),
        "clobTokenIds": st.sampled_from(['["11", "22"]', '["22", "11"]']),
        "volumeNum": st.integers(0, 2),
        "bestBid": st.sampled_from([0.4, 0.5]),
        "tags": st.sampled_from([[], [{"slug": "nba"}], [{"slug": "never-seen"}]]),
        "endDate": st.sampled_from(["2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"]),
    },
)


def known(sightings, dt=DAY):
    """What a day's listings come to."""
    seen = aligned(sightings, None)
    markets = versions(seen, None)
    none = frame("resolution_events", [])
    said = evidence(seen, none, pl.DataFrame(schema=ENDINGS), tokens(markets), None)
    return [each.rows() for each in (markets, said, labels(said, markets, seen, None, dt))]


@settings(max_examples=60, deadline=None)
@given(st.lists(SAID, min_size=1, max_size=8), st.integers(1, 9))
def test_a_day_comes_to_the_same_without_what_was_said_again(said, rows):
    listed = [(Asked(NOW + at, ""), tuple(sighting(MARKET | each))) for at, each in enumerate(said)]
    seen = frame("sightings", listed).sort("condition_id", "ts_observed")
    assert known(news(seen.lazy(), rows)) == known(seen)


def test_of_listings_whose_prices_go_on_one_is_looked_at():
    listed = [(Asked(NOW + at, ""), tuple(sighting(MARKET | {"volumeNum": 5 + at, "outcomePrices": f'["0.{at}", "0.{10 - at}"]'}))) for at in range(1, 5)]  # fmt: skip
    assert news(frame("sightings", listed).lazy(), 2)["volume"].to_list() == [6_000_000]
