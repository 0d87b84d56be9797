"""What came after the events of a session, and after all of its seconds."""

import polars as pl

from lakeflow.market.symbols import future_parent
from lakeflow.truth.aftermath import exposure, followed


def outcomes(
    market_truth: pl.DataFrame,
    regimes: pl.DataFrame,
    bursts: pl.DataFrame,
    liquidity_events: pl.DataFrame,
    symbol: str,
) -> dict[str, pl.DataFrame]:
    """Labels: of each event from the second in which it was known, and of the seconds that it is held against."""
    columns = [name for name in bursts.columns if name not in ("kind", "side")]
    parts = [
        each.select("kind", "side", *columns).cast({"kind": pl.String}) for each in (bursts, liquidity_events)
    ]
    events = pl.concat([part.cast({"side": pl.String, "vol_regime": pl.String}) for part in parts])
    underlying = future_parent(symbol) or symbol
    return {
        "outcomes": followed(events, market_truth),
        "exposure": exposure(market_truth, regimes, underlying),
    }
