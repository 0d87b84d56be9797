"""Of which markets the service of trades was asked for everything that takers did, and when: a market without a trade is in no answer, but in its request."""

import json
import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from lakeflow.vendors.polymarket.bodies import service_and_name
from lakeflow.vendors.polymarket.needed import padded

TRADES = "data/trades"
CONDITION = re.compile(r"0x(?:[0-9a-f]{64}|[0-9a-f]{62})(?![0-9a-f])")
TAKERS = ("taker_only", "takerOnly")
MARKETS = ("condition_id", "conditionId", "condition", "market")
LATER = ("cursor", "after_cursor", "next_cursor", "offset")  # a page that is not the first of its listing
# What leaves nothing out: `start` and `end` are passed over where no user is asked for. Whatever else is said may be a filter.
WITHOUT_USER = ("start", "end")
HARMLESS = frozenset({*MARKETS, *TAKERS, *LATER, *WITHOUT_USER, "limit"})


def asked_for_trades(ledger: pl.DataFrame) -> pl.DataFrame:
    """A row for each market and request that all of its takers' trades were to be told by, with the instant of its first page.

    Lists of one user, side or size, of makers too, and those that leave something out tell trades, but never their sum.
    """
    good = ledger.filter(pl.col("complete"), pl.col("page_no") <= 0).select(
        "endpoint", "params", "ts_observed"
    )
    rows = [
        (condition, at)
        for endpoint, params, at in good.iter_rows()
        if service_and_name(endpoint) == TRADES
        for condition in whole_markets(params)
    ]
    return pl.DataFrame(
        rows, schema={"condition_id": pl.String, "ts_observed": ledger.schema["ts_observed"]}, orient="row"
    )


def whole_markets(params: str) -> list[str]:
    """The markets of which a request asks for every trade of a taker; none where it begins later or asks for a part of them."""
    said = {name: value for name, value in named(params).items() if value not in (None, "")}
    begins_later = any(str(said[name]) != "0" for name in LATER if name in said)
    if begins_later or said.keys() - HARMLESS or not of_takers(said):
        return []
    asked = json.dumps([said[name] for name in MARKETS if name in said]).lower()
    return [padded(condition) for condition in CONDITION.findall(asked)]


def of_takers(params: Mapping[str, Any]) -> bool:
    """Whether a request says that it wants the takers' trades alone: else each match may be there once for every maker, too."""
    said = [params[name] for name in TAKERS if name in params]
    return bool(said) and all(each is True or str(each).lower() in ("true", "1") for each in said)


def named(text: str) -> Mapping[str, Any]:
    """An object of JSON; of what is none there is nothing to read."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}
