"""How well the next seconds can be told: five models walked through the sessions, oldest first."""

from datetime import time

import polars as pl

from lakeflow.truth.lookahead.folds import Choices, Walk
from lakeflow.truth.lookahead.plan import Plan
from lakeflow.truth.lookahead.report import Window, report, sessions


def walked(  # noqa: PLR0913  a stage's arguments are its reads and its params
    features: pl.LazyFrame,
    regimes: pl.LazyFrame,
    chosen: pl.DataFrame | None = None,
    *,
    zone: str,
    window: list[str],
    horizons_s: list[int],
    folds: str,
    train_sessions: int,
    min_train: int,
    cal_sessions: int,
    test_sessions: int,
    embargo_days: int,
    embargo_s: int,
    groups: int,
    test_groups: int,
    flat_band_ticks: float,
    bins: int,
    thresholds_ticks: list[float],
    fee_ticks: float,
    draws: int,
) -> pl.DataFrame:
    """Each session is told by what was learnt of those before it, or with `folds` cpcv of those around it."""
    if chosen is not None:
        about = chosen.lazy().select("dt", symbol="selected_symbol")
        features, regimes = (
            each.with_columns(pl.col("symbol").cast(pl.String)).join(about, on=["dt", "symbol"], how="semi")
            for each in (features, regimes)
        )
    start, end = map(time.fromisoformat, window)
    rules: dict[str, Walk | Choices] = {
        "walk": Walk(train_sessions, min_train, cal_sessions, test_sessions, embargo_days),
        "cpcv": Choices(groups, test_groups, cal_sessions, embargo_days),
    }
    if folds not in rules:
        raise ValueError(f"folds is {folds}, expected one of {sorted(rules)}")
    plan = Plan(
        tuple(horizons_s),
        rules[folds],
        embargo_s,
        flat_band_ticks,
        bins,
        tuple(thresholds_ticks),
        fee_ticks,
        draws,
    )
    return report(list(sessions(features, regimes, Window(zone, start, end), plan.horizons)), plan)
