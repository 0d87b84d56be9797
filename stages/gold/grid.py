"""The market truth of a session: one row a second of what the book, the trades and the flows were."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import polars as pl

from lakeflow.truth.grid import Rule, grid
from lakeflow.truth.session import Session
from lakeflow.truth.silver import About, gathered, instrument_of, tick_size


class Hours(Protocol):
    """A session, as far as it matters here."""

    open: datetime
    close: datetime
    zone: str


def seconds(  # noqa: PLR0913  a stage's arguments are its reads and its params
    bbo: pl.LazyFrame,
    depth: pl.LazyFrame,
    trades: pl.LazyFrame,
    flow: pl.LazyFrame,
    ofi: pl.LazyFrame,
    moves: pl.LazyFrame,
    anomalies: pl.LazyFrame,
    *,
    definition: pl.DataFrame,
    status: pl.DataFrame,
    coverage: pl.DataFrame,
    symbol: str,
    session: Hours,
    max_stale_s: int,
    max_gap_s: int,
    ticks: Mapping[str, float],
) -> pl.DataFrame:
    """Every second from the open up to the close, whatever the data say."""
    tables = {
        "bbo": bbo, "depth": depth, "trades": trades, "flow": flow, "ofi": ofi, "moves": moves, "anomalies": anomalies,
    }  # fmt: skip
    hours = Session.between(session.open, session.close)
    silver = gathered(tables, About(definition, status, coverage), hours, symbol)
    rule = Rule(tick_size(definition, symbol, ticks), max_stale_s, max_gap_s, session.zone)
    return grid(silver, hours, rule, instrument_of(definition, symbol))
