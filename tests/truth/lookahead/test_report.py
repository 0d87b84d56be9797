"""Features of the grid that know only what was, sessions clipped to a time of day, and the report of the walk."""

from datetime import date, time, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lakeflow.check import check_frame
from lakeflow.contract import load_contract
from lakeflow.truth.lookahead.days import day, names
from lakeflow.truth.lookahead.folds import Fold, Walk
from lakeflow.truth.lookahead.models import MODELS
from lakeflow.truth.lookahead.plan import Plan
from lakeflow.truth.lookahead.purge import manifest, ready
from lakeflow.truth.lookahead.report import COLUMNS, Window, report, sessions
from lakeflow.types import conform
from stages.gold.lookahead import walked

WINDOW = Window("America/New_York", time(9, 30), time(9, 40))
CHEAP = {name: learn for name, learn in MODELS.items() if name != "M4"}
PLAN = Plan((1, 5), Walk(3, 2), times=50)


DAYS = [date(2026, 1, 5) + timedelta(days=n) for n in range(5)]


@pytest.fixture(scope="module")
def days(grid):
    whole = pl.concat([grid(day) for day in DAYS]).lazy()
    held = whole.select(pl.exclude("regime_rt"))
    return list(sessions(held, whole.select("dt", "ts_second", "regime_rt"), WINDOW, (1, 5)))


def test_a_session_is_clipped_to_its_time_of_day_and_its_labels_look_beyond(days, grid):
    assert [each.name for each in days] == [str(day) for day in DAYS]
    assert {each.features.shape for each in days} == {(600, len(names()))}
    assert not np.isnan(days[0].labels).any()
    assert days[0].change[1] == np.diff(grid(DAYS[0])["mid"].to_numpy())[600] / 0.25


def test_a_flag_that_hides_a_second_takes_no_label_of_those_that_go_past_it(grid):
    rows = grid(DAYS[0], 60)
    hidden = pl.int_range(pl.len()) == 30
    masked = rows.with_columns(mid=pl.when(~hidden).then("mid"), mid_age_s=pl.when(~hidden).then("mid_age_s"))
    halted = rows.with_columns(halted=hidden)
    inside = np.ones(60, bool)
    lost = [
        np.flatnonzero(np.isnan(day(each, DAYS[0], (5,), inside).labels[:55, 0])) for each in (masked, halted)
    ]
    assert [each.tolist() for each in lost] == [[25, 30], [25, 26, 27, 28, 29, 30]]


def test_the_printed_window_has_its_seconds(grid):
    rows = grid(DAYS[0], 12_000).lazy()
    codes = rows.select("dt", "ts_second", "regime_rt")
    window = Window("America/New_York", time(9, 30), time(12, 30))
    [only] = sessions(rows.select(pl.exclude("regime_rt")), codes, window, (1, 5))
    assert len(only.change) == 10_800


def test_the_report_has_rows_for_each_session_and_for_all(days):
    found = report(days, PLAN, CHEAP)
    assert found.columns == list(COLUMNS)
    assert set(found.filter(model="M0", horizon_s=1)["session"]) == {*map(str, DAYS[3:]), "all"}
    assert found.filter(model="M0", metric="r2")["value"].to_list() == [0] * 6
    assert found.filter(metric="leaks")["value"].to_list() == [0, 0]
    assert found.select("model", "horizon_s", "session", "metric", "item").is_unique().all()


def test_the_report_is_what_its_contract_promises(days):
    contract = load_contract(Path(__file__).parents[3] / "contracts" / "gold" / "lookahead.avsc")
    found = report(days, PLAN, CHEAP)
    assert check_frame(found, contract).errors == ()
    assert conform(found, contract).num_rows == found.height > 0


def test_the_report_keeps_what_each_fold_was_made_of(days):
    found = report(days, PLAN, CHEAP).filter(session=str(DAYS[3]))
    dates = dict(found.filter(pl.col("metric").str.ends_with("_dates")).select("metric", "text").rows())
    assert dates["train_dates"] == f"{DAYS[0]} {DAYS[1]}"
    assert (dates["calibration_dates"], dates["holdout_dates"]) == (str(DAYS[2]), str(DAYS[3]))
    ends, starts = (found.filter(metric=name)["value"] for name in ("train_label_end", "test_start"))
    assert (ends < starts).all()
    assert set(found.filter(model="M2", horizon_s=0)["metric"]) == {"a", "b", "beta", "gamma"}
    assert found.filter(metric="ofi_weight")["value"].abs().sum() == pytest.approx(1)
    assert found.filter(metric="train_samples")["n"].to_list() == [1200, 1200]


def test_a_planted_leak_is_named_in_the_report(days):
    planted = [each._replace(features=with_label(each)) for each in days]
    found = report(planted, PLAN, {"M0": CHEAP["M0"]}).filter(metric="leak")
    assert found["item"].to_list() == ["qi_1"]


def with_label(each):
    return np.column_stack([np.nan_to_num(each.labels[:, 0]).astype("f4"), each.features[:, 1:]])


def test_rows_that_reach_into_a_test_are_purged_and_one_that_did_would_be_refused(days):
    near = days[2]._replace(seconds=days[2].seconds - days[2].seconds[0] + days[1].seconds[-1] + 3)
    given = [days[0], days[1], near, days[3]]
    parts = ready(given, Fold([0, 1], [2], [3]), (1, 5), 128)
    kept = manifest(parts, given[:2], 5, 1)
    assert (kept.purged, kept.samples) == (3, 1197)
    with pytest.raises(ValueError, match="reaches into what is tested"):
        manifest(parts._replace(train=given[:2]), given[:2], 5, 1)


def test_with_too_few_sessions_there_is_no_row(days):
    assert report(days[:3], PLAN, CHEAP).shape == (0, len(COLUMNS))


def test_the_stage_walks_only_what_each_session_is_about(grid):
    both = pl.concat(
        grid(day).with_columns(symbol=pl.lit(name)) for day in DAYS[:2] for name in ("ESH6", "ESM6")
    )
    chosen = pl.DataFrame({"dt": DAYS[:2], "selected_symbol": ["ESH6", "ESM6"]})
    held, regimes = (
        both.select(pl.exclude("regime_rt")).lazy(),
        both.select("symbol", "dt", "ts_second", "regime_rt").lazy(),
    )
    assert walked(held, regimes, chosen, **PARAMS).shape == (0, len(COLUMNS))
    with pytest.raises(ValueError, match=r"expected one of \['cpcv', 'walk'\]"):
        walked(held, regimes, chosen, **PARAMS | {"folds": "random"})


PARAMS = {
    "zone": WINDOW.zone, "window": ["09:30", "09:40"], "horizons_s": [1], "folds": "walk", "train_sessions": 3, "min_train": 2,
    "cal_sessions": 1, "test_sessions": 1, "embargo_days": 0, "embargo_s": 128, "groups": 6, "test_groups": 2,
    "flat_band_ticks": 0.5, "bins": 15, "thresholds_ticks": [0.0], "fee_ticks": 0.2, "draws": 50,
}  # fmt: skip


def test_a_session_of_which_nothing_is_known_is_none(days):
    silent = days[0]._replace(name="silent", labels=np.full_like(days[0].labels, np.nan))
    few = {"M0": CHEAP["M0"]}
    assert report([silent, *days], PLAN, few).equals(report(days, PLAN, few))
