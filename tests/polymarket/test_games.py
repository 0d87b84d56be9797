"""The second venue: published forecasts of games, through the same scores as markets."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from lakeflow.forecast.tables.games import games
from lakeflow.forecast.tables.measured import measured

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "forecasts"
HEAD = "season,date,team1,team2,prob1,prob1_outcome,prob2,prob2_outcome\n"


def written(tmp_path, *lines):
    path = tmp_path / "games.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n")
    return path


def test_a_game_is_one_forecast_and_not_two(tmp_path):
    found = games(written(tmp_path, "2021,2022-02-13,Bengals,Rams,0.25,0,0.75,1"), "nfl")
    assert found.select("p", "y", "brier").rows() == [(250_000, 0, 0.0625)]


def test_a_tie_has_no_score(tmp_path):
    assert games(written(tmp_path, "2021,2022-02-13,A,B,0.25,0.5,0.75,0.5"), "nfl").is_empty()


def test_teams_that_meet_twice_on_a_day_are_two_games(tmp_path):
    line = "2021,2022-02-13,A,B,0.25,0,0.75,1"
    assert games(written(tmp_path, line, line), "nfl")["condition_id"].n_unique() == 2


def test_another_file_is_refused_with_what_it_lacks(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="prob1"):
        games(path, "nfl")


@pytest.mark.skipif(not DATA.is_dir(), reason="the folder of vendor samples is not there")
@pytest.mark.parametrize("league", ["nba", "nfl"])
def test_the_figures_are_those_of_another_library(league):
    found = games(DATA / f"{league}_games.csv", league)
    p, y = (found["p"] / 1e6).to_numpy(), found["y"].to_numpy()
    metrics = measured(found, 20, 1)["metrics"].filter(
        pl.col("segment") == "all", pl.col("weighting") == "EQUAL"
    )
    told = dict(metrics.select("metric", "value").iter_rows())
    assert np.isclose(told["brier"], brier_score_loss(y, p), atol=1e-12)
    assert np.isclose(told["auc"], roc_auc_score(y, p), atol=1e-12)
