"""The audits of prediction markets: what holds is green, and a fault that is sown is seen."""

from datetime import UTC, datetime

import polars as pl
import pytest

from lakeflow.audit import forecasts, venue

ONE, TWO, THREE = (datetime(2026, 1, 5, hour, tzinfo=UTC) for hour in (1, 2, 3))
OF = {"segment": "category=x", "anchor": "SCHED_END", "horizon_s": 3600, "forecaster": "MARKET"}
SCORED = {k: v for k, v in OF.items() if k != "segment"} | {
    "condition_id": "0x1", "category": "x", "p": 250_000, "y": 0, "brier": 0.0625, "ts_cutoff": ONE, "ts_label_known": TWO,
}  # fmt: skip
METRIC = OF | {"weighting": "EQUAL", "forecasts": 2}
PARTS = {"brier": 0.0625, "brier_mcb": 0.02, "brier_dsc": 0.0575, "brier_unc": 0.1}
BOOK = {"token_id": "1", "row": 1, "message_no": 0, "verify_status": "MATCH", "bid": 40, "ask": 60}
LABEL = {"condition_id": "0x2", "label_status": "RESOLVED_TRUE", "conflict": False, "y": 1, "ts_known": TWO}
NO = LABEL | {"condition_id": "0x1", "label_status": "RESOLVED_FALSE", "y": 0}
VERSION = {"condition_id": "0x1", "ts_valid_from": ONE, "ts_valid_to": TWO}
CURVE = [OF | {"p": p, "x": x} for p, x in ((0.2, 0.1), (0.4, 0.1), (0.6, 0.5))]
SNAPSHOT = {
    "condition_id": "0x1",
    "anchor": "CALENDAR",
    "horizon_s": 0,
    "ts_cutoff": TWO,
    "ts_inputs_known": ONE,
    "ts_quote": ONE,
}
GOOD = {
    "metrics": [
        *(METRIC | {"metric": name, "value": value} for name, value in PARTS.items()),
        METRIC | {"segment": "category=x liquidity=LOW", "metric": "brier", "value": None},
    ],
    "scored": [SCORED, SCORED | {"anchor": "GROUP_END"}], "recalibrated": [SCORED], "corp_curves": CURVE, "book_tops": [BOOK], "snapshots": [SNAPSHOT],
    "reliability_bins": [OF | {"binning": "width10", "bin": n, "forecasts": 1} for n in (2, 7)],
    "labels": [LABEL, NO, LABEL | {"label_status": "DISPUTED", "y": None}, LABEL | {"conflict": True, "y": None}],
    "markets": [VERSION, VERSION | {"ts_valid_from": TWO, "ts_valid_to": None}],
    "book_gaps": [{"token_id": "1", "reason": "SILENT", "ts_start": ONE, "ts_end": TWO}],
}  # fmt: skip
FAULTS = [
    (forecasts.was_known_by_its_cutoff, "snapshots", "ts_inputs_known", THREE),
    (forecasts.was_known_by_its_cutoff, "snapshots", "ts_quote", THREE),
    (forecasts.is_asked_before_its_label, "scored", "ts_cutoff", TWO),
    (forecasts.is_scored_as_it_says, "scored", "brier", 0.5),
    (forecasts.adds_up, "metrics", "value", 0.07),
    (forecasts.is_the_mean_of_its_scores, "metrics", "value", 0.07),
    (forecasts.is_the_mean_of_its_scores, "metrics", "forecasts", 3),
    (forecasts.is_the_mean_of_its_scores, "scored", "ts_label_known", THREE),
    (forecasts.never_falls, "corp_curves", "x", 0.2),
    (forecasts.counts_every_forecast, "reliability_bins", "forecasts", 2),
    (venue.is_a_market, "book_tops", "ask", 40),
    (venue.is_a_market, "book_tops", "verify_status", "FORGOTTEN"),
    (venue.is_what_its_status_says, "labels", "y", 0),
    (venue.is_one_version_at_a_time, "markets", "ts_valid_to", THREE),
    (venue.ends_after_it_begins, "book_gaps", "ts_end", ONE),
]


def found(audit, tables):
    """How many rows break an audit of these tables."""
    takes = audit.__code__.co_varnames[: audit.__code__.co_argcount]
    times = pl.Datetime("ns", "UTC")
    frames = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items()}
    whole = {name: rows.with_columns(pl.col("^ts_.*$").cast(times)).lazy() for name, rows in frames.items()}
    return audit(**{name: whole[name] for name in takes}).collect().height


@pytest.mark.parametrize(
    "audit", dict.fromkeys(fault[0] for fault in FAULTS), ids=lambda audit: audit.__name__
)
def test_what_holds_is_green(audit):
    assert found(audit, GOOD) == 0


@pytest.mark.parametrize(("audit", "table", "column", "value"), FAULTS)
def test_a_fault_that_is_sown_is_seen(audit, table, column, value):
    first, *others = GOOD[table]
    assert found(audit, GOOD | {table: [first | {column: value}, *others]}) > 0


def test_every_audit_of_these_files_has_its_fault():
    audits = {
        each for module in (forecasts, venue) for name, each in vars(module).items()
        if callable(each) and getattr(each, "__module__", "") == module.__name__ and not name.startswith("_")
    }  # fmt: skip
    assert audits == {fault[0] for fault in FAULTS}
