"""Which markets of one event ask whether one value is above, or below, numbers of their own, and which share out all that it can be."""

import math

import polars as pl

from lakeflow.forecast.tables.clusters import lowest
from lakeflow.forecast.tables.rungs import side
from lakeflow.forecast.tables.scales import named, ordered

# 5 pm is a number too, and no threshold
UNITS = ("", "%", "°", "°f", "°c", "bps", "bp", "usd", "percent", "point")
ENDS_DIFFER, NO_SIDE = "ENDS_DIFFER", "NO_SIDE"
ASKED = pl.Struct({"up": pl.Boolean, "number": pl.Float64})
ABOVE, BELOW, AT, RANGE = "above", "below", "at", "range"


def laddered(markets: pl.DataFrame) -> pl.DataFrame:
    """Named markets with the ladder that each is a rung of, null where it is none; from `threshold` up if `is_above`, else from there down.

    A ladder is what an event has thresholds of alone. One that has ranges, or numbers without a side beside open ends, shares out a value.
    """
    alone = pl.col("group_id").is_null() & pl.col("game_id").is_null() & pl.col("event").is_not_null()
    items = named(markets).with_columns(event=lowest("event_ids"))
    unsaid = items.select(pl.when(alone & (pl.col("low") == pl.col("high"))).then("question")).to_series()
    rows = items.with_columns(asked(unsaid)).unnest("asked")
    shared = (pl.col("part") == RANGE).any() | ((pl.col("part") == AT).any() & (pl.col("part") != AT).any())
    several = pl.col("condition_id").n_unique().over("event", "part") > 1
    is_rung = pl.col("part").is_not_null() & ~shared.over("event") & several
    return (
        rows.with_columns(part=pl.when(alone).then(part()))
        .with_columns(
            threshold=pl.when(pl.col("low").is_finite()).then("low").otherwise("high"),
            is_above=pl.when(pl.col("part").is_in([ABOVE, BELOW])).then(pl.col("part") == ABOVE),
            ladder=pl.when(is_rung).then(pl.format("event {} {}", "event", "part")),
        )
        .drop("up", "number", "part")
    )  # fmt: skip


def asked(questions: pl.Series) -> pl.Series:
    """What each question asks: more or less, and than what."""
    told = [(None, None) if each is None else side(each) for each in questions]
    return pl.Series("asked", [{"up": up, "number": number} for up, number in told], dtype=ASKED)


def part() -> pl.Expr:
    """What part of all numbers a market asks about: the item says the number, it or the question the side.

    Where the question has another number behind that word ("above 100k in 2026"), the item's is no threshold.
    """
    low, high = pl.col("low"), pl.col("high")
    is_plain = pl.col("words").is_in(UNITS) & (pl.col("way") == 0)
    agrees = (pl.col("number") == low).fill_null(value=True)
    return (
        pl.when(low.is_null())
        .then(None)
        .when(is_plain & high.is_infinite() & low.is_finite())
        .then(pl.lit(ABOVE))
        .when(is_plain & low.is_infinite() & high.is_finite())
        .then(pl.lit(BELOW))
        .when(~is_plain | ~agrees | (low != high))
        .then(pl.lit(RANGE))
        .when(pl.col("up"))
        .then(pl.lit(ABOVE))
        .when(~pl.col("up"))
        .then(pl.lit(BELOW))
        .otherwise(pl.lit(AT))
    )


def by_threshold(rungs: pl.DataFrame, of: list[str]) -> pl.DataFrame:
    """Rungs in the order of their thresholds, with why they are no ladder as `not_ordered`: it asks about one side of one value at one time."""
    flat = rungs.with_columns(low="threshold", high="threshold")
    apart, blind = (pl.col("ts_scheduled_end").n_unique() > 1).over(of), pl.col("is_above").is_null()
    why = pl.when(apart).then(pl.lit(ENDS_DIFFER)).when(blind).then(pl.lit(NO_SIDE))
    return ordered(flat, of).with_columns(not_ordered=pl.coalesce("not_ordered", why))


def shares(markets: pl.DataFrame) -> pl.DataFrame:
    """Markets whose event shares out all that a value can be, from the least to the most, with its name: exactly one of them wins.

    Nobody lists them as a group of which one wins; that both ends are open and no range lies over another, or far from it, says so.
    """
    last = markets.sort("ts_valid_from").unique("condition_id", keep="last", maintain_order=True)
    alone = pl.col("group_id").is_null() & pl.col("game_id").is_null() & pl.col("event").is_not_null()
    rows = laddered(last).filter(alone, pl.col("ladder").is_null(), pl.col("group_item").is_not_null())
    whole = (
        pl.col("not_ordered").is_null(),
        pl.col("low").first().over("event") == -math.inf,
        pl.col("high").last().over("event") == math.inf,
        is_close().over("event"),
        (pl.col("ts_scheduled_end").n_unique() == 1).over("event"),
        (pl.col("outcomes").list.first().str.to_lowercase() == "yes").all().over("event"),
    )
    return (
        ordered(rows, ["event"]).filter(*whole).select("condition_id", share=pl.format("event {}", "event"))
    )


def is_close() -> pl.Expr:
    """Whether ordered ranges leave nothing out: they are a step apart, and the same everywhere, or by less than they are wide."""
    low, high = pl.col("low"), pl.col("high")
    gaps, widths = (low - high.shift(1)).drop_nulls().round(9), high - low
    widest = widths.filter(widths.is_finite()).max().fill_null(0.0)
    return (gaps.max() <= widest) | ((gaps.n_unique() == 1) & (gaps.len() > 1))


def sharing(rows: pl.DataFrame, shared: pl.DataFrame) -> pl.DataFrame:
    """Rows of markets with their event as group, where it shares out a value."""
    named_so = rows.join(shared, on="condition_id", how="left", maintain_order="left")
    return named_so.with_columns(group_id=pl.coalesce("group_id", "share")).drop("share")
