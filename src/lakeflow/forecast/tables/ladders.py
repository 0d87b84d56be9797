"""Which markets of one event ask whether one value is above, or below, numbers of their own, and so are rungs of a ladder."""

import polars as pl

from lakeflow.forecast.tables.clusters import lowest
from lakeflow.forecast.tables.rungs import side
from lakeflow.forecast.tables.scales import named, ordered

UNITS = (
    "",
    "%",
    "°",
    "°f",
    "°c",
    "bps",
    "bp",
    "usd",
    "percent",
    "point",
)  # 5 pm is a number too, and no threshold
ENDS_DIFFER = "ENDS_DIFFER"
ASKED = pl.Struct({"up": pl.Boolean, "number": pl.Float64})


def laddered(markets: pl.DataFrame) -> pl.DataFrame:
    """Named markets with the ladder that each is a rung of, null where it is none; from `threshold` up if `is_above`, else from there down.

    The item says the number, it or the question the side. A number that the question puts behind that word is no other.
    """
    rows = (
        named(markets)
        .with_columns(asked=asked(markets["question"]), event=lowest("event_ids"))
        .unnest("asked")
    )
    alone = pl.col("group_id").is_null() & pl.col("game_id").is_null() & pl.col("event").is_not_null()
    is_at = pl.col("low") == pl.col("high")
    is_one = is_at | (pl.col("low").is_finite() != pl.col("high").is_finite())
    agrees = ~is_at | (pl.col("number") == pl.col("low")).fill_null(value=True)
    is_rung = alone & is_one & agrees & pl.col("words").is_in(UNITS) & (pl.col("way") == 0)
    by_item = pl.when(~is_at).then(pl.col("low").is_finite())
    return rows.with_columns(
        is_above=pl.coalesce(by_item, "up"), threshold=pl.when(pl.col("low").is_finite()).then("low").otherwise("high")
    ).with_columns(
        ladder=pl.when(is_rung).then(pl.format("event {} {}", "event", worded(pl.col("is_above")))),
    ).drop("up", "number")  # fmt: skip


def asked(questions: pl.Series) -> pl.Series:
    """What each question asks: more or less, and than what."""
    told = [side(each or "") for each in questions]
    return pl.Series("asked", [{"up": up, "number": number} for up, number in told], dtype=ASKED)


def worded(is_above: pl.Expr) -> pl.Expr:
    """The side in a word, null where there is none."""
    return pl.when(is_above).then(pl.lit("above")).when(~is_above).then(pl.lit("below"))


def by_threshold(rungs: pl.DataFrame, of: list[str]) -> pl.DataFrame:
    """Rungs in the order of their thresholds, with why they are no ladder as `not_ordered`: it asks about one value at one time."""
    flat = rungs.with_columns(low="threshold", high="threshold")
    apart = (pl.col("ts_scheduled_end").n_unique() > 1).over(of)
    return ordered(flat, of).with_columns(
        not_ordered=pl.coalesce("not_ordered", pl.when(apart).then(pl.lit(ENDS_DIFFER)))
    )
