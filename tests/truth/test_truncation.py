"""A session cut off at a second: what was known by then of its events is the same, in every column and to the byte."""

from datetime import date

import polars as pl
import pytest

from lakeflow.truth.grid import Rule, grid
from lakeflow.truth.history import Policy
from lakeflow.truth.session import SECOND, Session
from lakeflow.truth.session_events import Given, Named, tables

ROWS = 1500
OPEN = 1_767_623_400 * SECOND
SESSION = Session(OPEN, OPEN + ROWS * SECOND)
POLICY = Policy({"ES": {"na": [5, 1, 1.8, 1.3, 2]}}, [8, 2, 1.8, 1.3, 3])
# What is told of an event by its first known second; all else is of its end, or of the way there.
AT_ONCE = [
    "event_id", "underlying", "instrument_id", "kind", "side", "dir", "t0", "t_detect", "ts_t0", "ts_detect", "px_t0", "px_detect",
    "rv10_detect", "rv120_detect", "rv_ratio", "dte_days", "dte_bucket", "tod_bucket", "tod3", "regime_rt_before", "vol_regime",
    "decomp_source", "spread_0", "depth_0", "params_hash",
]  # fmt: skip
AFTERWARDS = {"regime_final"}


def told(silver, until=ROWS):
    end = OPEN + until * SECOND
    cut = silver._replace(
        **{
            name: table.filter(pl.col(table.columns[0]).dt.timestamp("ns") < end)
            for name, table in silver._asdict().items()
            if name != "spans"
        }
    )
    seconds = grid(cut, SESSION, Rule(SECOND // 4), 42)
    clocks = seconds.with_columns(tod_bucket=pl.lit("open"), tod3=pl.lit("morning"))
    return tables(Given(clocks, [], SESSION, POLICY), Named("ES", 42, date(2026, 1, 5), "", ""))


@pytest.fixture(scope="module")
def whole(silver):
    return told(silver)


@pytest.mark.parametrize("cut", [333, 706, 715, 905, 1213, 1404])
def test_what_was_known_by_a_second_is_the_same_without_what_came(silver, whole, cut):
    part = told(silver, cut)
    now = {name: part["regimes"][name] for name in part["regimes"].columns if name not in AFTERWARDS}
    for name, column in now.items():
        assert column.head(cut).equals(whole["regimes"][name].head(cut), null_equal=True), name
    for table in ("bursts", "liquidity_events"):
        one, other = (each[table].filter(pl.col("t_detect") < cut) for each in (part, whole))
        assert one.select(AT_ONCE).equals(other.select(AT_ONCE), null_equal=True)
        over = other.filter(pl.col("t_confirm") < cut)
        assert one.join(over.select("event_id"), on="event_id", how="semi").equals(over, null_equal=True)
    assert part["session_terms"].equals(whole["session_terms"])


def test_the_same_session_makes_the_same_bytes(silver, whole, tmp_path):
    for name, table in told(silver).items():
        files = [tmp_path / f"{name}{n}" for n in range(2)]
        for file, each in zip(files, (table, whole[name]), strict=True):
            each.write_ipc(file)
        assert files[0].read_bytes() == files[1].read_bytes()


def test_sides_of_a_kind_are_numbered_together(whole):
    rows = whole["liquidity_events"].filter(pl.col("kind").is_in(["pull", "replenish"]))
    for (kind,), of_kind in rows.partition_by("kind", as_dict=True).items():
        known = of_kind.sort("t_detect", "side")
        assert known["event_id"].to_list() == [
            f"ES-2026-01-05-{kind}-{n:04d}" for n in range(1, len(known) + 1)
        ]
    assert set(rows["side"]) == {"a", "b"}
