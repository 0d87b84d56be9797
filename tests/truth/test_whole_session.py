"""A whole session from silver to regimes: it conserves, and at no cut does it know what comes."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from lakeflow.truth import stress
from lakeflow.truth.event_table import Named, described
from lakeflow.truth.grid import Rule, Silver, grid
from lakeflow.truth.market import Usual, find_all, with_regimes
from lakeflow.truth.regimes import Terciles
from lakeflow.truth.rules import Thresholds
from lakeflow.truth.session import SECOND, Session

ROWS, TICK = 1500, SECOND // 4
OPEN = 1_767_623_400 * SECOND
SESSION = Session(OPEN, OPEN + ROWS * SECOND)


def flat(value):
    return np.full(ROWS, value)


USUAL = Usual(
    Thresholds(5, 1, 1.8, 1.3, 2),
    stress.Quiet(*map(flat, (1e-3, 99.0, 2.0, 2e-3))),
    Terciles(flat(1e-5), flat(1e-4)),
)


def told(silver):
    seconds = grid(silver, SESSION, Rule(TICK), 42)
    found = find_all(seconds, USUAL)
    return with_regimes(seconds, found, USUAL), found


@pytest.fixture(scope="module")
def whole(silver):
    return told(silver)


def test_every_second_is_there_and_what_was_traded_is_conserved(silver, whole):
    seconds, _ = whole
    assert seconds["sec"].to_list() == list(range(ROWS))
    assert seconds["vol_1s"].sum() == silver.trades["size"].sum()
    mid = seconds["mid_half_ticks"]
    moved = seconds.select(pl.sum_horizontal(pl.col("^dmid_.*$")).cum_sum()).to_series()
    assert (moved - moved[1] == mid - mid[1])[1:].all()


def test_leaps_are_bursts_and_the_hole_is_a_vacuum(whole):
    seconds, found = whole
    burst = found.regimes["burst"]
    assert all(any(abs(detect - leap) < 20 for detect in burst.t_detect) for leap in (710, 1213))
    assert 900 in found.regimes["vacuum"].t0
    assert {0, 3, 5} <= set(seconds["regime_rt"])
    rows = described(
        burst,
        seconds.with_columns(tod_bucket=pl.lit("am"), tod3=pl.lit("morning")),
        SESSION,
        Named("ES", 1, date(2026, 1, 5), "burst", "x"),
    )
    assert (rows["extent"] >= rows["move"].abs() - 1e-9).all()


def test_flows_say_nothing_from_a_gap_to_the_end_of_the_second_that_clears_it(silver):
    in_doubt = pl.col("ts_recv").dt.timestamp("ns").is_between(OPEN + 50 * SECOND, OPEN + 52 * SECOND)
    seconds = grid(silver._replace(bbo=silver.bbo.with_columns(suspect=in_doubt)), SESSION, Rule(TICK), 42)
    assert np.flatnonzero(~seconds["flow_valid"][:1400].to_numpy()).tolist() == [50, 51, 52, 53]
    assert np.flatnonzero(~seconds["book_valid"][:1400].to_numpy())[1:].tolist() == [50, 51, 52]
    assert (seconds["seq_gaps"][50], seconds["seq_gaps"].sum()) == (1, 1)


def rows_of(silver, start, end):
    """The rows from one second of the session up to another."""
    first, last = (OPEN + second * SECOND for second in (start, end))
    times = (pl.col(table.columns[0]).dt.timestamp("ns").is_between(first, last, "left") for table in silver)
    return Silver(*(table.filter(inside) for table, inside in zip(silver, times, strict=True)))


def differing(one, other, cut):
    """Columns that are not the same in the seconds before the cut."""
    names = (name for name in one.columns if name not in ("regime_final", "halted"))
    return [name for name in names if not one[name].head(cut).equals(other[name].head(cut), null_equal=True)]


@pytest.mark.parametrize("cut", [1, 39, 40, 41, 100])
def test_the_first_row_says_nothing_of_the_seconds_before_it(silver, cut):
    late = told(rows_of(silver, 40, ROWS))[0]
    assert not differing(told(rows_of(silver, 40, cut))[0], late, cut)
    states = [name for name in late.columns if name.startswith(("depth_start", "depth_end", "bid_", "qi_"))]
    assert late.select(states).head(40).null_count().row(0) == (40,) * len(states)


@pytest.mark.parametrize("cut", [1, 2, 333, 706, 715, 905, 1404])
def test_nothing_at_or_before_a_second_depends_on_what_comes(silver, whole, cut):
    seconds, found = told(rows_of(silver, 0, cut))
    assert not differing(seconds, whole[0], cut)
    for kind, events in found.regimes.items():
        known, others = events.t_detect < cut, whole[1].regimes[kind]
        assert events.t0[known].tolist() == others.t0[others.t_detect < cut].tolist()
        assert events.active[:cut].tobytes() == others.active[:cut].tobytes()
