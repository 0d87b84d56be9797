"""The strict filter: what flags forbid is hidden, never deleted, and how much is hidden is told, in bursts and out of them."""

import re
from collections.abc import Mapping

import polars as pl

from lakeflow.truth.arrays import Bools
from lakeflow.truth.fills import covered
from lakeflow.truth.moving import motion

FLAGS = {
    "crossed": 0, "crossed_persist": 1, "px_jump": 4, "stale": 8, "one_sided": 9, "bad_book": 10, "halted": 20, "auction": 21,
    "after_snapshot": 22,
}  # fmt: skip
STRICT = sum(1 << bit for bit in FLAGS.values())
ONE_SIDED = 1 << FLAGS["one_sided"]  # what one side is, is known: only what takes two is not
MOST = 0.05  # of the seconds hidden, beyond which a session is poor
BURST_EXCESS = 0.005
KEPT = ("ts_second", "sec", "ts_known", "ts_local", "instrument_id", "tick", "flags")
FLOWS = re.compile(
    r"(n_)?(add|can|fil|mod|shift)(_int)?_[ba]_\w+|liq_vel_\w+|ofi_\w+|dmid_\w+|n_trades|n_events"
    r"|vol_1s|(buy|sell|unk|inferred|signed)_vol|max_gap_ns|seq_gaps|anomalies_1m"
)
MIDS = re.compile(
    r"mid|mid_half_ticks|mid_age_s|spread_ticks|microprice|qi_\d+|ret_\w+|rv_\w+|accel_10s|vel_10s|dvel"
)


def kinds(grid: pl.DataFrame) -> dict[str, str]:
    """What a second without data makes of each column: a state is not known, nor is one of the mid, a flow is 0, all else stays."""
    return {name: _kind(name, dtype) for name, dtype in grid.schema.items()}


def _kind(name: str, dtype: pl.DataType) -> str:
    if name in KEPT or dtype == pl.Boolean:
        return "kept"
    return "flow" if FLOWS.fullmatch(name) else "mid" if MIDS.fullmatch(name) else "state"


def strict(grid: pl.DataFrame, kinds: Mapping[str, str], forbidden: int = STRICT) -> pl.DataFrame:
    """Every row stays: a state becomes null, a flow 0 with `flow_valid` off; keys, flags and labels are as they were.

    A book of one side hides what takes two of them, and nothing else.
    """
    hidden = _hidden(forbidden & ~ONE_SIDED)
    hiding = {"state": hidden, "mid": _hidden(forbidden)}
    flows = [name for name, kind in kinds.items() if kind == "flow"]
    return grid.with_columns(
        *(
            pl.when(~hiding[kind]).then(pl.col(name)).alias(name)
            for name, kind in kinds.items()
            if kind in hiding
        ),
        *(
            pl.when(hidden).then(pl.lit(0).cast(grid.schema[name])).otherwise(pl.col(name)).alias(name)
            for name in flows
        ),
        flow_valid=pl.col("flow_valid") & ~hidden,
    )


def anew(grid: pl.DataFrame, max_gap: int, forbidden: int = STRICT) -> pl.DataFrame:
    """The grid with returns, volatility and speed of the mids that are not hidden: a mid that is, is in those of no later second.

    A hidden second is one without a mid, as those that were not observed are: it counts for volatility, without a return of its own.
    """
    shown = grid.select(
        pl.when(~_hidden(forbidden)).then(pl.col("mid")), pl.col("mid_obs") & ~_hidden(forbidden)
    )
    return grid.with_columns(motion(shown, grid["halted"].to_numpy(), float(grid["tick"][0]), max_gap))


def _hidden(forbidden: int) -> pl.Expr:
    return (pl.col("flags").cast(pl.Int64) & forbidden) != 0


def burst_seconds(bursts: pl.DataFrame, rows: int) -> Bools:
    """From `t0` to `t_end` of each burst, both included, whatever else those seconds are: a halt in a burst is what to look for."""
    return covered(bursts["t0"].to_numpy(), bursts["t_end"].to_numpy() + 1, rows)


def mask_rates(grid: pl.DataFrame, in_burst: Bools, forbidden: int = STRICT) -> pl.DataFrame:
    """For every forbidden flag and for `any` of them: the share of all seconds and of burst seconds whose mid it hides.

    `is_poor` where more than 5 % are hidden, `spares_bursts` unless a burst's seconds are hidden 0.5 points more often.
    """
    masks = {name: 1 << bit for name, bit in FLAGS.items() if forbidden >> bit & 1} | {"any": forbidden}
    burst = grid.filter(pl.Series(in_burst))
    seconds = [int(grid.select(_hidden(mask).sum()).item()) for mask in masks.values()]
    rates = pl.DataFrame(
        {
            "flag": list(masks),
            "rate": [hidden / max(len(grid), 1) for hidden in seconds],
            "burst_rate": [float(burst.select(_hidden(mask).mean()).item() or 0) for mask in masks.values()],
            "seconds": seconds,
        }
    )
    return rates.with_columns(
        is_poor=pl.col("rate") > MOST,
        spares_bursts=pl.col("burst_rate") <= pl.col("rate") + BURST_EXCESS,
    ).sort("flag")
