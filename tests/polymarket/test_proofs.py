"""Proofs that nothing looks ahead: change what came later, or the order it came in, and what was known stays the same bytes."""

import gzip
import json
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from lakeflow.forecast.tables import measured
from tests.polymarket.published import PUBLISHED, published

GOLD = (
    "marks",
    "snapshots",
    "taken",
    "attrition",
    "lookbacks",
    "scored",
    "unscored",
    "recalibrated",
    "yardsticks",
    "leakage_audit",
    *PUBLISHED,
)
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
FIRST = date(2026, 1, 5)
T = datetime(2026, 1, 6, 12, tzinfo=UTC)
POISON = 987_654


def same(one, other, names=GOLD):
    return [name for name in names if not one[name].equals(other[name])]


def whole(kept, day):
    """Every table of a day, from what was parsed to what is published."""
    return kept.days[day] | published(kept, FIRST, day)


@pytest.fixture(autouse=True)
def figures_from_three_clusters_on(monkeypatch):
    """A venue of thirty independent questions takes a minute to carry; figures of three are figures too."""
    monkeypatch.setattr(measured, "FEWEST", 3)


def cut(path, into, keep):
    head, *lines = path.read_text().splitlines()
    into.write_text("\n".join([head, *(line for line in lines if keep(json.loads(line)))]) + "\n")
    return into


def before_t(line):
    return line.get("observed_us", line.get("recv_us")) <= T.timestamp() * 1e6


def test_a_deleting_what_was_observed_later_changes_nothing_as_of_an_instant(shards, carry, tmp_path):
    deleted = [[cut(path, tmp_path / path.name, before_t) for path in day] for day in shards[:2]]
    then, short = (whole(carry(files, T.isoformat()), 1) for files in (shards[:2], deleted))
    assert same(then, short, (*GOLD, *SILVER)) == []
    assert then["snapshots"].height > 0


def test_b_appending_the_future_changes_no_day_before(shards, kept, carry):
    early, late = whole(carry(shards[:3]), 2), whole(kept, 2)
    assert same(early, late, (*GOLD, *SILVER)) == []
    empty = {name for name in GOLD if late[name].is_empty()}
    assert empty == {"recalibrated", "recal_maps"}  # a map is fitted to more labels than a venue of days has


@pytest.mark.parametrize("then", [T - timedelta(hours=9), T, T + timedelta(hours=26)])
def test_c_a_price_after_the_cutoff_is_nowhere_in_a_snapshot(shards, kept, carry, then):
    """Every price that came later is another one, above the others as an ask is above a bid: a crossed book would hide."""
    bad = {"bid": POISON, "ask": POISON + 2_000, "price": POISON}

    def poisoned(rows, came, **columns):
        return rows.with_columns(
            pl.when(pl.col(came) > then)
            .then(pl.col(name) * 0 + worth)
            .otherwise(name)
            .cast(rows.schema[name])
            .alias(name)
            for name, worth in columns.items()
        )

    def poison(made):
        sides = {"bid_prices": bad["bid"], "ask_prices": bad["ask"]}
        made["book_tops"] = poisoned(made["book_tops"], "ts_recv", bid=bad["bid"], ask=bad["ask"])
        made["rest_books"] = poisoned(made["rest_books"], "ts_observed", **sides)
        for name, came in (("last_trades", "ts_recv"), ("trades", "ts_event"), ("price_points", "ts_known")):
            made[name] = poisoned(made[name], came, price=POISON)

    day = (then.date() - FIRST).days
    other = carry(shards[: day + 1], change=poison).days
    mine, theirs = (
        pl.concat(each["snapshots"].filter(pl.col("ts_cutoff") <= then) for each in days[: day + 1])
        for days in (kept.days, other)
    )
    assert mine.height > 50
    assert theirs.equals(mine)
    later = other[day]["snapshots"].filter(pl.col("ts_cutoff") > then)
    assert later.is_empty() or {"MID", "HIST"} & set(
        later.filter(pl.col("p").is_between(POISON, 990_000))["p_kind"]
    )


def test_c_a_rest_book_that_is_poisoned_is_a_price_that_is_seen(shards, carry):
    """What the proof turns is what prices are taken from: where the feed is gone, each is of a REST book."""

    def poison(made):
        made["book_tops"] = made["book_tops"].clear()
        made["rest_books"] = made["rest_books"].with_columns(
            bid_prices=pl.col("bid_prices") * 0 + POISON, ask_prices=pl.col("ask_prices") * 0 + POISON + 2_000
        )

    shot = carry(shards[:1], change=poison).days[0]["snapshots"].filter(pl.col("p_kind") == "MID")
    assert set(shot["p"]) == {POISON + 1_000}


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
    assert same(whole(kept, 0), whole(carry([files]), 0), (*GOLD, *SILVER)) == []


def test_e_a_shard_that_is_delivered_twice_changes_nothing_but_quarantine(shards, kept, carry, tmp_path):
    copy = tmp_path / "again.jsonl"
    copy.write_bytes(shards[0][0].read_bytes())
    made = whole(carry([[*shards[0], copy]]), 0)
    assert same(whole(kept, 0), made, (*GOLD, *SILVER)) == []
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
        each.days[2]["scored"]
        .filter(is_market, is_mid)
        .join(pl.concat([day["snapshots"] for day in each.days[:3]]).select(*of, "ts_quote"), on=of)
        .select(*of, "ts_quote", "p", "y", "brier")
        for each in (kept, other)
    )
    # Of markets of which both tokens have a book of one instant: the REST service shows that of the first alone.
    both = mine.join(theirs, on=[*of, "ts_quote"], how="inner", suffix="_swapped")
    assert both.height > 5
    assert (both["y"] + both["y_swapped"]).unique().to_list() == [1]
    assert (
        (both["p"] + both["p_swapped"]).is_between(999_999, 1_000_001).all()
    )  # a mid of half a tick is rounded down
    assert (both["brier"] - both["brier_swapped"]).abs().max() < 3e-6
