"""What stood out in a session: bursts, pulls, vacuums and the like, and the regime of every second."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol

import polars as pl

from lakeflow.market.symbols import future_parent
from lakeflow.truth.day_clock import times_of_day
from lakeflow.truth.event_table import Named
from lakeflow.truth.history import Policy, sessions_of
from lakeflow.truth.rules import Burst, Chop, Fear, Flicker, Past, Rules, Shares, Vacuum
from lakeflow.truth.session import Session
from lakeflow.truth.session_events import COLUMNS, Given, tables


class Hours(Protocol):
    """A session, as far as it matters here."""

    open: datetime
    close: datetime


def found(  # noqa: PLR0913  a stage's arguments are its reads and its params
    market_truth: pl.LazyFrame,
    earlier: pl.LazyFrame,
    symbol: str,
    dt: date,
    session: Hours,
    *,
    bursts: Mapping[str, Mapping[str, list[float]]],
    burst_fallback_ticks: list[float],
    burst: Mapping[str, Any],
    liquidity: Mapping[str, Any],
    flicker: Mapping[str, Any],
    vacuum: Mapping[str, Any],
    fear: Mapping[str, Any],
    chop: Mapping[str, Any],
    past: Mapping[str, Any],
    tod_zone: str,
    tod: Mapping[str, str],
    tod3: Mapping[str, str],
) -> dict[str, pl.DataFrame]:
    """Nothing but what was known by a second makes its `regime_rt`; the sessions before tell what is usual."""
    rules = Rules(
        Burst(**burst),
        Shares(**liquidity),
        Flicker(**flicker),
        Vacuum(**vacuum),
        Fear(**fear),
        Chop(**chop),
        Past(**past),
    )
    grid = market_truth.select(COLUMNS).collect()
    parts = {"tod_bucket": tod, "tod3": tod3}
    clocks = {name: times_of_day(session.open, len(grid), tod_zone, each) for name, each in parts.items()}
    given = Given(
        grid.with_columns(**clocks),
        sessions_of(earlier),
        Session.between(session.open, session.close),
        Policy(bursts, burst_fallback_ticks, rules=rules),
        symbol,
    )
    named = Named(future_parent(symbol) or symbol, int(grid["instrument_id"][0]), dt, "", "")
    return tables(given, named)
