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
REPEATED = "REPEATED"
SLACK = 1e-6  # the two chances of a game sum to one
COLUMNS = {
    "season": pl.Int64(), "date": pl.Date(), "team1": pl.String(), "team2": pl.String(), "prob1": pl.Float64(),
    "prob1_outcome": pl.Float64(), "prob2": pl.Float64(), "prob2_outcome": pl.Float64(),
}  # fmt: skip


class NoGames(ValueError):
    """A file that is none of games: where, what was expected, what was found."""

    def __init__(self, path: Path, found: str) -> None:
        said = f"a file with a header of {', '.join(COLUMNS)}, with commas between"
        super().__init__(f"{path}: expected {said}, found {found[:200] or 'nothing'}")


class Games(NamedTuple):
    """A league's games as forecasts that were scored, and the lines that are none, each with why."""

    scored: pl.DataFrame
    refused: pl.DataFrame


def games(path: Path, league: str) -> Games:
    """Scored forecasts of a league's games: the first team's chance on the morning of the game, once for each game.

    The second team's chance is the same forecast told again, so it is left out: scoring both doubles the witnesses and proves
    nothing. Teams that meet twice on a day are two games, in file order, if anything of these differs: a line that says the same once
    more, either way round, is the same game. Each game is a cluster of its own: it has one forecast.
    """
    table = lines(path)
    typed = [pl.col(name).cast(dtype, strict=False) for name, dtype in COLUMNS.items() if name != "date"]
    dated = pl.col("date").str.to_date("%Y-%m-%d", strict=False)
    found = table.with_columns(*typed, dated).with_columns(reason=reason())
    again = repeated(found)
    told = found.with_columns(
        reason=pl.when(again).then(pl.coalesce("reason", pl.lit(REPEATED))).otherwise("reason")
    )
    is_good = told["reason"].is_null()
    refused = table.with_columns(told["reason"]).filter(~is_good).select("line", "reason", *COLUMNS)
    numbered = told.filter(is_good).with_columns(nth=pl.int_range(pl.len()).over("date", "team1", "team2"))
    return Games(asked(numbered, league), refused)


def lines(path: Path) -> pl.DataFrame:
    """The lines of a file of games as texts, each with its number in the file."""
    try:
        table = pl.read_csv(
            path, infer_schema=False, null_values=["", "NA"], row_index_name="line", row_index_offset=2
        )
    except OSError as error:
        raise NoGames(path, error.strerror or str(error)) from error
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise NoGames(path, " ".join(str(error).split("\n")[:1])) from error
    if set(COLUMNS) - set(table.columns):
        raise NoGames(path, ", ".join(name for name in table.columns if name != "line"))
    return table


def repeated(rows: pl.DataFrame) -> pl.Series:
    """Whether a line before tells the same game with the same chances and outcomes, with its teams in either order."""
    first = pl.struct("team1", "prob1", "prob1_outcome")
    second = pl.struct("team2", "prob2", "prob2_outcome")
    names = ["team", "prob", "outcome"]
    sides = [side.struct.rename_fields(names) for side in (first, second)]
    swapped = pl.col("team2") < pl.col("team1")
    one, two = (pl.when(swapped).then(this).otherwise(other) for this, other in (sides[::-1], sides))
    told = rows.select("season", "date", one=one, two=two)
    return told.select(pl.int_range(pl.len()).over(told.columns) > 0).to_series()


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
