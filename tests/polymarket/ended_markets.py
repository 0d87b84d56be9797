"""A market as its sources tell its end, and the label that comes of it."""

from datetime import UTC, date, datetime

import polars as pl

from lakeflow.forecast.tables.evidence import SOURCES, evidence
from lakeflow.forecast.tables.labels import labels
from lakeflow.forecast.tables.versions import tokens, versions
from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.items import resolution
from lakeflow.vendors.polymarket.otherwise import Asked
from tests.polymarket.answers import frame

C = "0x" + "ab" * 32
TODAY = date(2026, 1, 5)
NOW = 1_767_600_000_000_000_000
OVER = {"closed": True, "umaResolutionStatus": "resolved"}
MARKET = {
    "id": "1", "conditionId": C, "outcomes": '["Yes", "No"]', "clobTokenIds": '["11", "22"]', "outcomePrices": '["0.5", "0.5"]',
    "active": True, "closed": False, "volumeNum": 5,
}  # fmt: skip


def rows(name, found):
    return frame(name, [(Asked(NOW + place, ""), tuple(each)) for place, each in enumerate(found)])


def label(*listed, events=(), won=None, before=None, sources=SOURCES):
    sightings = rows("sightings", [sighting(MARKET | each) for each in listed])
    time = pl.Series(
        "ts_recv", [datetime(2026, 1, 5, 9, tzinfo=UTC)] * (won is not None), pl.Datetime("ns", "UTC")
    )
    fed = pl.DataFrame(
        {"condition_id": [C] * len(time), "winning_token_id": [won] * len(time)},
        schema={"condition_id": pl.String, "winning_token_id": pl.String},
    )
    markets = versions(sightings, None)
    said = evidence(
        sightings,
        rows("resolution_events", events),
        fed.with_columns(time, ts_event=time),
        tokens(markets),
        before,
    )
    return labels(said, markets, sightings, None, TODAY, sources).row(0, named=True)


def data(**said):
    return resolution({"condition_id": C, "status": "resolved", "payouts": [1_000_000, 0]} | said, {})
