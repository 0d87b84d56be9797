"""Edges of section 4.7 that markets, labels and cutoffs meet: each with the outcome that is expected, numbered as there."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import duckdb
import fastavro
import polars as pl
import pytest

from lakeflow.forecast.tables.books import FED, HEARD, SHOWN, Books
from lakeflow.forecast.tables.evidence import SHAPE
from lakeflow.forecast.tables.groups import groups
from lakeflow.forecast.tables.quotes import Sources
from lakeflow.forecast.tables.snapshots import Day, snapshots
from lakeflow.forecast.tables.versions import versions
from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.otherwise import Asked
from stages.silver.polymarket_history import history
from tests.polymarket.answers import C, fetched, frame, page, parsed
from tests.polymarket.test_contracts import ROOT
from tests.polymarket.test_members import NOT_TOLD

TIME = pl.Datetime("ns", "UTC")
MARKET = {"id": "1", "conditionId": C, "outcomes": '["Yes", "No"]', "clobTokenIds": '["11", "22"]', "active": True, "closed": False}  # fmt: skip
OVER = {"closed": True, "umaResolutionStatus": "resolved"}
WEEK = 7 * 86_400
NOTHING = (None, None, None)


def on(month, day, hour=12):
    return datetime(2026, month, day, hour, tzinfo=UTC)


def nanos(at):
    return int(at.timestamp()) * 10**9


def rows(*listed):
    """Sightings, each with the instant at which it was seen."""
    seen = [(Asked(nanos(at), ""), tuple(sighting(MARKET | said))) for at, said in listed]
    return frame("sightings", seen)


def told(sightings, before=NOTHING, dt=date(2026, 1, 5)):
    events = frame("resolution_events", [])
    ended = pl.DataFrame(
        schema={"condition_id": pl.String, "winning_token_id": pl.String, "ts_recv": TIME, "ts_event": TIME}
    )
    return history(sightings.lazy(), events, ended, *before, dt)


def each_hour(dt):
    """A history point of each hour of a day, and nothing else."""
    hours = [datetime(dt.year, dt.month, dt.day, tzinfo=UTC) + timedelta(hours=n) for n in range(24)]
    points = pl.DataFrame({"token_id": "11", "ts_known": hours, "ts_event": hours, "price": 400_000, "resolution_s": 3600}, schema_overrides={"ts_known": TIME, "ts_event": TIME})  # fmt: skip
    trades = pl.DataFrame(
        schema={"token_id": pl.String, "ts_event": TIME, "price": pl.Int64, "order": pl.String}
    )
    known = Books(*(pl.DataFrame(schema=shape) for shape in (FED, HEARD, SHOWN)))
    return Sources(known, trades, points)


def asked_on(markets, dt, taken=None, as_of=""):
    """The snapshots of a day on which each hour has a history point."""
    day = Day(
        markets, pl.DataFrame(schema=SHAPE), pl.DataFrame(schema={"condition_id": pl.String, "ts_observed": TIME, "open_interest": pl.Int64}),
        NOT_TOLD,
        pl.DataFrame(schema={"condition_id": pl.String, "ts_mark": TIME, "p": pl.Int64}), taken, as_of,
    )  # fmt: skip
    return snapshots(day, each_hour(dt), dt)


def weeks(made):
    return made["snapshots"].filter(pl.col("anchor") == "SCHED_END", pl.col("horizon_s") == WEEK)


def lost(made, horizon=WEEK):
    found = made["attrition"].filter(pl.col("anchor") == "SCHED_END", pl.col("horizon_s") == horizon)
    return found["reason"].to_list()


@pytest.mark.parametrize("prices", [None, ""])
def test_1_a_closed_market_without_prices_or_status_is_a_row_and_unresolved(prices):
    made = told(rows((on(1, 5), {"closed": True, "outcomePrices": prices})))
    assert made["evidence"].select("status", "payout0", "is_legacy").rows() == [("closed", None, False)]
    assert made["labels"]["label_status"].to_list() == ["UNRESOLVED"]


def test_edge_04_a_token_of_78_digits_is_the_same_text_in_avro_parquet_and_duckdb(tmp_path):
    token = "9" * 78
    row = {
        "condition_id": C,
        "outcome_index": 0,
        "token_id": token,
        "label": "Yes",
        "complement_token_id": "7" * 77,
    }
    schema = fastavro.parse_schema(json.loads((ROOT / "contracts/silver/tokens.avsc").read_text()))
    fastavro.schemaless_writer(packed := io.BytesIO(), schema, row)
    packed.seek(0)
    pl.DataFrame([row]).write_parquet(tmp_path / "tokens.parquet")
    assert fastavro.schemaless_reader(packed, schema, None) == row
    assert pl.read_parquet(tmp_path / "tokens.parquet")["token_id"].to_list() == [token]
    said = duckdb.sql(f"SELECT token_id, typeof(token_id) FROM '{tmp_path / 'tokens.parquet'}'").fetchall()
    assert said == [(token, "VARCHAR")]


def test_edge_08_a_split_pays_a_half_and_is_no_yes_or_no():
    found = told(rows((on(1, 5), OVER | {"outcomePrices": '["0.5", "0.5"]'})))["labels"]
    assert found.select("label_status", "y", "payout0").rows() == [("SPLIT_5050", None, 500_000)]


def test_edge_13_members_of_a_group_that_nobody_won_keep_their_labels():
    of = OVER | {"negRisk": True, "negRiskMarketID": "0xg", "outcomePrices": '["0", "1"]'}
    other = {"id": "2", "conditionId": "0x" + "ef" * 32, "clobTokenIds": '["33", "44"]'}
    found = told(rows((on(1, 5), of), (on(1, 5), of | other)))["labels"]
    assert found.select("label_status", "y", "conflict").rows() == [("RESOLVED_FALSE", 0, False)] * 2


def test_edge_14_two_yes_in_a_group_are_a_conflict():
    of = OVER | {"negRisk": True, "negRiskMarketID": "0xg", "outcomePrices": '["1", "0"]'}
    other = {"id": "2", "conditionId": "0x" + "ef" * 32, "clobTokenIds": '["33", "44"]'}
    found = told(rows((on(1, 5), of), (on(1, 5), of | other)))["labels"]
    assert found.select("label_status", "y", "conflict").rows() == [("RESOLVED_TRUE", None, True)] * 2


def test_edge_15_a_candidate_is_a_member_since_it_was_seen_and_other_is_kept():
    of = {"negRisk": True, "negRiskMarketID": "0xg"}
    named = [
        of | {"id": str(n), "conditionId": f"0x{n:064x}", "groupItemTitle": title}
        for n, title in enumerate(("Ann", "Other", "Bob"), 1)
    ]
    seen = rows((on(1, 5), named[0]), (on(1, 5), named[1] | {"active": False}), (on(1, 6), named[2]))
    members = groups(versions(seen, None)).select("ts_valid_from", pl.col("members").list.len())
    assert members.rows() == [(on(1, 5), 2), (on(1, 6), 3)]


def test_edge_16_an_end_that_is_moved_asks_no_horizon_a_second_time():
    first = (on(3, 1), {"endDate": "2026-05-01T12:00:00Z"})
    before = asked_on(versions(rows(first), None), date(2026, 4, 24))
    moved = versions(rows(first, (on(4, 30), {"endDate": "2026-05-10T12:00:00Z"})), None)
    after = asked_on(moved, date(2026, 5, 3), before["taken"])
    assert weeks(before).select("ts_cutoff", "rescheduled", "excluded").rows() == [(on(4, 24), False, False)]
    assert weeks(after).is_empty()
    assert (lost(before), lost(after)) == (["TAKEN"], [])
    calendar = after["snapshots"].filter(pl.col("anchor") == "CALENDAR")
    assert calendar["rescheduled"].to_list() == [True]


def test_edge_17_a_market_that_is_over_before_its_cutoff_is_counted():
    end = {"endDate": "2026-05-01T12:00:00Z"}
    made = asked_on(versions(rows((on(3, 1), end), (on(4, 20), end | OVER)), None), date(2026, 4, 24))
    assert weeks(made).is_empty()
    assert lost(made) == ["RESOLVED_BEFORE"]


def test_edge_18_a_market_that_opened_after_its_cutoff_is_counted():
    made = asked_on(
        versions(rows((on(4, 24, 15), {"endDate": "2026-05-01T12:00:00Z"})), None), date(2026, 4, 24)
    )
    assert lost(made) == ["OPENED_AFTER"]


def test_edge_34_a_sweep_that_lacks_a_page_leaves_what_was_known_before():
    first = parsed(fetched(page(0, MARKET | {"question": "first"})))
    known = told(first["sightings"])
    second = parsed(
        fetched(page(0, MARKET | {"question": "second"}, back="c1"), page(1, status=500), page(1, status=500))
    )
    after = told(
        second["sightings"], (known["markets"], known["evidence"], known["labels"]), date(2026, 1, 6)
    )
    assert second["fetch_ledger"]["complete"].to_list() == [False] * 3
    assert second["sightings"].is_empty()
    assert after["markets"].equals(known["markets"])


EVENTS = [{"id": each, "ticker": "t", "markets": [MARKET]} for each in ("500", "499")]


@pytest.mark.parametrize(
    ("market", "cluster"), [({}, "event 499"), ({"negRisk": True, "negRiskMarketID": "0xg"}, "0xg")]
)
def test_edge_42_a_market_in_two_events_is_in_one_cluster(market, cluster):
    events = [each | {"markets": [MARKET | market]} for each in EVENTS]
    one, both = ({"endpoint": "gamma/events", "payload": found} for found in (events[:1], events))
    known = versions(parsed(fetched(both))["sightings"], None)
    later = parsed(fetched({"endpoint": "x", "payload": []}, one))["sightings"]
    assert known["cluster_id"].to_list() == [cluster]
    assert versions(later, known)["cluster_id"].to_list() == [cluster]
