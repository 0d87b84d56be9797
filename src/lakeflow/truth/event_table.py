"""Events as rows: who, when, how far, in what market. The schema is the same without an event."""

from datetime import date
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from lakeflow.truth.arrays import Floats, Ints, plain
from lakeflow.truth.compiled import kernel
from lakeflow.truth.decomposition import SHARES, Span, between, decomposed
from lakeflow.truth.events import REASONS, Events
from lakeflow.truth.session import SECOND, TIME, Session
from lakeflow.truth.thresholds import bucket

STAMPS = {"ts_t0": "t0", "ts_detect": "t_detect", "ts_peak": "t_peak", "ts_end": "t_end", "ts_confirm": "t_confirm"}  # fmt: skip
MEASURED = (
    "px_t0", "px_detect", "px_peak", "px_end", "move", "extent", "retrace", "speed_max", "rv10_detect", "rv120_detect", "rv_ratio",
)  # fmt: skip
BOOK = ("spread_0", "spread_max", "depth_0", "depth_min")
SUMS = {"vol_sum": "vol_1s", "buy_vol": "buy_vol", "sell_vol": "sell_vol"}


class Named(NamedTuple):
    """What events of a session have in common. `side` is empty where an event has none."""

    underlying: str
    instrument_id: int
    session_date: date
    kind: str
    params_hash: str
    side: str = ""
    dte_days: int | None = None


def schema() -> dict[str, Any]:
    """The columns, in the order of the contracts."""
    seconds = dict.fromkeys(STAMPS.values(), pl.Int64)
    return {
        "event_id": pl.String, "underlying": pl.String, "instrument_id": pl.UInt32, "kind": pl.String, "side": pl.String,
        "dir": pl.Int8, **seconds, **dict.fromkeys(STAMPS, TIME), "dur_s": pl.Int64, "reason": pl.String,
        **dict.fromkeys(MEASURED, pl.Float64), "dte_days": pl.Int64, "dte_bucket": pl.String, "tod_bucket": pl.String, "tod3": pl.String,
        "regime_rt_before": pl.Int8, "vol_regime": pl.String, **dict.fromkeys(SHARES, pl.Float64), "driver": pl.String,
        "decomp_source": pl.String, **dict.fromkeys(BOOK, pl.Float64), **dict.fromkeys(SUMS, pl.Int64), "cov": pl.Float64,
        "max_age": pl.Int64, "params_hash": pl.String,
    }  # fmt: skip


def described(events: Events, grid: pl.DataFrame, session: Session, named: Named) -> pl.DataFrame:
    """`grid` is the session's, with its regimes and times of day."""
    rows = len(events.t0)
    if not rows:
        return pl.DataFrame(schema=schema())
    span = Span(before(events, named.kind), events.t_end)
    columns = {
        "underlying": named.underlying,
        "instrument_id": named.instrument_id,
        "kind": named.kind,
        "side": named.side or None,
        "dte_days": named.dte_days,
        "params_hash": named.params_hash,
        "dir": events.direction,
        "dur_s": events.t_end - events.t0,
        "reason": [REASONS[code] for code in events.reason],
        "dte_bucket": bucket(named.dte_days),
        "decomp_source": "event",
        **_times(events, session),
        **_prices(events, span, grid),
        **_market(events, span, grid),
        **{name: between(grid[column].to_numpy(), span) for name, column in SUMS.items()},
        **decomposed(grid, span).to_dict(),
    }
    wide = {
        name: pl.Series(name, _repeated(columns.get(name, ""), rows), kind, strict=False)
        for name, kind in schema().items()
    }
    return numbered(pl.DataFrame(wide).with_columns(pl.selectors.float().fill_nan(None)), named)


def numbered(rows: pl.DataFrame, named: Named) -> pl.DataFrame:
    """In the order in which they were known. Numbers go up from 1 within a session and a kind, both sides of it together."""
    number = pl.int_range(1, pl.len() + 1).over("kind").cast(pl.String).str.zfill(4)
    stem = pl.format(f"{named.underlying}-{named.session_date}-{{}}-{{}}", "kind", number)
    return rows.sort("t_detect", "kind", "side").with_columns(event_id=stem).sort("t_detect", "event_id")


def _repeated(values: Any, rows: int) -> Any:
    return [values] * rows if isinstance(values, str | int | date | None) else values


def _times(events: Events, session: Session) -> dict[str, pl.Series]:
    """Each stamp as a second of the session, and as the time at which that second starts."""
    seconds = {name: pl.Series(getattr(events, name)) for name in STAMPS.values()}
    times = {name: (seconds[of] * SECOND + session.open_ns).cast(TIME) for name, of in STAMPS.items()}
    return seconds | times


def before(events: Events, kind: str) -> Ints:
    """The second whose end an event starts from: of a burst `t0`, the last that had not moved; of all else the one before its first."""
    return events.t0 if kind == "burst" else events.t0 - 1


def at(values: Floats, seconds: Ints) -> Floats:
    """NaN before the session's first second."""
    return np.where(seconds < 0, np.nan, values[np.maximum(seconds, 0)])


def _prices(events: Events, span: Span, grid: pl.DataFrame) -> dict[str, Floats]:
    mid = _floats(grid, "mid")
    start, peak, end = at(mid, span.start), mid[events.t_peak], mid[events.t_end]
    return {
        "px_t0": start,
        "px_detect": mid[events.t_detect],
        "px_peak": peak,
        "px_end": end,
        "move": end - start,
        "extent": events.direction * (peak - start),
        "retrace": events.direction * (peak - end),
    }


def _market(events: Events, span: Span, grid: pl.DataFrame) -> dict[str, Any]:
    fast, slow = _floats(grid, "rv_10s")[events.t_detect], _floats(grid, "rv_120s")[events.t_detect]
    spread, depth = _floats(grid, "spread_ticks"), _floats(grid, "depth_b_5") + _floats(grid, "depth_a_5")
    last = np.maximum(events.t_detect - 1, 0)
    seen = between(grid["mid_obs"].to_numpy().astype(np.int64), Span(events.t0 - 1, events.t_end))
    return {
        "rv10_detect": fast,
        "rv120_detect": slow,
        "rv_ratio": np.divide(fast, slow, out=np.full(len(fast), np.nan), where=slow > 0),
        "regime_rt_before": grid["regime_rt"].gather(last),
        "tod_bucket": grid["tod_bucket"].gather(events.t_detect),
        "tod3": grid["tod3"].gather(events.t_detect),
        "vol_regime": grid["vol_regime"].gather(events.t_detect),
        "speed_max": highest(np.abs(_floats(grid, "vel_10s")), events),
        "spread_0": at(spread, span.start),
        "spread_max": highest(spread, events),
        "depth_0": at(depth, span.start),
        "depth_min": -highest(-depth, events),
        "max_age": pl.Series(highest(_floats(grid, "mid_age_s"), events)).fill_nan(None).cast(pl.Int64),
        "cov": seen / (events.t_end - events.t0 + 1),
    }


def highest(values: Floats, events: Events) -> Floats:
    """From t0 to t_end, both included; what is not known counts for nothing, and NaN where nothing is."""
    out = np.full(len(events.t0), np.nan)
    climb(plain(values), plain(events.t0), plain(events.t_end), out)
    return out


@kernel
def climb(values: Any, starts: Any, ends: Any, out: Any) -> None:
    for i in range(len(out)):
        for t in range(starts[i], ends[i] + 1):
            if not values[t] <= out[i] and not np.isnan(values[t]):
                out[i] = values[t]


def _floats(grid: pl.DataFrame, name: str) -> Floats:
    return grid[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
