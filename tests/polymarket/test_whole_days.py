"""A simulated venue's days, from shards to scores, against what the venue knows to be true."""

import polars as pl


def test_every_label_is_what_the_venue_knows(kept, truth):
    paid = {m.condition: {"YES": 1, "NO": 0, "CANCELLED": 0, "SPLIT": None}[m.outcome] for m in truth.markets}
    labels = kept.days[-1]["labels"].filter(
        pl.col("label_status").is_in(["RESOLVED_TRUE", "RESOLVED_FALSE", "SPLIT_5050"])
    )
    assert labels.height > 10
    assert dict(labels.select("condition_id", "y").iter_rows()) == {
        c: paid[c] for c in labels["condition_id"]
    }


def test_every_mid_is_the_book_that_the_venue_showed(kept):
    tops = kept.days[0]["book_tops"]
    told = tops.filter(pl.col("verify_status") == "MATCH")
    assert told.height > 1000
    assert told.filter(~pl.col("mirror_ok")).is_empty()
    assert tops.filter(pl.col("verify_status").is_in(["MISMATCH", "CROSSED"])).is_empty()


def test_the_hour_that_nobody_heard_is_written_down(kept):
    gaps = kept.days[0]["book_gaps"].filter(pl.col("token_id") == "", pl.col("reason") == "SILENT")
    hours = {(start.hour, end.hour) for start, end in gaps.select("ts_start", "ts_end").iter_rows()}
    assert (14, 16) in hours


def test_a_reconnect_is_a_gap_of_its_own(kept):
    assert "RECONNECT" in kept.days[0]["book_gaps"]["reason"].to_list()


def test_no_book_is_known_in_the_silent_hour(kept, instant):
    tops = kept.days[0]["book_tops"].filter(pl.col("ts_recv") < instant(5, 15, 30)).sort("ts_recv")
    last = tops.group_by("token_id").last()
    assert set(last["verify_status"]) == {"FORGOTTEN"}


def test_two_recorders_make_no_trade_twice(kept):
    trades = kept.days[0]["last_trades"]
    assert trades.height == trades.unique(["token_id", "ts_event", "price", "size"]).height


def test_alike_fills_of_one_transaction_are_both_there(kept):
    trades = kept.days[0]["trades"]
    pairs = trades.group_by("transaction").agg(pl.col("ordinal").sort())
    assert {tuple(each) for each in pairs["ordinal"].to_list()} == {(0, 1)}


def test_snapshots_have_no_label_and_know_nothing_later_than_their_cutoff(kept):
    for day in kept.days:
        shot = day["snapshots"]
        assert not {"y", "payout0", "label_status", "closed", "ts_closed"} & set(shot.columns)
        assert (shot["ts_inputs_known"] <= shot["ts_cutoff"]).all()


def test_the_audit_passes_and_looked_at_something(kept):
    audits = pl.concat([day["leakage_audit"] for day in kept.days])
    assert audits["passed"].all()
    assert (
        audits.filter(pl.col("check_id").is_in(["L01", "L03", "L05", "L06"]))
        .group_by("check_id")
        .agg(pl.col("rows_checked").sum())["rows_checked"]
        .min()
        > 50
    )


def test_no_price_of_a_snapshot_is_a_settlement(kept):
    prices = pl.concat([day["snapshots"]["p"].drop_nulls() for day in kept.days])
    assert prices.is_between(1, 999_999).all()


def test_prices_are_near_the_true_probability(kept, truth):
    markets = {m.condition: m for m in truth.markets}
    shot = kept.days[1]["snapshots"].filter(~pl.col("excluded"))
    off = [
        abs(p / 1e6 - truth.chance(markets[c], at))
        for c, at, p in shot.select("condition_id", "ts_cutoff", "p").iter_rows()
    ]
    assert len(off) > 10
    assert sum(off) / len(off) < 0.06


def test_what_was_asked_and_what_was_not_to_be_had_is_counted(kept):
    attrition = pl.concat([day["attrition"] for day in kept.days])
    assert {"TAKEN", "RESOLVED_BEFORE", "OPENED_AFTER"} <= set(attrition["reason"])


def test_bars_are_there_only_where_something_was_seen(kept):
    bars = kept.days[0]["bars_1m"]
    assert bars.height > 1000
    assert bars["coverage"].is_between(0, 1).all()
    minutes = bars.select(pl.col("ts_bar").dt.minute() % 10).to_series()
    assert set(minutes) == {0}
