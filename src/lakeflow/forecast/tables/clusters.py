"""What a market's outcome is not independent of: its game, the group of which one wins, or the event that lists it."""

import polars as pl

OF = ["condition_id", "ts_valid_from"]
LISTS = ("event_ids", "parent_event_ids")


def of_all_events(every: pl.DataFrame) -> pl.DataFrame:
    """Versions with every event that had listed the market by then, and what those are parts of: an answer about one event names no other.

    The cluster follows.
    """
    for ids in LISTS:
        every = every.join(by_then(every, ids), on=OF, how="left", maintain_order="left").with_columns(
            pl.coalesce("by_then", ids).alias(ids)
        ).drop("by_then")  # fmt: skip
    return every.with_columns(cluster_id=cluster())


def by_then(every: pl.DataFrame, ids: str) -> pl.DataFrame:
    """The ids that each version or an earlier one of the same market has."""
    seen = every.select("condition_id", ids, since="ts_valid_from").explode(
        ids, empty_as_null=False, keep_nulls=False
    )
    first = seen.group_by("condition_id", ids).agg(pl.col("since").min())
    return (
        every.select(OF)
        .join(first, on="condition_id", how="inner")
        .filter(pl.col("since") <= pl.col("ts_valid_from"))
        .group_by(OF)
        .agg(by_then=pl.col(ids).unique().sort())
    )


def cluster() -> pl.Expr:
    """The widest of what a market shares its outcome with: a game is in many events, and its three-way market is a group within it."""
    return pl.coalesce(
        pl.format("game {}", "game_id"),
        "group_id",
        *(pl.format("event {}", lowest(ids)) for ids in LISTS[::-1]),
        "condition_id",
    )


def lowest(ids: str) -> pl.Expr:
    """The lowest of a list of ids, always the same one of many: by number where they are numbers, else by their text."""
    numbers = pl.col(ids).list.eval(pl.element().cast(pl.Int64, strict=False))
    return pl.coalesce(numbers.list.min().cast(pl.String), pl.col(ids).list.min())
