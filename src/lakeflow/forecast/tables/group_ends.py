"""The instants at which groups are asked whose members end at different times: before the first of these ends, as it was known then.

Until the first end no answer is due, so all members can have a price at one instant and the group a score as one question.
"""

from datetime import date

import polars as pl

from lakeflow.forecast.tables import cutoffs

AT = ["group_id", "horizon_s", "ts_cutoff"]


def group_ends(markets: pl.DataFrame, dt: date) -> pl.DataFrame:
    """The cutoffs of a day, a row a member and horizon; none of groups whose members were to end together, which are asked then anyhow.

    A member that is over counts among the ends as long as it is listed: a group whose first end has come is asked no second time.
    """
    begins, ends = cutoffs.bounds(dt)
    listed = markets.filter(~waiting(), pl.col("group_id").is_not_null())
    apart = pl.col("ts_scheduled_end").drop_nulls().n_unique().over("group_id") > 1
    some = listed.filter(apart)
    due = (
        some.select("group_id", first="ts_scheduled_end")
        .unique()
        .join(pl.DataFrame({"horizon_s": cutoffs.HORIZONS}), how="cross")
        .with_columns(
            ts_cutoff=(pl.col("first") - pl.duration(seconds="horizon_s", time_unit="ns")).cast(cutoffs.TIME)
        )
        .filter(pl.col("ts_cutoff").is_between(begins, ends, closed="left"))
    )
    then = cutoffs.held(some.join(due, on="group_id", how="inner"))
    is_first = (pl.col("ts_scheduled_end").min().over(AT) == pl.col("first")) & (
        pl.col("ts_scheduled_end").drop_nulls().n_unique().over(AT) > 1
    )
    return then.filter(is_first).select(
        *markets.columns, "horizon_s", anchor=pl.lit(cutoffs.GROUP_END), ts_cutoff="ts_cutoff"
    )


def first_ends(asked: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """The first scheduled end of each group that was known at a cutoff, as `first_end`."""
    at = ["group_id", "ts_cutoff"]
    listed = markets.filter(~waiting()).join(asked.select(at).unique(), on="group_id", how="inner")
    return cutoffs.held(listed).group_by(at).agg(first_end=pl.col("ts_scheduled_end").min())


def waiting() -> pl.Expr:
    """Whether a market is a place kept for somebody."""
    return ~pl.col("active").fill_null(value=True) & ~pl.col("closed").fill_null(value=False)
