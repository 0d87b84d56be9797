"""Where the venue tells of a market: its page, and what its services answer about it."""

import polars as pl

PAGE, RECORD = "https://polymarket.com/market/", "https://clob.polymarket.com/markets/"
RESOLUTION = "https://data-api.polymarket.com/v2/resolutions?condition_id="


def links(markets: pl.DataFrame) -> pl.DataFrame:
    """The addresses of each market: its record and its resolution by its id, then its page by the name that it had last.

    A name may be another market's later, an id never is.
    """
    last = markets.sort("ts_valid_from").unique("condition_id", keep="last", maintain_order=True)
    by_id = [pl.format(f"{address}{{}}", "condition_id") for address in (RECORD, RESOLUTION)]
    named = pl.concat_list(*by_id, pl.format(f"{PAGE}{{}}", "slug"))
    return last.select("condition_id", links=named.list.drop_nulls()).sort("condition_id")
