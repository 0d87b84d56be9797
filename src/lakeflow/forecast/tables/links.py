"""Where a venue tells of a market: addresses with the market's id or its name put in."""

from collections.abc import Sequence

import polars as pl

from lakeflow.forecast.refusals import PLACE


def links(markets: pl.DataFrame, addresses: Sequence[str]) -> pl.DataFrame:
    """The addresses of each market in their order; one with a name is that of the last name, and a market without one has none such.

    A name may be another market's later, an id never is.
    """
    last = markets.sort("ts_valid_from").unique("condition_id", keep="last", maintain_order=True)
    none = pl.lit([], dtype=pl.List(pl.String))
    every = pl.concat_list(*map(address, addresses)).list.drop_nulls() if addresses else none
    return last.select("condition_id", links=every).sort("condition_id")


def address(template: str) -> pl.Expr:
    """An address; null where the market lacks what belongs into it."""
    parts = PLACE.split(template)
    return pl.concat_str(pl.col(part) if place % 2 else pl.lit(part) for place, part in enumerate(parts))
