"""The gold stages on silver tables: every table is what its contract promises, with events and without."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
import yaml

from filters import gold
from lakeflow.contract import load_contract
from lakeflow.types import conform
from stages.gold.events import found
from stages.gold.grid import seconds
from stages.gold.outcomes import outcomes
from stages.gold.strict import masked
from stages.gold.truth import tables

ROOT = Path(__file__).parents[2]

DAY = date(2026, 1, 5)
OPEN = datetime(2026, 1, 5, 14, 30, tzinfo=UTC)
SHIPPED = yaml.safe_load((ROOT / "datasets.yaml").read_text())["stages"]["gold.future_mbo.events"]["params"]
RULES = {name: value for name, value in SHIPPED.items() if name != "bursts"}
BURSTS = {"ES": {"na": [5, 1, 1.8, 1.3, 2]}}


class Hours:
    open, close, zone = OPEN, OPEN + timedelta(seconds=1500), "America/Chicago"


def fits(name, frame):
    contract = load_contract(ROOT / "contracts" / "gold" / f"{name}.avsc")
    return conform(frame, contract).num_rows == frame.height


def reference():
    definition = {
        "row": 0, "ts_recv": OPEN, "instrument_id": 42, "raw_symbol": "ESH6", "min_price_increment": 250_000_000,
        "low_limit_price": None, "high_limit_price": None,
    }  # fmt: skip
    status = {
        "row": 0,
        "ts_recv": OPEN + timedelta(seconds=1400),
        "publisher_id": 1,
        "instrument_id": 42,
        "action": 8,
    }
    coverage = {
        "raw_symbol": "ESH6", "vendor_dataset": "GLBX.MDP3", "file": "mbo.dbn",
        "ts_start": OPEN - timedelta(hours=1), "ts_end": OPEN + timedelta(seconds=1450), "is_limited": False,
    }  # fmt: skip
    times = pl.Datetime("ns", "UTC")
    frames = [pl.DataFrame([row]).cast({"^ts_.*$": times}) for row in (definition, status, coverage)]
    names = ("definition", "status", "coverage")
    return dict(zip(names, frames, strict=True)) | {
        "definition": frames[0].cast({"^.*_limit_price$": pl.Int64})
    }


def truth_of(silver):
    given = {name: table.lazy() for name, table in silver._asdict().items() if name != "spans"}
    return seconds(
        **given, **reference(), symbol="ESH6", session=Hours, max_stale_s=60, max_gap_s=60, ticks={}
    )


def found_in(truth, bursts=BURSTS):
    earlier = truth.clear().with_columns(dt=pl.lit(DAY)).lazy()
    return found(truth.lazy(), earlier, "ESH6", DAY, Hours, bursts=bursts, **RULES)


@pytest.fixture(scope="module")
def truth(silver):
    return truth_of(silver)


@pytest.fixture(scope="module")
def made(truth):
    return found_in(truth)


def test_a_second_says_what_the_clocks_of_the_venue_say(truth):
    assert truth["ts_local"][0] == OPEN.astimezone(ZoneInfo("America/Chicago")).replace(tzinfo=None)


def test_the_grid_fits_and_a_halt_of_the_venue_is_in_it(truth):
    assert fits("market_truth", truth)
    assert np.flatnonzero(truth["halted"]).tolist() == list(range(1400, 1500))
    assert (
        truth["vol_1s"].sum()
        == truth.select(pl.sum_horizontal("buy_vol", "sell_vol", "unk_vol").sum()).item()
    )


def test_what_the_files_do_not_hold_is_a_gap_of_the_grid(truth):
    assert np.flatnonzero(truth["gap"]).tolist() == list(range(1450, 1500))
    assert not truth["flow_valid"][1450:].any()


def test_every_table_of_the_events_fits_and_bursts_are_numbered(made):
    assert all(fits(name, frame) for name, frame in made.items())
    assert made["bursts"]["event_id"].to_list()[:2] == [
        "ES-2026-01-05-burst-0001",
        "ES-2026-01-05-burst-0002",
    ]
    assert made["session_terms"].row(0, named=True)["source"] == "config"
    assert {"vacuum"} <= set(made["liquidity_events"]["kind"])


def test_a_session_without_a_burst_has_the_table_all_the_same(truth):
    none = found_in(truth, {"ES": {"na": [1e6, 1, 1.8, 1.3, 2]}})
    assert none["bursts"].shape == (0, len(load_contract(ROOT / "contracts/gold/bursts.avsc").names))
    assert fits("bursts", none["bursts"])


def test_what_is_strict_hides_no_second_and_spares_bursts(truth, made):
    flagged = truth.with_columns(
        flags=pl.col("flags") | pl.when(gold.halted()).then(1 << 20).otherwise(0).cast(pl.UInt32)
    )
    kept = masked(flagged, made["bursts"], max_gap_s=60)
    assert all(fits(name, frame) for name, frame in kept.items())
    assert kept["features"].height == truth.height
    assert kept["features"]["mid"][1400:].null_count() == 100
    rates = kept["gold_mask_rate"].filter(flag="halted").row(0, named=True)
    assert (rates["seconds"], rates["is_poor"], rates["spares_bursts"]) == (100, True, True)


def test_outcomes_and_truth_tables_fit_and_add_up(truth, made):
    events = {name: made[name] for name in ("bursts", "liquidity_events")}
    after = outcomes(truth, made["regimes"], **events, symbol="ESH6")
    assert all(fits(name, frame) for name, frame in after.items())
    assert after["exposure"]["seconds"].sum() == truth["book_valid"].sum()
    table = tables(
        *(frame.with_columns(dt=pl.lit(DAY)) for frame in after.values()),
        draws=50,
        conf=0.95,
        min_n=30,
        min_days=8,
    )
    assert fits("truth_tables", table)
    all_over = table.filter(
        pl.all_horizontal(pl.col("tod", "regime", "dte_bucket") == "all"), metric="per_hour"
    )
    assert all_over["n"].sum() == after["outcomes"]["in_exposure"].sum()


def test_only_the_contract_that_a_session_is_about_counts(truth, made):
    after = outcomes(truth, made["regimes"], made["bursts"], made["liquidity_events"], "ESH6")
    both = [
        pl.concat(frame.with_columns(dt=pl.lit(DAY), symbol=pl.lit(symbol)) for symbol in ("ESH6", "ESM6"))
        for frame in after.values()
    ]
    chosen = pl.DataFrame({"dt": [DAY], "selected_symbol": ["ESM6"]})
    one = tables(
        *(frame.with_columns(dt=pl.lit(DAY)) for frame in after.values()),
        draws=50,
        conf=0.95,
        min_n=30,
        min_days=8,
    )
    assert tables(*both, chosen, draws=50, conf=0.95, min_n=30, min_days=8).equals(one)


@pytest.mark.parametrize(
    ("flag", "row"),
    [
        (gold.stale, {"quote_age_s": 6}),
        (gold.stale, {"quote_age_s": None}),
        (gold.one_sided, {"ask_px": None}),
    ],
)
def test_a_second_shows_its_own_flags(flag, row):
    sound = {"quote_age_s": 5, "bid_px": 1.0, "ask_px": 1.0}
    kinds = {"quote_age_s": pl.Int64, "bid_px": pl.Float64, "ask_px": pl.Float64}
    frame = pl.DataFrame([sound, sound | row], schema=kinds)
    assert frame.select(flag()).to_series().to_list() == [False, True]
