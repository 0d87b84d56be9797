"""What counts as there of a day: points of the day itself, final answers, whole listings; and what was open on it is expected though it closed."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from lakeflow.forecast.tables.completeness import Kept, completeness
from stages.gold.polymarket_completeness import complete
from tests.polymarket.answers import fetched, parsed, trades

ROOT = Path(__file__).resolve().parents[2]

DAY = date(2026, 2, 2)
NOON = datetime(2026, 2, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TIME = pl.Datetime("ns", "UTC")
TIMES = ("ts_valid_from", "ts_valid_to", "ts_closed", "ts_event", "ts_start", "ts_end")
SHAPE = dict.fromkeys(TIMES, TIME) | {"token_id": pl.String, "condition_id": pl.String, "resolution_s": pl.Int64, "payout0": pl.Int64, "source": pl.String, "label_status": pl.String, "conflict": pl.Boolean, "complete": pl.Boolean, "truncation_suspected": pl.Boolean, "closed": pl.Boolean, "token_ids": pl.List(pl.String)}  # fmt: skip


def rows(*some):
    return pl.DataFrame([{name: row.get(name) for name in SHAPE} for row in some], schema=SHAPE)


def market(name, **said):
    return {
        "condition_id": name,
        "token_ids": [f"{name}yes", f"{name}no"],
        "ts_valid_from": NOON - 90 * HOUR,
    } | said


def ended(name, status, **said):
    return {"condition_id": name, "label_status": status, "conflict": False, "ts_closed": NOON} | said


def found(**tables):
    """Expected and present by kind of data."""
    names = Kept._fields[:-1]
    told = completeness(Kept(**{name: rows(*tables.get(name, ())) for name in names}, dt=DAY))
    return {name: (expected, present) for name, expected, present, *_ in told.iter_rows()}


OPEN = [market("0xa"), market("0xb")]
POINT = {"token_id": "0xayes", "ts_event": NOON, "resolution_s": 60}


def test_every_kind_of_data_has_a_row():
    assert sorted(found()) == [
        "book_seconds", "books", "fetches", "frames", "labels", "open_interest", "price_points", "resolutions", "sightings", "trades",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "present"),
    [
        ({}, 1),
        ({"ts_event": NOON - 30 * 24 * HOUR}, 0),
        ({"ts_event": NOON + 12 * HOUR}, 0),
        ({"resolution_s": 0}, 0),
        ({"token_id": "0xano"}, 0),
    ],
    ids=["of the day", "of a month before", "of the day after", "that tells the end", "of outcome 1"],
)
def test_a_point_counts_if_it_is_of_the_day(said, present):
    assert found(markets=OPEN, points=[POINT | said])["price_points"] == (2, present)


@pytest.mark.parametrize(
    ("status", "expected", "present"),
    [
        *((status, 1, 1) for status in ("RESOLVED_TRUE", "RESOLVED_FALSE", "SPLIT_5050", "VOID")),
        *((status, 1, 0) for status in ("PENDING_PROPOSED", "DISPUTED", "UNRESOLVED")),
        *((status, 0, 0) for status in ("PLACEHOLDER", "UNSUPPORTED_OUTCOMES")),
    ],
)
def test_a_label_counts_if_it_is_final(status, expected, present):
    assert found(labels=[ended("0xa", status)])["labels"] == (expected, present)


def test_a_label_in_conflict_and_one_of_later_do_not_count():
    labels = [
        ended("0xa", "RESOLVED_TRUE", conflict=True),
        ended("0xb", "UNRESOLVED", ts_closed=NOON + 12 * HOUR),
    ]
    assert found(labels=labels)["labels"] == (1, 0)


def test_a_market_that_closed_on_the_day_is_expected_and_one_that_closed_before_is_not():
    closed = {"closed": True, "ts_valid_from": NOON}
    markets = [
        market("0xa", ts_valid_to=NOON), market("0xa", ts_closed=NOON, **closed), market("0xb", ts_closed=NOON - 30 * HOUR, **closed),
        market("0xc", closed=True, ts_closed=NOON - HOUR),
    ]  # fmt: skip
    assert found(markets=markets)["price_points"] == (2, 0)


def test_books_are_those_that_were_heard_or_shown():
    fed, shown = [{"token_id": "0xayes"}], [{"token_id": "0xbyes"}]
    assert found(markets=[*OPEN, market("0xc")], fed=fed, rest_books=shown)["books"] == (3, 2)


@pytest.mark.parametrize("name", ["trades", "open_interest", "sightings"])
def test_what_was_told_of_one_market_is_missing_of_the_other(name):
    assert found(markets=OPEN, **{name: [{"condition_id": "0xa"}]})[name] == (2, 1)


def test_a_resolution_is_of_the_service_or_the_chain_and_pays():
    told = [("0xa", "CHAIN", 1), ("0xb", "DATA_API", 0), ("0xc", "GAMMA", 1), ("0xd", "CHAIN", None)]
    evidence = [{"condition_id": name, "source": source, "payout0": paid} for name, source, paid in told]
    labels = [ended(name, "RESOLVED_TRUE") for name, *_ in told]
    assert found(labels=labels, evidence=evidence)["resolutions"] == (4, 2)


def test_a_listing_that_may_be_cut_is_not_whole():
    ledger = [
        {"complete": done, "truncation_suspected": cut}
        for done, cut in ((True, False), (True, True), (False, False))
    ]
    assert found(ledger=ledger)["fetches"] == (3, 1)


def test_seconds_of_gaps_are_missing_and_a_day_that_nobody_heard_has_none():
    gap = {"token_id": "", "ts_start": NOON, "ts_end": NOON + HOUR}
    assert found(gaps=[gap], fed=[{"token_id": "1"}])["frames"] == (86_400, 82_800)
    assert found(gaps=[])["frames"] == (86_400, 0)


HEARD = {"markets": OPEN, "fed": [{"token_id": "0xayes"}, {"token_id": "0xbyes"}, {"token_id": "0xano"}]}


@pytest.mark.parametrize(
    ("spans", "lost"),
    [
        ([("0xayes", 0, 1)], 1),
        ([("0xayes", 0, 1), ("0xbyes", 0, 1)], 2),
        ([("", 0, 1)], 2),
        ([("", 0, 2), ("0xayes", 1, 3)], 5),
        ([("0xayes", 0, 3), ("0xayes", 1, 2), ("0xayes", 2, 4)], 4),
        ([("0xayes", -20, -11)], 1),
        ([("0xayes", 11, 20)], 1),
        ([("0xano", 0, 1), ("0xother", 0, 1), ("0xayes", 5, 5)], 0),
    ],
    ids=["of one", "of each", "of every token", "of one and of all", "over each other", "from the day before", "into the day after", "none"],
)  # fmt: skip
def test_an_hour_in_which_a_book_was_not_known_is_missing_of_it_once(spans, lost):
    gaps = [
        {"token_id": token, "ts_start": NOON + a * HOUR, "ts_end": NOON + b * HOUR} for token, a, b in spans
    ]
    assert found(**HEARD, gaps=gaps)["book_seconds"] == (172_800, 172_800 - lost * 3600)


def test_trades_that_were_asked_for_on_the_day_after_are_there_and_its_answers_are_its_own():
    def asked(day, condition):
        about = trades() | {"params": json.dumps({"condition_id": condition, "taker_only": "true"})}
        return parsed(fetched(about))["fetch_ledger"].with_columns(dt=pl.lit(day))

    names = [f"0x{n:064x}" for n in (1, 2, 3)]
    tables = {name: rows() for name in ("sightings", "price_points", "book_gaps", "rest_books", "open_interest", "evidence", "labels")}  # fmt: skip
    ledger = pl.concat([asked(DAY, names[0]), asked(DAY + timedelta(days=1), names[1])])
    made = complete(rows(*map(market, names)), ledger, **tables, book_events=rows().lazy(), dt=DAY)  # fmt: skip
    told = dict(made.select("dataset", pl.struct("expected", "present")).iter_rows())
    assert told["trades"] == {"expected": 3, "present": 2}
    assert told["fetches"] == {"expected": 1, "present": 1}


def test_the_windows_of_requests_and_prices_reach_the_day_after():
    stage = (
        (ROOT / "datasets.yaml").read_text().split("  gold.prediction_market.complete:")[1].split("\n\n")[0]
    )
    late = [line.split(":")[0].strip() for line in stage.splitlines() if "late: 1" in line]
    assert late == ["fetch_ledger", "price_points"]
