"""How the forecasts of each market came out, against what was known then, and its place among the markets of its category."""

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.measured import FEWEST_TO_RANK
from lakeflow.forecast.tables.yardsticks import ON

FEWEST_FORECASTS = 3  # of a market that has a rank: one lucky hour is no skill
OF = ["condition_id", "forecaster"]


def by_market(scored: pl.DataFrame, held: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """A row a market and forecaster: how its forecasts under the honest anchor came out, against the yardsticks of its category that they are `held` to."""
    honest = scored.filter(pl.col("anchor") == cutoffs.SCHED_END)
    rows = against(honest, held).sort(*OF, "ts_cutoff").group_by(OF, maintain_order=True).agg(
        pl.col("category").last(), pl.col("cluster_id").last(), pl.col("y").last(), forecasts=pl.len().cast(pl.Int64),
        brier=pl.col("brier").mean(), log_loss=pl.col("log_loss").mean(), last_p=pl.col("p").last(),
        last_horizon_s=pl.col("horizon_s").last(), ts_label_known=pl.col("ts_label_known").max(),
        brier_reference=pl.when(pl.col("yardstick").is_not_null().all()).then(pl.col("yardstick").mean()),
    )  # fmt: skip
    skill = pl.when(pl.col("brier_reference") > 0).then(1 - pl.col("brier") / pl.col("brier_reference"))
    return (
        rows.with_columns(brier_skill=skill)
        .with_columns(rank=rank())
        .join(links, on="condition_id", how="left", maintain_order="left")
        .with_columns(pl.col("links").fill_null(pl.lit([], dtype=pl.List(pl.String))))
        .sort(OF)
    )


def against(scored: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Forecasts with the squared error of the yardstick of their category; null of one that has none."""
    of = scored.with_columns(segment=pl.format("category={}", "category"))
    rates = held.select("segment", *ON, "rate")
    found = of.join(rates, on=["segment", *ON], how="left", maintain_order="left")
    return found.with_columns(yardstick=(pl.col("rate") - pl.col("y")) ** 2)


def rank() -> pl.Expr:
    """The place by skill among markets of a category and forecaster that were forecast often enough, where they are of enough clusters."""
    of = ("category", "forecaster")
    often = (pl.col("forecasts") >= FEWEST_FORECASTS) & pl.col("brier_skill").is_not_null()
    enough = pl.when(often).then("cluster_id").drop_nulls().n_unique().over(of) >= FEWEST_TO_RANK
    place = pl.when(often).then("brier_skill").rank("min", descending=True).over(of)
    return pl.when(often & enough).then(place).cast(pl.Int64)
