"""How well the next seconds can be told: five models walked through the sessions, oldest first."""

from datetime import time

import polars as pl

from lakeflow.truth.lookahead.folds import Walk
from lakeflow.truth.lookahead.report import Window, report, sessions
from lakeflow.truth.lookahead.walk import Plan


def walked(  # noqa: PLR0913  a stage's arguments are its reads and its params
    features: pl.LazyFrame,
    regimes: pl.LazyFrame,
    chosen: pl.DataFrame | None = None,
    *,
    zone: str,
    window: list[str],
    horizons_s: list[int],
    train_sessions: int,
    min_train_sessions: int,
) -> pl.DataFrame:
    """Each session is told by what was learnt of those before it; `window` says from when to when, in `zone`."""
    if chosen is not None:
        about = chosen.lazy().select("dt", symbol="selected_symbol")
        features, regimes = (
            each.with_columns(pl.col("symbol").cast(pl.String)).join(about, on=["dt", "symbol"], how="semi")
            for each in (features, regimes)
        )
    start, end = map(time.fromisoformat, window)
    horizons = tuple(horizons_s)
    days = list(sessions(features, regimes, Window(zone, start, end), horizons))
    return report(days, Plan(horizons, Walk(train_sessions, min_train_sessions)))
