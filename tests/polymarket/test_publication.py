"""Scoreboards are published while every day that they count keeps the rules, and say so where one does not."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from lakeflow.forecast.report.calibration import blocked
from lakeflow.forecast.tables.group_scores import SCORES
from lakeflow.forecast.tables.leaks import (
    Leak,
    behind,
    broken,
    refuse_leaks,
    untold,
    withheld,
    withheld_groups,
)

FIFTH, SIXTH, SEVENTH = (date(2026, 1, day) for day in (5, 6, 7))
AUDITS = pl.DataFrame(
    {"day": [FIFTH, SIXTH, SEVENTH], "check_id": ["L01", "L01", "L01"], "about": ["known by the cutoff"] * 3, "rows_checked": [9, 9, 9],
     "violations": [0, 2, 0], "sample_keys": [[], ["0xa noon"], []], "passed": [True, False, True]}
)  # fmt: skip


def scored(cutoff, dt, anchor="SCHED_END"):
    return pl.DataFrame(
        {"ts_cutoff": [datetime(2026, 1, cutoff, 12, tzinfo=UTC)], "dt": [dt], "anchor": [anchor]}
    )


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (scored(7, SEVENTH), []),
        (scored(5, SEVENTH), []),
        (scored(6, SEVENTH), ["2026-01-06 L01"]),
        (scored(5, SIXTH), ["2026-01-06 L01"]),
        (scored(6, SEVENTH, "CLOSE_EXPOST"), []),
        (scored(4, SEVENTH), ["2026-01-04 not audited"]),
    ],
)
def test_a_board_is_blocked_by_every_day_whose_forecasts_it_counts_and_by_no_other(rows, why):
    assert broken(AUDITS, behind(rows)) == why


def test_a_blocked_board_says_so_and_has_no_figure():
    board = pl.DataFrame(
        {"segment": ["all"], "status": ["OK"], "clusters": [140], "brier": [0.2], "rank": [1]}
    )
    assert withheld(board, ["2026-01-06 L01"]).row(0) == (
        "all",
        "BLOCKED",
        140,
        None,
        None,
        ["2026-01-06 L01"],
    )
    assert withheld(board, []).row(0) == ("all", "OK", 140, 0.2, 1, [])


def test_figures_of_a_day_that_breaks_a_rule_are_counts_alone_without_a_bin_a_curve_or_a_map():
    metrics = pl.DataFrame({"metric": ["brier", "auc"], "value": [0.2, 0.7], "status": "OK", "clusters": 140})
    others = {name: pl.DataFrame({"x": [0.5]}) for name in ("reliability_bins", "corp_curves", "recal_maps")}
    whole, blocked = (untold(others | {"metrics": metrics}, why) for why in ([], ["2026-01-06 L01"]))
    assert whole["metrics"].drop("blocked_by").equals(metrics)
    assert blocked["metrics"].rows() == [("brier", None, "BLOCKED", 140, ["2026-01-06 L01"])]
    assert [blocked[name].height for name in others] == [0, 0, 0]
    assert [whole[name].height for name in others] == [1, 1, 1]


@pytest.mark.parametrize(
    ("cutoff", "dt", "status"),
    [(5, SEVENTH, "OK"), (6, SEVENTH, "BLOCKED"), (5, SIXTH, "BLOCKED"), (4, SEVENTH, "BLOCKED")],
)
def test_a_group_has_no_score_where_a_day_that_a_member_stands_on_breaks_a_rule_or_has_no_audit(
    cutoff, dt, status
):
    of = {"group_id": ["0xg"], "horizon_s": [3600]}
    members = scored(cutoff, dt).with_columns(pl.Series(name, value) for name, value in of.items())
    values = dict.fromkeys(SCORES, 0.3)
    groups = members.drop("dt").with_columns(
        k=3, status=pl.lit("OK"), **{name: pl.lit(value) for name, value in values.items()}
    )
    (found,) = withheld_groups(groups, members, AUDITS).to_dicts()
    assert (found["status"], found["k"], {found[name] for name in SCORES}) == (
        status,
        3,
        {0.3 if status == "OK" else None},
    )


def test_a_run_with_a_blocked_board_fails_with_the_day_the_rule_and_a_row():
    with pytest.raises(
        Leak, match=r"2026-01-06 L01 \(known by the cutoff\): 2 of 9 rows, such as \['0xa noon'\]"
    ):
        refuse_leaks(AUDITS, ["2026-01-06 L01"])
    with pytest.raises(Leak, match="2026-01-04 not audited"):
        refuse_leaks(AUDITS, ["2026-01-04 not audited"])
    refuse_leaks(AUDITS, [])


def test_the_page_takes_no_board_for_valid_that_was_made_before_its_audit():
    old = pl.DataFrame({"blocked_by": [[]]}, schema={"blocked_by": pl.List(pl.String)})
    of_days = AUDITS.rename({"day": "dt"})
    assert blocked(old, of_days) == ["2026-01-06 L01"]
    assert blocked(old, of_days.filter("passed")) == []
