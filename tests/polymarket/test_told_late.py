"""What a recorder fetches just after midnight of the day before: that day is made without it, and anew when it comes."""

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from tests.polymarket.answers import C
from tests.polymarket.commands import command
from tests.polymarket.test_every_sample import shard

FIRST = datetime(2026, 2, 1, tzinfo=UTC)
MARKET = {
    "id": "1", "conditionId": C, "slug": "m", "question": "Q?", "description": "r", "outcomes": '["Yes","No"]',
    "clobTokenIds": json.dumps(["11", "22"]), "active": True, "closed": False, "version": "v1", "createdAt": "2026-01-20T00:00:00Z",
    "startDate": "2026-01-20T00:00:00Z", "endDate": "2026-02-20T12:00:00Z", "outcomePrices": '["0.6","0.4"]',
}  # fmt: skip


def at(day, hour, minute=0):
    return int((FIRST + timedelta(days=day - 1, hours=hour, minutes=minute)).timestamp())


def fetch(second, endpoint, body, **params):
    return {
        "observed_us": second * 10**6, "endpoint": endpoint, "url": f"/{endpoint}", "params": json.dumps(params), "status": 200,
        "body": json.dumps(body),
    }  # fmt: skip


def night(day):
    """A day's answers: markets every four hours, and at ten past midnight all that was traded and cost the day before."""
    listed = [fetch(at(day, hour, 1), "gamma/markets", {"markets": [MARKET]}) for hour in range(0, 24, 4)]
    sold = [
        {"proxy_wallet": "0x1", "side": "BUY", "token_id": "11", "condition_id": C, "size": 100, "price": 0.5,
         "timestamp": at(day - 1, hour, 30), "transaction_hash": f"0x{day}{hour}"} for hour in range(24)
    ]  # fmt: skip
    cost = [{"timestamp": at(day - 1, h), "price": "0.5", "resolution_seconds": 3600} for h in range(24)]
    trades = fetch(at(day, 0, 10), "data/v2/trades", {"data": sold}, condition_id=C, taker_only="true")
    prices = fetch(at(day, 0, 11), "data/v2/prices-history", {"data": cost}, token_id="11")
    return [trades, prices, *listed]


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """A lake that a recorder of every night delivers to, and what the commands make of it."""
    root = tmp_path_factory.mktemp("nights")

    def deliver(day, *words):
        dt = (FIRST + timedelta(days=day - 1)).date().isoformat()
        file = shard(root / dt, "polymarket/fetch/1", *night(day), day=dt)
        made = (("run", "--layer", "gold", "--product-type", "prediction_market", *words),) if words else ()
        for each in (("raw", "add", file), *made):
            done = command(*each, lake=root / "lake")
            assert done.code == 0, done.talk
        return root / "lake"

    return deliver


def gold(lake, table, day):
    (path,) = (lake / "gold").glob(f"*prediction_market*/**/table={table}/dt=2026-02-0{day}/*.parquet")
    return pl.read_parquet(path, hive_partitioning=False)


def test_a_day_has_what_the_night_after_it_told(nights):
    nights(1)
    lake = nights(2, "--dt", "2026-02-02")
    alone = gold(lake, "features", 2).select("volume", "observed_hours").rows()
    assert alone == [(None, 1)]  # nobody has told yet what was traded on it
    lake = nights(3, "--dt", "2026-02-02")
    told = gold(lake, "features", 2).select("volume", "trades", "observed_hours").rows()
    assert told == [(24 * 50_000_000, 24, 24)]
    noon = gold(lake, "cutoff_snapshot", 2).filter(pl.col("anchor") == "CALENDAR")
    assert set(noon.select("p", "p_kind", "volume_24h").rows()) == {(500_000, "HIST", 24 * 50_000_000)}
    present = gold(lake, "completeness", 2).filter(pl.col("dataset") == "price_points")
    assert present.select("expected", "present").rows() == [(1, 1)]
