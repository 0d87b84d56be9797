"""Every rule against looking ahead: a day that keeps them all, and what each of them catches when it is planted."""

import polars as pl
import pytest

from lakeflow.forecast.tables.audit import audit
from tests.polymarket.clean_day import (
    END,
    GROUP,
    HOUR,
    LABEL,
    MINUTE,
    NOON,
    SECOND,
    clean,
    counted,
    gap,
    market,
    on,
    point,
    rest,
    shot,
    with_rows,
)

RULES = [
    "L01", "L02", "L03", "L04", "L05", "L05b", "L05c", "L06", "L06b", "L07", "L07b", "L08", "L08b", "L09", "L09b", "L10",
    "L10b", "L10c", "L11", "L11b", "L11c", "L12", "L13",
]  # fmt: skip


def verdicts(looked):
    return dict(audit(looked).select("check_id", "violations").iter_rows())


@pytest.mark.parametrize("rule", RULES)
def test_a_day_that_keeps_the_rule_passes(rule):
    assert verdicts(clean())[rule] == 0


def test_every_rule_is_in_the_table_and_every_one_but_that_of_an_instant_looked_at_something():
    found = audit(clean())
    assert found["check_id"].to_list() == RULES
    assert found.filter(pl.col("rows_checked") == 0)["check_id"].to_list() == ["L13"]


def column(name, value=1):
    return lambda rows: rows.with_columns(pl.lit(value).alias(name))


CUTOFF = pl.col("ts_cutoff")
LATER = {"ts_quote": NOON - 10 * MINUTE, "quote_age_s": 600}


PLANTED = [
    ("L01", "an input that was known a second later", {"snapshots": on("0xa", ts_inputs_known=NOON + SECOND)}),
    ("L01", "an input of which nobody knows when it came", {"snapshots": on("0xa", ts_inputs_known=None)}),
    ("L01", "a quote of an hour later", {"snapshots": on("0xa", ts_quote=NOON + HOUR)}),
    ("L01", "a quote of an hour later, the rest forged", {"snapshots": on("0xa", ts_quote=NOON + HOUR, quote_age_s=-3600)}),
    ("L01", "a price without the instant it is of", {"snapshots": on("0xa", ts_quote=None)}),
    ("L01", "an age that is not that of the quote", {"snapshots": on("0xa", quote_age_s=5)}),
    *(
        ("L02", f"a column {name}", {"snapshots": column(name)})
        for name in ("winner", "final_volume", "resolved_by", "uma_status", "closed_time", "label", "outcome", "payout", "y", "anything")
    ),
    ("L02", "an answer where the reason stands", {"snapshots": on("0xa", exclude_reason="RESOLVED_TRUE")}),
    ("L03", "a time to the end that was moved later", {"snapshots": on("0xa", tte_s=86_400 * 10)}),
    ("L03", "the category of a later version", {"snapshots": on("0xa", category="sports")}),
    ("L03", "another cluster", {"snapshots": on("0xa", cluster_id="0xg")}),
    ("L03", "a move that came later", {"snapshots": on("0xa", rescheduled=True)}),
    ("L03", "a version that did not hold yet", {"markets": on("0xa", ts_valid_from=NOON + SECOND)}),
    ("L03", "a version that held no more", {"markets": on("0xa", ts_valid_to=NOON)}),
    ("L04", "a row before the close that nobody knew", {"snapshots": on("0xa", anchor="CLOSE_EXPOST")}),
    ("L04", "a horizon to an end that was said later", {"markets": on("0xa", ts_scheduled_end=END + HOUR)}),
    ("L04", "an opening at another time", {"markets": on("0xa", ts_created=NOON - 2 * HOUR)}),
    ("L04", "a noon at another hour", {"snapshots": on("0xb", ts_cutoff=NOON + SECOND)}),
    ("L05", "a cutoff when the label was known", {"scored": on("0xold", ts_cutoff=NOON + 3 * HOUR)}),
    ("L05", "a cutoff a minute before the label was known", {"scored": on("0xold", ts_cutoff=NOON + 179 * MINUTE)}),
    ("L05", "a cutoff within the embargo of what was told", {"scored": on("0xold", ts_cutoff=NOON + HOUR)}),
    ("L05", "a proposal half an hour after the cutoff", {"labels": on("0xold", ts_proposed=NOON - 24 * HOUR + 30 * MINUTE)}),
    ("L05", "a close half an hour after the cutoff", {"labels": on("0xold", ts_closed=NOON - 24 * HOUR + 30 * MINUTE)}),
    ("L05", "a resolution half an hour after the cutoff", {"labels": on("0xold", ts_resolved=NOON - 24 * HOUR + 30 * MINUTE)}),
    ("L05", "a close before the cutoff of the anchor that looks ahead", {"scored": on("0xold", anchor="CLOSE_EXPOST"), "labels": on("0xold", ts_closed=NOON - 25 * HOUR)}),
    ("L05", "a score without a label", {"labels": lambda rows: rows.clear()}),
    ("L05b", "a game that had begun", {"markets": on("0xa", scheduled_by="GAME_START", ts_scheduled_end=NOON - SECOND)}),
    *(("L05c", f"a market that was listed as {status}", {"markets": on("0xa", resolution_status=status)}) for status in ("proposed", "disputed", "resolved", "settled")),
    ("L05c", "a market that was listed as closed", {"markets": on("0xa", closed=True)}),
    ("L06", "a point known before its bucket ends", {"points": lambda rows: rows.with_columns(ts_known="ts_event")}),
    ("L06b", "a point whose bucket ends after the cutoff", {"points": lambda rows: rows.with_columns(resolution_s=pl.lit(7200), ts_known=pl.col("ts_event") + 2 * HOUR)}),
    ("L06b", "a price that no point gives", {"snapshots": on("0xc", p=610_000)}),
    ("L06b", "a point out of date", {"points": lambda rows: rows.with_columns(resolution_s=pl.lit(60)), "snapshots": on("0xc", ts_quote=NOON - HOUR - SECOND)}),
    ("L07", "the settlement as the price", {"snapshots": on("0xc", p=1_000_000)}),
    ("L07b", "a settlement as the last trade", {"snapshots": on("0xa", p=1_000_000, p_kind="LAST")}),
    ("L07b", "nothing as a mid", {"snapshots": on("0xa", p=0)}),
    ("L07b", "a quote after the close", {"markets": on("0xa", closed=True, ts_closed=NOON - 2 * MINUTE)}),
    ("L08", "a mid of fifty minutes before", {"snapshots": on("0xa", ts_quote=NOON - 50 * MINUTE)}),
    ("L08", "a mid a second too old", {"snapshots": on("0xa", ts_quote=NOON - 15 * MINUTE - SECOND)}),
    ("L08", "a trade of the day before yesterday", {"snapshots": on("0xa", p_kind="LAST", ts_quote=NOON - 25 * HOUR)}),
    ("L08", "a price of no known kind", {"snapshots": on("0xa", p_kind="GAMMA")}),
    ("L08b", "a gap of the token between quote and cutoff", {"snapshots": on("0xa", **LATER), "gaps": with_rows(gap("1", NOON - 5 * MINUTE, NOON + HOUR))}),
    ("L08b", "a gap of every token between quote and cutoff", {"snapshots": on("0xa", **LATER), "gaps": with_rows(gap("", NOON - 5 * MINUTE, NOON - 4 * MINUTE))}),
    ("L08b", "a quote from within a gap", {"snapshots": on("0xa", **LATER), "gaps": with_rows(gap("", NOON - 11 * MINUTE, NOON - 9 * MINUTE))}),
    ("L08b", "a gap that began the day before", {"snapshots": on("0xa", **LATER), "gaps": with_rows(gap("", NOON - 13 * HOUR, NOON - 5 * MINUTE))}),
    ("L08b", "a book that was wiped in between", {"snapshots": on("0xa", **LATER), "gaps": with_rows(gap("", NOON - 5 * MINUTE, NOON - 5 * MINUTE))}),
    ("L08b", "an unverified book over a gap", {"snapshots": on("0xa", p_kind="MID_UNVERIFIED", **LATER), "gaps": with_rows(gap("1", NOON - 5 * MINUTE, NOON))}),
    ("L08b", "a gap since when the service showed another book", {"snapshots": on("0xa", **LATER), "gaps": with_rows(gap("1", NOON - 5 * MINUTE, NOON)), "rest_books": with_rows(rest("1", NOON - MINUTE, 380_000, 410_000))}),
    ("L09", "a label known on the day of the cutoff", {"recalibrated": on("0xold", ts_trained_until=NOON - 36 * HOUR)}),
    ("L09", "too few clusters", {"recalibrated": on("0xold", trained_clusters=29), "past": lambda rows: rows.filter(pl.col("cluster_id") != "c3")}),
    ("L09", "its own cluster among those it learnt from", {"recalibrated": on("0xold", trained_forecasts=32, trained_clusters=31)}),
    ("L09", "no word of what it learnt from", {"recalibrated": on("0xold", ts_trained_until=None)}),
    ("L09b", "its own cluster's label counted", {"yardsticks": on("0xold", labels=32, yes=17, rate=17 / 32)}),
    ("L09b", "a label that was known after the cutoff counted", {"past": on("m7", ts_label_known=NOON)}),
    ("L09b", "a label that was known at the cutoff itself counted", {"past": on("m7", ts_label_known=NOON - 24 * HOUR)}),
    ("L09b", "the labels of the day after counted as yes", {"yardsticks": on("0xold", yes=17, rate=17 / 31)}),
    ("L09b", "the share of the whole year", {"yardsticks": on("0xold", rate=0.4)}),
    ("L09b", "the labels of another segment", {"yardsticks": on("0xold", segment="category=sports")}),
    ("L10b", "a time to the end that was moved later", {"scored": on("0xold", tte_s=7_200)}),
    ("L10b", "a bucket of other borders", {"scored": on("0xold", tte_bucket="6h-1d")}),
    ("L10b", "borders that moved", {"tte_borders_s": lambda _: [1_800, 7_200]}),
    ("L10b", "the dollars of the whole market", {"scored": on("0xold", weight_volume=500.0)}),
    ("L10b", "a score of no snapshot", {"told": lambda rows: rows.filter(pl.col("condition_id") != "0xold"), "waiting": lambda rows: rows.clear()}),
    ("L10c", "a cap of what waits that counts its own day", {"waiting": on("0xa", weight_cap=9.0)}),
    ("L10c", "a cap that was changed while it waited", {"waiting": on("0xold", weight_cap=9.0)}),
    ("L10c", "a cap of all days", {"scored": on("0xold", weight_cap=8.0)}),
    ("L10c", "no cap where there were dollars", {"scored": on("0xold", weight_cap=None)}),
    ("L10c", "a cap that counts the day itself", {"told": with_rows(shot("0xn", "CALENDAR", 0, 1, ts_cutoff=NOON - 26 * HOUR, volume_24h=9_000_000)), "scored": on("0xold", weight_cap=5.0)}),
    ("L10", "a bucket of other borders", {"snapshots": on("0xa", liquidity_bucket="HIGH")}),
    ("L10", "a bucket that there is not", {"snapshots": on("0xa", liquidity_bucket="WHALE")}),
    ("L10", "a category that is not in the map", {"snapshots": on("0xa", category="news")}),
    ("L11", "a market that was seen later", {"markets": on("0xa", ts_valid_from=NOON + HOUR)}),
    ("L11", "a market that nobody has seen", {"markets": lambda rows: rows.filter(pl.col("condition_id") != "0xa")}),
    ("L11b", "a market that is neither taken nor counted", {"attrition": lambda rows: rows.with_columns(pl.col("markets") - (pl.col("anchor") == "CALENDAR"))}),
    ("L11b", "a market that was archived later and is gone", {"markets": with_rows(market("0xd", "4", archived=True))}),
    ("L11b", "more that had ended than were listed", {"attrition": with_rows(counted("RESOLVED_BEFORE"))}),
    ("L11c", "all snapshots of a market are gone, and counted as taken", {"snapshots": lambda rows: rows.filter(pl.col("condition_id") != "0xa")}),
    ("L11c", "a price that is counted as none", {"attrition": lambda rows: rows.with_columns(reason=pl.lit("NO_QUOTE"))}),
    ("L12", "a sum that is doubled", {"snapshots": on("0xb", group_sum=1_800_000)}),
    ("L12", "a sum that lacks a member", {"snapshots": on("0xb", group_sum=300_000, p_norm=1_000_000)}),
    ("L12", "a member that joined later counted in", {"snapshots": on("0xb", group_sum=950_000, p_norm=315_789), "markets": with_rows(market("0xd", "4", ts_valid_from=NOON + SECOND, **GROUP))}),
    ("L12", "a member that is not asked, left out", {"markets": with_rows(market("0xd", "4", ts_scheduled_end=END + HOUR, **GROUP))}),
    ("L12", "a share that is halved", {"snapshots": on("0xb", p_norm=166_666)}),
    ("L12", "a share without a sum", {"snapshots": on("0xb", group_sum=None)}),
    ("L12", "the group of others", {"snapshots": on("0xb", group_id="0xh")}),
    ("L13", "a lake of the morning that knows noon", {"as_of": lambda _: "2026-02-02T09:00:00+00:00"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "planted", "change"), PLANTED, ids=[f"{rule}: {said}" for rule, said, _ in PLANTED]
)
def test_what_is_planted_is_caught(rule, planted, change):
    looked = clean()
    found = audit(looked._replace(**{table: of(getattr(looked, table)) for table, of in change.items()}))
    broken = found.filter(pl.col("check_id") == rule).row(0, named=True)
    assert (broken["passed"], broken["violations"] > 0, len(broken["sample_keys"]) > 0) == (
        False,
        True,
        True,
    ), planted


def test_every_rule_has_something_planted_against_it():
    assert sorted({rule for rule, _, _ in PLANTED}) == RULES


ALLOWED = [
    ("a gap of the feed, and a book of the service of before it", {"snapshots": on("0xa", **LATER), "gaps": with_rows(gap("", NOON - 8 * MINUTE, NOON + HOUR)), "rest_books": with_rows(rest("1", NOON - 10 * MINUTE, 390_000, 410_000), rest("2", NOON - MINUTE, 290_000, 310_000))}),
    ("a gap that ended when the book was heard", {"gaps": with_rows(gap("1", NOON - HOUR, NOON - MINUTE))}),
    ("a gap that begins at the cutoff", {"gaps": with_rows(gap("1", NOON, NOON + HOUR))}),
    ("a gap of another token", {"gaps": with_rows(gap("7", NOON - HOUR, NOON + HOUR))}),
    ("a member whose answer had been told", {"markets": with_rows(market("0xd", "4", closed=True, active=False, **GROUP)), "labels": with_rows({"condition_id": "0xd", "ts_told": NOON - HOUR})}),
    ("a member that is not asked, and has the rest", {"markets": with_rows(market("0xd", "4", token_ids=["4"], **GROUP)), "attrition": with_rows(counted("NOT_BINARY")), "snapshots": lambda rows: rows.with_columns(group_sum=pl.when(pl.col("group_id") == "0xg").then(1_000_000), p_norm=pl.when(pl.col("group_id") == "0xg").then("p"))}),
    ("a member whose history says that it costs nothing", {"markets": with_rows(market("0xd", "4", **GROUP)), "points": with_rows(point("4", NOON - HOUR, 0, 60)), "attrition": with_rows(counted("IN_PLAY"))}),
    ("a trade in a wide book", {"snapshots": on("0xa", p_kind="LAST")}),
    ("a forecast an hour and a second before anything was told", {"scored": on("0xold", ts_cutoff=NOON + HOUR - SECOND), "told": on("0xold", ts_cutoff=NOON + HOUR - SECOND), "yardsticks": on("0xold", ts_cutoff=NOON + HOUR - SECOND)}),
    ("a place kept for somebody", {"markets": with_rows(market("0xd", "4", active=False, **GROUP)), "attrition": with_rows(counted("INACTIVE"))}),
    ("a lake of the evening", {"as_of": lambda _: "2026-02-02T21:00:00+00:00"}),
]  # fmt: skip


@pytest.mark.parametrize(("said", "change"), ALLOWED, ids=[said for said, _ in ALLOWED])
def test_what_is_right_is_no_violation(said, change):
    looked = clean()
    found = verdicts(looked._replace(**{table: of(getattr(looked, table)) for table, of in change.items()}))
    assert {rule for rule, count in found.items() if count} == set(), said


def test_the_labels_of_the_pipeline_have_what_the_rules_ask_of_them(kept):
    assert set(LABEL) <= set(kept.days[-1]["labels"].columns)
