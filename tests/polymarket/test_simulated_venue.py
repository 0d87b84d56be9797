"""What the simulated venue does that recorders of the true one have met, and what becomes of it in silver."""

import json
from datetime import date, timedelta

import polars as pl
import pytest

from lakeflow.simulate.polymarket.feed import frames
from lakeflow.simulate.polymarket.recorders import write_day
from lakeflow.simulate.polymarket.truth import DISPUTED

FIRST = date(2026, 1, 5)


def tokens_of(truth, place):
    return [token for market in truth.markets if market.number % 10 == place for token in market.tokens]


def test_two_moves_in_one_frame_are_two_changes_in_their_order(kept, truth):
    twice = kept.days[0]["book_tops"].filter(pl.col("token_id").is_in(tokens_of(truth, 4)))
    at_once = twice.group_by("token_id", "ts_recv", maintain_order=True).agg(
        spread=pl.col("ask") - pl.col("bid")
    )
    two = at_once.filter(pl.col("spread").list.len() == 2)["spread"]
    assert two.len() > 50
    assert (two.list.first() > two.list.last()).all()  # the first of both is the wider one


def test_a_tick_that_changes_leaves_the_levels_and_is_seen_in_the_listing(kept, truth):
    finer = tokens_of(truth, 6)
    tops = kept.days[0]["book_tops"].filter(pl.col("token_id").is_in(finer))
    about = tops["ts_recv"].dt.hour() == 7
    assert set(tops.filter(about)["verify_status"]) == {"MATCH"}
    ticks = (
        kept.days[0]["sightings"].filter(pl.col("token_ids").list.first().is_in(finer)).sort("ts_observed")
    )
    assert ticks["tick"].unique(maintain_order=True).to_list() == [10_000, 1_000]


def test_connections_carry_a_part_of_the_tokens_each(truth):
    told = {}
    for frame in frames(truth, "a", truth.first):
        for said in json.loads(frame.text) if '"book"' in frame.text else []:
            told.setdefault(frame.conn[:2], set()).add(said["asset_id"])
    assert set(told) == {"ae", "ao", "an"}
    assert not set.intersection(*told.values())


def test_a_connection_that_lasts_over_midnight_says_no_book_in_the_morning(truth):
    second = truth.first + timedelta(days=1)
    night = [f for f in frames(truth, "a", second) if f.conn.startswith("an") and f.at.hour < 12]
    assert {frame.conn for frame in night} == {"an05-12"}
    assert not [frame for frame in night if '"event_type": "book"' in frame.text]
    assert [frame for frame in night if '"price_changes"' in frame.text]


def test_a_dispute_ends_and_its_label_follows(truth, kept):
    disputed = [
        m
        for m in truth.markets
        if m.course == DISPUTED and truth.settles(m) < truth.first + timedelta(days=4)
    ]
    ends = {m.condition: (truth.closes(m), truth.settles(m)) for m in disputed}
    assert ends
    for number, day in enumerate(kept.days):
        night = truth.first + timedelta(days=number, hours=23)
        labels = dict(day["labels"].select("condition_id", "label_status").iter_rows())
        for condition, (closed, final) in ends.items():
            expected = "RESOLVED" if night > final else "DISPUTED" if night > closed else "UNRESOLVED"
            assert labels.get(condition, "UNRESOLVED").startswith(expected)


def test_arrays_tags_and_fields_of_another_day_lose_no_market(kept, truth):
    first, second = (kept.days[day]["sightings"] for day in (0, 1))
    assert set(second["condition_id"]) == set(first["condition_id"]) == {m.condition for m in truth.markets}
    assert second["token_ids"].list.len().unique().to_list() == [2]
    strange = {m.condition for m in truth.markets if m.number % 13 == 8}
    tagged = kept.days[1]["markets"].filter(pl.col("ts_valid_to").is_null(), pl.col("category") == "other")
    assert set(tagged["condition_id"]) == strange


@pytest.mark.parametrize("hour", [3, 14])
def test_hours_of_the_archive_lie_beside_the_shards_of_their_day(truth, tmp_path, hour):
    *_, path = write_day(tmp_path, truth, FIRST, (hour,))
    assert path.name == f"archive-2026-01-05T{hour:02}.parquet"
    assert pl.read_parquet(path)["timestamp_received"].dt.hour().unique().to_list() in ([hour], [])


def test_histories_of_both_services_are_points_of_an_hour(kept, truth):
    points = kept.days[0]["price_points"]
    plain = points.filter(pl.col("token_id").is_in(tokens_of(truth, 2)))
    assert plain.height > 50
    assert set(plain["resolution_s"]) == {3600}
