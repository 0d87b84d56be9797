"""How the mid of every second moves: who moved it, from the `moves` table, and how fast, from the mid itself."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Bools, Ints
from lakeflow.truth.fills import sums
from lakeflow.truth.quotes import two_sided
from lakeflow.truth.returns import Mids, acceleration, change, log_returns, velocity, volatility
from lakeflow.truth.session import Session

CAUSES = ("trade", "cancel", "add", "modify", "reset")
LAGS = (1, 5, 10, 30, 60)
WINDOWS = (10, 30, 60, 120, 300, 900)


def causes(moves: pl.DataFrame, bbo: pl.DataFrame, session: Session, tick: int, starts: Ints) -> pl.DataFrame:
    """Half ticks by cause; they add up to the change of the mid, exactly."""
    seconds, rows = session.of(moves), session.rows
    columns = {f"dmid_{cause}": sums(seconds, moves[f"from_{cause}"].to_numpy(), rows) for cause in CAUSES}
    columns["dmid_reset"] += seams(bbo, starts, session.midnights, tick)
    return pl.DataFrame(columns)


def seams(bbo: pl.DataFrame, starts: Ints, midnights: Sequence[int], tick: int) -> Ints:
    """What the mid did from one day's file to the next, which no move of either tells: each begins with its own snapshot."""
    out, both = np.zeros(len(starts) - 1, np.int64), two_sided(bbo)
    for midnight in midnights:
        seam = int(starts[midnight])
        before, after = both[starts[0] : seam][::-1], both[seam : starts[-1]]
        if before.any() and after.any():
            last, first = seam - 1 - int(before.argmax()), seam + int(after.argmax())
            one, other = (half_ticks(bbo.row(row, named=True), tick) for row in (last, first))
            out[np.searchsorted(starts, first, side="right") - 1] += other - one
    return out


def half_ticks(quote: Mapping[str, int], tick: int) -> int:
    return quote["bid_price"] // tick + quote["ask_price"] // tick


def motion(quotes: pl.DataFrame, halted: Bools, tick: float, max_gap: int = 60) -> pl.DataFrame:
    """Returns, volatility with its cover, acceleration and velocity; `tick` in the units of `mid`."""
    filled = quotes["mid"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    mids = Mids(filled, quotes["mid_obs"].to_numpy(), halted)
    columns = {f"ret_{lag}s": log_returns(filled, lag) for lag in LAGS}
    for window in WINDOWS:
        known = volatility(mids, window, max_gap)
        columns |= {f"rv_{window}s": known.rms, f"rv_{window}s_cov": known.cover}
    speed = velocity(filled, tick)
    columns |= {"accel_10s": acceleration(columns["ret_1s"]), "vel_10s": speed, "dvel": change(speed, 10)}
    return pl.DataFrame(columns).fill_nan(None)
