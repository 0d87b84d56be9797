"""Every kind of event of a session, from its grid, and the regimes that they make."""

from typing import NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth import liquidity, stress
from lakeflow.truth.arrays import Bools, Floats, Ints
from lakeflow.truth.bursts import Market, bursts
from lakeflow.truth.events import Events
from lakeflow.truth.liquidity import Side
from lakeflow.truth.regimes import Terciles, regime_final, regime_rt, trend_regime, vol_regime
from lakeflow.truth.rules import PRINTED, Rules, Thresholds
from lakeflow.truth.windows import median, total

NEAR = ("touch", "near")
SIDES = ("b", "a")
NEVER = 1 << 30  # the age of a market that has not been seen


class Usual(NamedTuple):
    """What earlier sessions say of this one; one value a second, NaN where they say nothing."""

    burst: Thresholds
    quiet: stress.Quiet
    terciles: Terciles
    depth_b: Floats | None = None
    depth_a: Floats | None = None
    spread: Floats | None = None


class Found(NamedTuple):
    """`regimes` are those whose seconds make a regime; pulls and replenishes, by side, do not."""

    regimes: dict[str, Events]
    pulls: dict[str, Events]
    replenishes: dict[str, Events]
    depth: stress.Depth
    rates: pl.DataFrame


def find_all(grid: pl.DataFrame, usual: Usual, rules: Rules = PRINTED) -> Found:
    clock = stress.Clock(_age(grid), grid["halted"].to_numpy())
    sides = {side: _side(grid, side, clock) for side in SIDES}
    pulled = {side: liquidity.is_pull(each, rules.liquidity) for side, each in sides.items()}
    back = {side: liquidity.is_replenish(each, rules.liquidity) for side, each in sides.items()}
    depth = _depth(sides, floats(grid, "spread_ticks"), usual)
    regimes = _stress(grid, usual, depth, clock, rules)
    return Found(
        regimes | {"flicker": _flicker(grid, pulled, back, sides["b"], rules)},
        {side: liquidity.at_once(pulled[side], sides[side], -1) for side in SIDES},
        {side: liquidity.at_once(back[side], sides[side], 1) for side in SIDES},
        depth,
        _rates(pulled, back, sides, rules.liquidity.window_s),
    )


def with_regimes(grid: pl.DataFrame, found: Found, usual: Usual) -> pl.DataFrame:
    """The grid with its rates and regimes. `regime_final` knows what came later and is no feature."""
    invalid = ~grid["book_valid"].to_numpy()
    vol = floats(grid, "rv_900s")
    return grid.hstack(found.rates).with_columns(
        regime_rt=pl.Series(regime_rt(found.regimes, invalid), dtype=pl.Int8),
        regime_final=pl.Series(regime_final(found.regimes, invalid), dtype=pl.Int8),
        vol_regime=vol_regime(vol, usual.terciles),
        trend_regime=trend_regime(floats(grid, "mid"), vol),
    )


def _stress(
    grid: pl.DataFrame, usual: Usual, depth: stress.Depth, clock: stress.Clock, rules: Rules
) -> dict[str, Events]:
    """Fear needs to know of vacuums, and chop of bursts and fear: each of what was known in the second."""
    mid, slow = floats(grid, "mid"), floats(grid, "rv_120s")
    seen = grid["mid_obs"].to_numpy()
    market = Market(mid, seen, clock.age, clock.halted, floats(grid, "rv_10s"), slow)
    burst = bursts(market, usual.burst, rules.burst)
    vacuum = stress.vacuums(depth, clock, rules.vacuum)
    bought, sold = (grid[name].to_numpy() for name in ("buy_vol", "sell_vol"))
    fall = stress.Fall(mid, floats(grid, "rv_300s"), bought, sold, vacuum.active)
    fear = stress.fears(fall, clock, rules.fear)
    still = stress.Stillness(floats(grid, "rv_30s"), volume_30s(grid), depth.spread, mid)
    elsewhere = (burst.active != 0) | (fear.active != 0)
    return {
        "burst": burst,
        "vacuum": vacuum,
        "fear": fear,
        "chop": stress.chops(still, usual.quiet, elsewhere, clock, rules.chop),
    }


def volume_30s(grid: pl.DataFrame) -> Ints:
    return total(grid["vol_1s"].to_numpy(), 30)


def _flicker(
    grid: pl.DataFrame, pulled: dict[str, Bools], back: dict[str, Bools], side: Side, rules: Rules
) -> Events:
    pulls, replenishes = (each["b"].astype(np.int64) + each["a"] for each in (pulled, back))
    spread, window = floats(grid, "spread_ticks"), rules.liquidity.window_s
    found = liquidity.flickering(pulls, replenishes, spread, rules.flicker, window)
    return liquidity.flickers(found, side, rules.flicker)


def _side(grid: pl.DataFrame, side: str, clock: stress.Clock) -> Side:
    seen = grid["n_events"].to_numpy() > 0
    start, end = (resting(grid, name, side) for name in ("depth_start", "depth_end"))
    added, cancelled, filled = (near(grid, name, side) for name in ("add", "can", "fil"))
    usual = median(end)
    return Side(start, end, added, cancelled, filled, seen, clock.age, clock.halted, usual)


def near(grid: pl.DataFrame, name: str, side: str) -> Ints:
    """Lots that came to the best tick of a side and the four behind it, or went."""
    return np.asarray(sum(grid[f"{name}_{side}_{band}"].to_numpy() for band in NEAR), np.int64)


def resting(grid: pl.DataFrame, name: str, side: str) -> Floats:
    """Lots that are there; NaN where that is not known."""
    return np.asarray(sum(floats(grid, f"{name}_{side}_{band}") for band in NEAR), np.float64)


def _depth(sides: dict[str, Side], spread: Floats, usual: Usual) -> stress.Depth:
    return stress.Depth(
        sides["b"].end,
        sides["a"].end,
        spread,
        stress.usual(sides["b"].usual, usual.depth_b),
        stress.usual(sides["a"].usual, usual.depth_a),
        stress.usual(median(spread), usual.spread),
    )


def _rates(
    pulled: dict[str, Bools], back: dict[str, Bools], sides: dict[str, Side], window: int
) -> pl.DataFrame:
    columns: dict[str, Floats] = {}
    for side in SIDES:
        gone, came = (liquidity.rate(each[side], sides[side].obs, window) for each in (pulled, back))
        columns |= {
            f"pull_rate_30s_{side}": gone,
            f"replenish_rate_30s_{side}": came,
            f"net_liquidity_{side}": came - gone,
        }
    return pl.DataFrame(columns)


def _age(grid: pl.DataFrame) -> Ints:
    return grid["mid_age_s"].fill_null(NEVER).to_numpy()


def floats(grid: pl.DataFrame, name: str) -> Floats:
    """A column with NaN for null."""
    return grid[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
