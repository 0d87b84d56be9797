"""Whether the members of a group lie on a scale, and in which order: by the numbers of their names, else by the places that are listed.

No order is made up. Places alone are no scale, since candidates have them too; places beside numbers that follow them are one.
"""

from collections.abc import Sequence

import polars as pl

from lakeflow.forecast.tables import rungs

NO_NUMBER, OTHER_WORDS, OVERLAP = "NO_NUMBER", "OTHER_WORDS", "OVERLAP"
SAID = (*rungs.SHAPE, "place", "is_rest")
REST = r"(?i)\b(?:others?|none|neither|nobody|any|another|else|tie|draw|field)\b"  # has no place on a scale


def named(markets: pl.DataFrame) -> pl.DataFrame:
    """Markets with what their names and places say of a scale."""
    return markets.with_columns(
        *rungs.read(markets["group_item"]).get_columns(),
        place=pl.col("group_place").cast(pl.Float64, strict=False),
        is_rest=pl.col("group_item").str.contains(REST).fill_null(value=True),
    )


def ordered(members: pl.DataFrame, of: Sequence[str]) -> pl.DataFrame:
    """Named members, each group in the order of its scale, with the number of each as `threshold` and why there is no scale as `not_ordered`.

    A scale has one unit, each number once, and no range over another.
    """
    says, by_place = pl.col("low").is_not_null(), pl.col("by_place")
    rows = turned(members, of).with_columns(
        by_place=placed().over(of), falls=falling().over(of), differ=(words_differ() | ways_differ()).over(of)
    )
    place = pl.when("falls").then(-pl.col("place")).otherwise("place")
    return (
        rows.sort(*of, pl.when("by_place").then(place), "low", "high", "condition_id", nulls_last=True)
        .with_columns(crossed=crossed(of).any().over(of))
        .with_columns(
            threshold=pl.when(pl.col("low").is_finite()).then("low").otherwise("high"),
            not_ordered=pl.when((~says).any().over(of) & ~by_place)
            .then(pl.lit(NO_NUMBER))
            .when("differ")
            .then(pl.lit(OTHER_WORDS))
            .when("crossed")
            .then(pl.lit(OVERLAP)),
        )
        .drop("by_place", "falls", "differ", "crossed")
    )


def turned(members: pl.DataFrame, of: Sequence[str]) -> pl.DataFrame:
    """Falls as numbers below nothing, in groups that have rises too; three cuts and four, among cuts alone, are plain numbers."""
    both = ((pl.col("way") == -1).any() & (pl.col("way") == 1).any()).over(of) & (pl.col("way") == -1)
    is_fall = both.fill_null(value=False)
    return members.with_columns(
        low=pl.when(is_fall).then(-pl.col("high")).otherwise("low"),
        high=pl.when(is_fall).then(-pl.col("low")).otherwise("high"),
    )


def placed() -> pl.Expr:
    """Whether places order a group: each has one of its own, most name a number, and those that do not might be on a scale ("Hold")."""
    says, place = pl.col("low").is_not_null(), pl.col("place")
    apart = place.is_not_null().all() & (place.n_unique() == pl.len())
    most = (says.sum() > (~says).sum()) & (says.sum() > 1)
    return ~says.all() & apart & most & ~(pl.col("is_rest") & ~says).any()


def falling() -> pl.Expr:
    """Whether the numbers of a group fall along its places."""
    along = pl.col("low").sort_by("place").drop_nulls()
    return (along.first() > along.last()).fill_null(value=False)


def words_differ() -> pl.Expr:
    """Whether names say more than one thing beside their numbers: 5 of one and 6 of another are no scale."""
    return pl.col("words").filter(pl.col("words") != "").n_unique() > 1


def ways_differ() -> pl.Expr:
    """Whether some names are falls or rises and others, of more than nothing, neither."""
    is_more = (pl.col("low") != 0) | (pl.col("high") != 0)
    return (pl.col("way") != 0).any() & ((pl.col("way") == 0) & is_more).any()


def crossed(of: Sequence[str]) -> pl.Expr:
    """Whether a number is one that was, or lies within the range before it; 5-10 may begin where 0-5 ends, and "over 5" at 5."""
    low, high = pl.col("low"), pl.col("high")
    low_before, high_before = (each.forward_fill().shift(1).over(of) for each in (low, high))
    same = (low == low_before) & (high == high_before)
    one_is_point = (low == high) != (low_before == high_before)
    closed = one_is_point & low_before.is_finite() & high.is_finite()
    return ((low < high_before) | same | ((low == high_before) & closed)).fill_null(value=False)
