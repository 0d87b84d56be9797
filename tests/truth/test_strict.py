"""What flags forbid is hidden and counted, and no second is lost."""

import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lakeflow.contract import load_contract
from lakeflow.truth.strict import anew, burst_seconds, kinds, mask_rates, strict
from lakeflow.types import polars_schema

CONTRACTS = Path(__file__).parents[2] / "contracts" / "gold"

GRID = pl.DataFrame(
    {
        "sec": range(6),
        "mid": [1.0] * 6,
        "vol_1s": [5] * 6,
        "flow_valid": [True] * 6,
        "flags": pl.Series([0, 1 << 3, 1 << 9, 1 << 20, 1 << 5, 0], dtype=pl.UInt32),
    }
)
BURST, NO_BURST = (
    pl.DataFrame({"t0": [1], "t_end": [2]}),
    pl.DataFrame(schema={"t0": pl.Int64, "t_end": pl.Int64}),
)


def test_forbidden_seconds_are_hidden_and_stay():
    found = strict(GRID, kinds(GRID))
    assert found["mid"].to_list() == [1, 1, None, None, 1, 1]
    assert found["vol_1s"].to_list() == [5, 5, 5, 0, 5, 5]
    assert found["flow_valid"].to_list() == [True, True, True, False, True, True]
    assert found.select("sec", "flags").equals(GRID.select("sec", "flags"))


def test_a_book_of_one_side_hides_what_takes_two():
    grid = GRID.with_columns(bid_px=pl.lit(2.0), microprice=pl.lit(1.5), rv_10s=pl.lit(1e-4))
    found = strict(grid, kinds(grid)).row(2, named=True)
    assert (found["bid_px"], found["microprice"], found["rv_10s"]) == (2, None, None)
    assert strict(grid, kinds(grid)).row(3, named=True)["bid_px"] is None


def test_what_is_hidden_is_in_no_return_of_a_later_second():
    """The mid is 100, crossed at 200 in second 12, 101 from 20 on."""
    sec = np.arange(40)
    mid = np.where(sec == 12, 200.0, np.where(sec < 20, 100.0, 101.0))
    grid = pl.DataFrame({"mid": mid, "flags": (sec == 12).astype(np.uint32), "tick": 0.5}).with_columns(
        mid_obs=pl.lit(value=True), halted=pl.lit(value=False)
    )
    found = anew(grid, max_gap=60)
    returns = found["ret_5s"].to_list()
    assert [n for n in range(5, 40) if returns[n] is None] == [12, 17]
    assert [returns[n] for n in (16, 18, 20)] == pytest.approx([0, 0, math.log(1.01)])
    assert [found[f"rv_10s{what}"][19] for what in ("", "_cov")] == [0, 0.9]
    assert found["rv_10s"][21] == pytest.approx(math.log(1.01) / math.sqrt(10))
    assert found["vel_10s"].to_list()[20:24] == [0.2, 0.2, None, 0.2]


def test_what_is_hidden_is_told_by_flag_and_in_bursts():
    rates = mask_rates(GRID, burst_seconds(BURST, 6)).rows_by_key("flag", named=True, unique=True)
    assert (rates["any"]["rate"], rates["any"]["burst_rate"]) == (pytest.approx(2 / 6), 0.5)
    assert rates["halted"]["burst_rate"] == 0
    assert (rates["any"]["is_poor"], rates["any"]["spares_bursts"], rates["halted"]["spares_bursts"]) == (
        True,
        False,
        True,
    )


def test_a_session_without_bursts_spares_them():
    assert mask_rates(GRID, burst_seconds(NO_BURST, 6))["spares_bursts"].all()


def test_what_a_halt_hides_of_a_burst_is_counted_though_its_regime_is_invalid_then():
    """A burst from 100 to 120, of which ten seconds are halted: ten of its 21 seconds are hidden, of all a hundredth."""
    second = np.arange(1000)
    halted = (second >= 105) & (second < 115)
    bursts = pl.DataFrame({"t0": [100, 100], "t_end": [120, 104]})
    grid = pl.DataFrame({"flags": (halted * (1 << 20)).astype(np.uint32)})
    rates = mask_rates(grid, burst_seconds(bursts, 1000)).rows_by_key("flag", named=True, unique=True)
    assert (rates["halted"]["rate"], rates["halted"]["burst_rate"]) == (0.01, 10 / 21)
    assert not rates["halted"]["spares_bursts"]


@pytest.mark.parametrize("name", ["market_truth", "features"])
def test_what_is_hidden_of_a_column_is_what_its_contract_calls_it(name):
    contract = load_contract(CONTRACTS / f"{name}.avsc")
    found = kinds(pl.DataFrame(schema=polars_schema(contract)))
    assert {c.name: c.kind for c in contract.columns if c.kind in ("state", "flow")} == {
        column: kind.replace("mid", "state") for column, kind in found.items() if kind != "kept"
    }
