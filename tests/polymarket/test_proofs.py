"""Proofs that nothing looks ahead: change what came later, or the order it came in, and what was known stays the same bytes."""

import gzip
import json
from datetime import UTC, datetime

import polars as pl
import pytest

from lakeflow.forecast.bands import mcb_null
from lakeflow.forecast.figures import figures
from lakeflow.forecast.sample import sample

GOLD = ("marks", "snapshots", "taken", "attrition", "lookbacks", "scored", "leakage_audit")
SILVER = (
    "sightings",
    "book_events",
    "book_tops",
    "book_gaps",
    "trades",
    "price_points",
    "markets",
    "labels",
    "bars_1m",
)
T = datetime(2026, 1, 6, 12, tzinfo=UTC)
POISON = 987_654


def same(one, other, names=GOLD):
    return [name for name in names if not one[name].equals(other[name])]


def cut(path, into, keep):
    head, *lines = path.read_text().splitlines()
    into.write_text("\n".join([head, *(line for line in lines if keep(json.loads(line)))]) + "\n")
    return into


def before_t(line):
    return line.get("observed_us", line.get("recv_us")) <= T.timestamp() * 1e6


def test_a_deleting_what_was_observed_later_changes_nothing_as_of_an_instant(shards, carry, tmp_path):
    deleted = [[cut(path, tmp_path / path.name, before_t) for path in day] for day in shards[:2]]
    whole, short = carry(shards[:2], T.isoformat()), carry(deleted, T.isoformat())
    assert same(whole.days[-1], short.days[-1], (*GOLD, *SILVER)) == []
    assert whole.days[-1]["snapshots"]["ts_cutoff"].len() > 0


def test_b_appending_the_future_changes_no_day_before(shards, kept, carry):
    early = carry(shards[:2])
    assert same(early.days[1], kept.days[1], (*GOLD, *SILVER)) == []


def test_c_a_price_after_the_cutoff_is_nowhere_in_a_snapshot(shards, carry):
    def poison(made):
        late = pl.col("ts_recv") > T
        made["book_tops"] = made["book_tops"].with_columns(
            pl.when(late).then(POISON).otherwise(pl.col(side)).alias(side) for side in ("bid", "ask")
        )
        made["last_trades"] = made["last_trades"].with_columns(
            price=pl.when(late).then(POISON).otherwise("price")
        )
        made["trades"] = made["trades"].with_columns(
            price=pl.when(pl.col("ts_event") > T).then(POISON).otherwise("price")
        )
        made["price_points"] = made["price_points"].with_columns(
            price=pl.when(pl.col("ts_known") > T).then(POISON).otherwise("price")
        )

    shot = carry(shards[:2], change=poison).days[-1]["snapshots"]
    early, late = shot.filter(pl.col("ts_cutoff") <= T), shot.filter(pl.col("ts_cutoff") > T)
    poisoned = [POISON, 1_000_000 - POISON]
    assert early.height > 5
    assert not early.select(
        pl.any_horizontal(pl.col("p", "bid", "ask", "last_price").is_in(poisoned)).any()
    ).item()
    assert late.height == 0 or late["p"].is_in(poisoned).any()


def test_d_turning_every_label_round_changes_scores_and_no_snapshot(shards, kept, carry):
    def turned(made):
        made["resolution_events"] = made["resolution_events"].with_columns(pl.col("payouts").list.reverse())
        ended = pl.col("closed") & pl.col("prices").is_not_null()
        made["sightings"] = made["sightings"].with_columns(
            prices=pl.when(ended).then(pl.col("prices").list.reverse()).otherwise("prices")
        )
        made["endings"] = made["endings"].clear()

    other = carry(shards[:3], change=turned)
    for mine, theirs in zip(kept.days, other.days, strict=False):
        assert same(mine, theirs, ("marks", "snapshots", "attrition", "lookbacks")) == []
    mine, theirs = kept.days[2]["scored"], other.days[2]["scored"]
    assert mine.height > 20
    assert (mine["y"] + theirs["y"]).unique().to_list() == [1]


@pytest.mark.parametrize("way", ["reversed", "split", "packed"])
def test_e_however_shards_are_cut_and_ordered_the_tables_are_the_same(shards, kept, carry, tmp_path, way):
    day = shards[0]
    if way == "reversed":
        files = day[::-1]
    elif way == "split":
        halves = [
            (lambda line: line.get("observed_us", line.get("recv_us")) % 2 == 0),
            (lambda line: line.get("observed_us", line.get("recv_us")) % 2),
        ]
        files = [
            cut(path, tmp_path / f"{n}-{path.name}", keep) for path in day for n, keep in enumerate(halves)
        ]
    else:
        files = [tmp_path / f"{path.name}.gz" for path in day]
        for path, packed in zip(day, files, strict=True):
            packed.write_bytes(gzip.compress(path.read_bytes()))
    assert same(kept.days[0], carry([files]).days[0], (*GOLD, *SILVER)) == []


def test_e_a_shard_that_is_delivered_twice_changes_nothing_but_quarantine(shards, kept, carry, tmp_path):
    copy = tmp_path / "again.jsonl"
    copy.write_bytes(shards[0][0].read_bytes())
    made = carry([[*shards[0], copy]]).days[0]
    assert same(kept.days[0], made, (*GOLD, *SILVER)) == []
    assert set(made["bronze_quarantine"]["reason"]) == {"REPEATED"}


def test_f_swapping_tokens_outcomes_prices_and_payouts_of_a_market_keeps_the_brier_score(shards, kept, carry):
    def swapped(made):
        turn = [pl.col(name).list.reverse() for name in ("token_ids", "outcomes", "prices")]
        made["sightings"] = made["sightings"].with_columns(turn)
        made["resolution_events"] = made["resolution_events"].with_columns(pl.col("payouts").list.reverse())

    other = carry(shards[:3], change=swapped)
    of = ["condition_id", "anchor", "horizon_s", "ts_cutoff"]
    is_market, is_mid = pl.col("forecaster") == "MARKET", pl.col("p_kind").str.starts_with("MID")
    mine, theirs = (
        each.days[2]["scored"].filter(is_market, is_mid).select(*of, "p", "y", "brier")
        for each in (kept, other)
    )
    both = mine.join(theirs, on=of, how="inner", suffix="_swapped")
    assert both.height > 5  # of markets of which both tokens have a book
    assert (both["y"] + both["y_swapped"]).unique().to_list() == [1]
    assert (
        (both["p"] + both["p_swapped"]).is_between(999_999, 1_000_001).all()
    )  # a mid of half a tick is rounded down
    assert (both["brier"] - both["brier_swapped"]).abs().max() < 3e-6


def test_f_swapping_the_outcomes_of_every_market_keeps_the_brier_score():
    p, y = [0.2, 0.7, 0.9, 0.4], [0, 1, 1, 1]
    straight = {f.metric: f.value for f in figures(sample(p, y), 20, 1, fewest_clusters=1)}
    swapped = {
        f.metric: f.value
        for f in figures(sample([1 - each for each in p], [1 - each for each in y]), 20, 1, fewest_clusters=1)
    }
    assert swapped["brier"] == pytest.approx(straight["brier"], abs=1e-15)


def test_g_repeating_every_row_in_its_cluster_changes_no_figure():
    p, y, cluster = (
        [(37 * i + 11) % 101 / 100 for i in range(60)],
        [i * i % 7 % 2 for i in range(60)],
        [i // 2 for i in range(60)],
    )
    once = figures(sample(p, y, None, cluster), 50, 1)
    often = figures(sample(p * 8, y * 8, None, cluster * 8), 50, 1)
    for name in ("brier", "ece_width10", "mean_error"):
        mine, theirs = (next(f for f in each if f.metric == name) for each in (once, often))
        assert (theirs.value, theirs.low, theirs.high) == pytest.approx(
            (mine.value, mine.low, mine.high), abs=1e-12
        )


def test_h_labels_that_tell_nothing_are_not_discriminated():
    p = [(37 * i + 11) % 101 / 100 for i in range(400)]
    y = [int(((53 * i * i + 17 * i + 29) % 997) / 997 < 0.5) for i in range(400)]
    blind = sample([0.5] * 400, y)
    rows = sample(p, y)
    found = {f.metric: f.value for f in figures(rows, 100, 1)}
    assert found["brier_dsc"] < 0.02
    assert mcb_null(blind, 50, 1).p_value > 0.01
