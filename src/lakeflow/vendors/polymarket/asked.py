"""Of which markets the service of trades was asked, and when: a market without a trade is in no answer, but in its request."""

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
