"""Another venue, as an example of adding one: published forecasts of games as snapshots' rows, scored like any market.

A venue needs three things here: an id for each question, the forecast of outcome 0 with the instant it is of, and the outcome. What
the scores, segments and boards want beside these follows from a fixed choice that this file makes in the open.
"""

from pathlib import Path

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.scored import costed

FORECASTER = "FIVETHIRTYEIGHT"
COLUMNS = {
    "season": pl.Int64(), "date": pl.Date(), "team1": pl.String(), "team2": pl.String(), "prob1": pl.Float64(),
    "prob1_outcome": pl.Float64(), "prob2": pl.Float64(), "prob2_outcome": pl.Float64(),
}  # fmt: skip


def games(path: Path, league: str) -> pl.DataFrame:
    """Scored forecasts of a league's games: the first team's chance on the morning of the game, once for each game.

    The second team's chance is the same forecast told again, so it is left out: scoring both doubles the witnesses and proves
    nothing. A tie is no outcome of either and has no score. Teams that meet twice on a day are two games, in file order.
    """
    table = pl.read_csv(path, schema_overrides=COLUMNS, null_values=["", "NA"])
    lacking = sorted(set(COLUMNS) - set(table.columns))
    if lacking:
        raise ValueError(
            f"{path}: expected the columns {sorted(COLUMNS)}, found none of {lacking}; is it a file of games?"
        )
    again = pl.int_range(pl.len()).over("date", "team1", "team2")
    midnight = pl.col("date").cast(cutoffs.TIME)
    rows = table.with_columns(nth=again).filter(
        pl.col("prob1_outcome").is_in([0.0, 1.0]), pl.col("prob1").is_between(0, 1)
    )
    return costed(
        rows.select(
            condition_id=pl.format("{}-{}-{}-{}-{}", pl.lit(league), "date", "team1", "team2", "nth"),
            anchor=pl.lit(cutoffs.CALENDAR),
            horizon_s=pl.lit(0),
            ts_cutoff=midnight,
            forecaster=pl.lit(FORECASTER),
            p=(pl.col("prob1") * WHOLE).round().cast(pl.Int64),
            y=pl.col("prob1_outcome").cast(pl.Int8),
            cluster_id=pl.format("{}-{}-{}", pl.lit(league), "season", pl.min_horizontal("team1", "team2")),
            group_id=pl.lit(None, pl.String),
            category=pl.lit("sports"),
            liquidity_bucket=pl.lit(None, pl.String),
            p_kind=pl.lit("PUBLISHED"),
            ts_label_known=midnight
            + pl.duration(days=2, time_unit="ns"),  # a game is over by then wherever it is played
            weight_equal=pl.lit(1.0),
            weight_volume=pl.lit(0.0),
        )
    ).sort("condition_id")
