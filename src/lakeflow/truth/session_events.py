"""The tables of a session's events: bursts, liquidity events, the regimes that they make, and what they were judged by."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth import liquidity, market, stress
from lakeflow.truth.decomposition import Span, between
from lakeflow.truth.event_table import Named, described, highest, numbered
from lakeflow.truth.events import Events
from lakeflow.truth.history import History, Policy, history
from lakeflow.truth.market import SIDES, Found
from lakeflow.truth.moving import CAUSES
from lakeflow.truth.session import Session

RATES = [f"{what}_30s_{side}" for side in SIDES for what in ("pull_rate", "replenish_rate")]
REGIMES = [
    "ts_second", "sec", "regime_rt", "regime_final", "vol_regime", "trend_regime", "tod_bucket", "tod3", *RATES,
    *(f"net_liquidity_{side}" for side in SIDES),
]  # fmt: skip
COLUMNS = (
    "ts_second",
    "sec",
    "instrument_id",
    "tick",
    "mid",
    "mid_obs",
    "mid_age_s",
    "spread_ticks",
    "depth_b_5",
    "depth_a_5",
    "n_events",
    "vol_1s",
    "buy_vol",
    "sell_vol",
    "vel_10s",
    "halted",
    "book_valid",
    *(f"rv_{window}s" for window in (10, 30, 120, 300, 900)),
    *(f"dmid_{cause}" for cause in CAUSES),
    *(
        f"{what}_{side}_{band}"
        for what in ("depth_start", "depth_end", "add", "can", "fil")
        for side in SIDES
        for band in market.NEAR
    ),
)  # of the grid, which has four times as many
PLAIN = ("flicker", "fear", "chop")
EXTRA = {
    "is_snapback": pl.Boolean, "depth_min_ratio": pl.Float64, "spread_max_ratio": pl.Float64, "can_qty": pl.Int64,
    "fil_qty": pl.Int64, "recovery_s": pl.Int64,
}  # fmt: skip


class Given(NamedTuple):
    """The `COLUMNS` of a session's grid with `tod_bucket` and `tod3`, the sessions before it, and what events are judged by."""

    grid: pl.DataFrame
    earlier: Sequence[pl.DataFrame]
    session: Session
    policy: Policy
    symbol: str = ""


def tables(given: Given, named: Named) -> dict[str, pl.DataFrame]:
    """Every table is there, whether or not there is an event. `named` is what all events have in common."""
    past = history(given.earlier, given.grid, named.underlying, given.policy, symbol=given.symbol)
    rules = given.policy.rules
    found = market.find_all(given.grid, past.usual, rules)
    grid = market.with_regimes(given.grid, found, past.usual)
    own = named._replace(params_hash=fingerprint(past.burst.rule, rules))
    return {
        "regimes": grid.select(REGIMES),
        "bursts": described(found.regimes["burst"], grid, given.session, own._replace(kind="burst")),
        "liquidity_events": numbered(pl.concat(liquid(found, grid, given, own)), own),
        "session_terms": terms(past, own, given.policy),
    }


def fingerprint(*judged_by: Any) -> str:
    return hashlib.sha256(repr(judged_by).encode()).hexdigest()[:16]


def liquid(found: Found, grid: pl.DataFrame, given: Given, named: Named) -> Iterator[pl.DataFrame]:
    """A table for each kind, and for each side of pulls and replenishes."""
    for side in SIDES:
        pulls, back = found.pulls[side], found.replenishes[side]
        pulled = np.zeros(len(grid), np.bool_)
        pulled[pulls.t0] = True
        snapback = liquidity.snapbacks(back.t0, pulled, given.policy.rules.liquidity.window_s)
        of_side = named._replace(side=side)
        yield told(pulls, grid, given, of_side._replace(kind="pull"))
        yield told(back, grid, given, of_side._replace(kind="replenish"), is_snapback=snapback)
    for kind in PLAIN:
        yield told(found.regimes[kind], grid, given, named._replace(kind=kind))
    yield vacuums(found, grid, given, named._replace(kind="vacuum"))


def vacuums(found: Found, grid: pl.DataFrame, given: Given, named: Named) -> pl.DataFrame:
    events, depth = found.regimes["vacuum"], found.depth
    own = {
        "depth_min_ratio": -highest(-depth.ratio, events),
        "spread_max_ratio": highest(depth.width, events),
        "recovery_s": events.t_end - events.t_peak,
    }
    thin = stress.thin_sides(depth, events, given.policy.rules.vacuum)
    return told(events, grid, given, named, **own).with_columns(side=pl.Series(thin, dtype=pl.String))


def told(events: Events, grid: pl.DataFrame, given: Given, named: Named, **own: Any) -> pl.DataFrame:
    """The events as rows, with the columns that other kinds have left null."""
    rows = described(events, grid, given.session, named)
    if rows.is_empty():
        return pl.DataFrame(schema={**rows.schema, **EXTRA})
    span = Span(events.t0 - 1, events.t_end)
    sides = (named.side,) if named.side else SIDES
    gone = {
        f"{name}_qty": between(np.sum([market.near(grid, name, side) for side in sides], axis=0), span)
        for name in ("can", "fil")
    }
    known = gone | own
    missing = [None] * len(rows)
    return rows.with_columns(
        pl.Series(name, known.get(name, missing), kind).fill_nan(None) if kind == pl.Float64
        else pl.Series(name, known.get(name, missing), kind)
        for name, kind in EXTRA.items()
    )  # fmt: skip


def terms(past: History, named: Named, policy: Policy) -> pl.DataFrame:
    rule = past.burst.rule
    row = {
        "underlying": named.underlying,
        "instrument_id": named.instrument_id,
        "dte_bucket": policy.bucket,
        "source": past.burst.source,
        "sessions": past.sessions,
        **{f"burst_{name}": value for name, value in rule._asdict().items()},
        "gap_regime": past.gap,
        "params_hash": named.params_hash,
    }
    return pl.DataFrame([row], schema_overrides={"instrument_id": pl.UInt32, "gap_regime": pl.String})
