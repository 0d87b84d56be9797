"""What was traded in the day before a cutoff once more: by running sums, and by the text of what the service of trades was asked.

Nothing here is shared with what makes snapshots, which are held against it.
"""

import polars as pl

from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.last_words import Said, in_line

DAY = pl.duration(days=1, time_unit="ns")
SERVICE = r"^(?:https?://data[.-][^/]*|/?data)/(?:(?:v\d+|keyset)/)*trades(?:[/?]|$)"
EMPTY = r'"\w+"\s*:\s*(?:null|"")\s*,?'
TAKERS = r'"taker_?only"\s*:\s*(?:true|"true"|"1")'
BEGINS_LATER = r'"(?:cursor|after_cursor|next_cursor|offset)"\s*:\s*"?[^0"\s]'
NAMES = [
    "condition_id",
    "conditionid",
    "condition",
    "market",
    "taker_only",
    "takeronly",
    "limit",
    "start",
    "end",
]
PLACES = ["cursor", "after_cursor", "next_cursor", "offset"]
CONDITION = r"0x[0-9a-f]{62,64}"


def misvalued(shot: pl.DataFrame, markets: pl.DataFrame, said: Said) -> pl.DataFrame:
    """Snapshots whose dollars are not those of the takers' trades of the day before, by whoever can tell them; of nobody there are none."""
    fed = said.last_trades.select(
        "condition_id",
        ts_event="ts_recv",
        paid=(pl.col("price").cast(pl.Int128) * pl.col("size") // WHOLE).cast(pl.Int64),
    )
    takers = said.trades.filter("is_taker").select("condition_id", "ts_event", "paid")
    told = shot.select("condition_id", "ts_cutoff").with_columns(
        listed=since_day_before(shot, takers), told=since_day_before(shot, fed)
    )
    asked = wholly_asked(said.requests).group_by("condition_id").agg(ts_asked=pl.col("ts_observed").max())
    rows = in_line(told, spoken(markets, said), "ts_spoken", "condition_id").join(
        asked, on="condition_id", how="left", maintain_order="left"
    )
    is_listed = pl.col("ts_asked") >= pl.col("ts_cutoff")
    is_told = pl.col("ts_spoken") > pl.col("ts_cutoff") - DAY
    right = rows.select(pl.when(is_listed).then("listed").when(is_told).then("told")).to_series()
    return shot.filter(pl.col("volume_24h").ne_missing(pl.lit(right)))


def spoken(markets: pl.DataFrame, said: Said) -> pl.DataFrame:
    """When the feed told anything of either outcome of a market."""
    every = markets.select("condition_id", pl.col("token_ids").alias("token_id"))
    tokens = every.explode("token_id", empty_as_null=False).unique()
    heard = said.heard.join(tokens, on="token_id", how="inner")
    return heard.select("condition_id", ts_spoken="ts_recv").sort("ts_spoken")


def since_day_before(shot: pl.DataFrame, paid: pl.DataFrame) -> pl.Series:
    """The dollars of the day up to each cutoff: what had been paid of its market by then, less what had been a day earlier."""
    so_far = paid.sort("ts_event").with_columns(so_far=pl.col("paid").cum_sum().over("condition_id"))
    words = so_far.select("condition_id", "ts_event", "so_far")
    now, earlier = (
        in_line(
            shot.select("condition_id", "ts_cutoff").with_columns(pl.col("ts_cutoff") - back),
            words,
            "ts_event",
            "condition_id",
        )
        for back in (0 * DAY, DAY)
    )
    return now["so_far"].fill_null(0) - earlier["so_far"].fill_null(0)


def wholly_asked(requests: pl.DataFrame) -> pl.DataFrame:
    """Requests for all takers' trades of markets, a row for each market: found in the text of what was asked, without reading it."""
    text = pl.col("params").str.replace_all(EMPTY, "")
    names = (
        text.str.to_lowercase().str.extract_all(r'"\w+"\s*:').list.eval(pl.element().str.extract(r"(\w+)"))
    )
    rows = requests.filter(
        pl.col("complete"), pl.col("page_no") <= 0, pl.col("endpoint").str.contains(SERVICE)
    )
    whole = rows.select("ts_observed", text=text.str.to_lowercase(), names=names).filter(
        pl.col("text").str.contains(TAKERS),
        pl.col("text").str.count_matches(TAKERS) == pl.col("text").str.count_matches(r'"taker_?only"'),
        ~pl.col("text").str.contains(BEGINS_LATER),
        pl.col("names").list.set_difference([*NAMES, *PLACES]).list.len() == 0,
    )
    ids = pl.col("text").str.extract_all(CONDITION)
    return (
        whole.select("ts_observed", condition_id=ids)
        .explode("condition_id", empty_as_null=False)
        .drop_nulls()
        .with_columns(pl.col("condition_id").str.pad_end(len("0x") + 64, "0"))
    )
