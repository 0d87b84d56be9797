"""Another venue, as an example of adding one: published forecasts of games as snapshots' rows, scored like any market.

A venue needs three things here: an id for each question, the forecast of outcome 0 with the instant it is of, and the outcome. What
the scores, segments and boards want beside these follows from a fixed choice that this file makes in the open.
"""

from pathlib import Path
from typing import NamedTuple

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.evidence import WHOLE
from lakeflow.forecast.tables.scored import costed

FORECASTER = "FIVETHIRTYEIGHT"
SLACK = 1e-6  # the two chances of a game sum to one
COLUMNS = {
    "season": pl.Int64(), "date": pl.Date(), "team1": pl.String(), "team2": pl.String(), "prob1": pl.Float64(),
    "prob1_outcome": pl.Float64(), "prob2": pl.Float64(), "prob2_outcome": pl.Float64(),
}  # fmt: skip


class Games(NamedTuple):
    """A league's games as forecasts that were scored, and the lines that are none, each with why."""

    scored: pl.DataFrame
    refused: pl.DataFrame


def games(path: Path, league: str) -> Games:
    """Scored forecasts of a league's games: the first team's chance on the morning of the game, once for each game.

    The second team's chance is the same forecast told again, so it is left out: scoring both doubles the witnesses and proves
    nothing. Teams that meet twice on a day are two games, in file order. Each game is a cluster of its own: it has one forecast.
    """
    table = pl.read_csv(
        path, infer_schema=False, null_values=["", "NA"], row_index_name="line", row_index_offset=2
    )
    lacking = sorted(set(COLUMNS) - set(table.columns))
    if lacking:
        raise ValueError(
            f"{path}: expected the columns {sorted(COLUMNS)}, found none of {lacking}; is it a file of games?"
        )
    typed = [pl.col(name).cast(dtype, strict=False) for name, dtype in COLUMNS.items() if name != "date"]
    dated = pl.col("date").str.to_date("%Y-%m-%d", strict=False)
    rows = table.with_columns(*typed, dated).with_columns(
        nth=pl.int_range(pl.len()).over("date", "team1", "team2"), reason=reason()
    )
    is_good = rows["reason"].is_null()
    refused = table.with_columns(rows["reason"]).filter(~is_good).select("line", "reason", *COLUMNS)
    return Games(asked(rows.filter(is_good), league), refused)


def reason() -> pl.Expr:
    """Why a line is no forecast with an outcome: a tie and a game that was not played have none, the others cannot be."""
    chances, outcomes = pl.col("prob1", "prob2"), (pl.col("prob1_outcome"), pl.col("prob2_outcome"))
    untold = pl.any_horizontal(pl.col("season", "date", "team1", "team2", "prob1", "prob2").is_null())
    outside = pl.any_horizontal(~chances.is_between(0, 1))
    others = (pl.col("prob1") + pl.col("prob2") - 1).abs() > SLACK
    tie = (outcomes[0] == 0.5) & (outcomes[1] == 0.5)
    settled = outcomes[0].is_in([0.0, 1.0]) & (outcomes[0] + outcomes[1] == 1)
    whys = (
        (untold, "NO_FORECAST"), (outside, "PROB_RANGE"), (others, "PROB_SUM"), (outcomes[0].is_null(), "NOT_PLAYED"), (tie, "TIE"),
        (~settled.fill_null(value=False), "BAD_OUTCOME"),
    )  # fmt: skip
    return pl.coalesce(*(pl.when(is_so.fill_null(value=False)).then(pl.lit(why)) for is_so, why in whys))


def asked(rows: pl.DataFrame, league: str) -> pl.DataFrame:
    """Lines as forecasts that were asked at midnight of the game's day, and known to be right or wrong two days later."""
    midnight = pl.col("date").cast(cutoffs.TIME)
    game = pl.format("{}-{}-{}-{}-{}", pl.lit(league), "date", "team1", "team2", "nth")
    return costed(
        rows.select(
            condition_id=game,
            anchor=pl.lit(cutoffs.CALENDAR),
            horizon_s=pl.lit(0),
            ts_cutoff=midnight,
            forecaster=pl.lit(FORECASTER),
            p=(pl.col("prob1") * WHOLE).round().cast(pl.Int64),
            y=pl.col("prob1_outcome").cast(pl.Int8),
            cluster_id=game,
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
