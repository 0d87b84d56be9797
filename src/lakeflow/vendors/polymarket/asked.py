"""Of which markets the service of trades was asked, and when, and which of its answers were cut short: a market without a trade is in no answer, but in its request."""

import re

import polars as pl

from lakeflow.vendors.polymarket.bodies import service_and_name
from lakeflow.vendors.polymarket.needed import padded

TRADES = "data/trades"
CONDITION = re.compile(r"0x(?:[0-9a-f]{64}|[0-9a-f]{62})(?![0-9a-f])")


def asked_for_trades(ledger: pl.DataFrame) -> pl.DataFrame:
    """A row for each market and request that was answered whole, with the instant of the answer."""
    good = ledger.filter("complete").select("endpoint", "params", "ts_observed")
    rows = [
        (padded(condition), at)
        for endpoint, params, at in good.iter_rows()
        if service_and_name(endpoint) == TRADES
        for condition in CONDITION.findall(params.lower())
    ]
    return pl.DataFrame(
        rows, schema={"condition_id": pl.String, "ts_observed": ledger.schema["ts_observed"]}, orient="row"
    )


def cut_short(ledger: pl.DataFrame) -> pl.Series:
    """The instants of answers of the service of trades that were not all of what was asked."""
    some = ledger.filter(~pl.col("complete")).select("endpoint", "ts_observed")
    of_trades = [service_and_name(endpoint) == TRADES for endpoint in some["endpoint"]]
    return some["ts_observed"].filter(pl.Series(of_trades, dtype=pl.Boolean)).unique()
