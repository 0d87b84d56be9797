"""The second venue: published forecasts of games, through the same scores as markets."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from lakeflow.check import check_frame
from lakeflow.contract import load_contract
from lakeflow.forecast.tables.games import games
from lakeflow.forecast.tables.measured import measured

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "forecasts"
HEAD = "season,date,team1,team2,prob1,prob1_outcome,prob2,prob2_outcome\n"


def written(tmp_path, *lines):
    path = tmp_path / "games.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n")
    return path


def test_a_game_is_one_forecast_and_not_two(tmp_path):
    found = games(written(tmp_path, "2021,2022-02-13,Bengals,Rams,0.25,0,0.75,1"), "nfl").scored
    assert found.select("p", "y", "brier").rows() == [(250_000, 0, 0.0625)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2021,2022-02-13,A,B,0.25,0.5,0.75,0.5", "TIE"),
        ("2021,2022-02-13,A,B,0.25,,0.75,", "NOT_PLAYED"),
        ("2021,2022-02-13,A,B,1.25,0,-0.25,1", "PROB_RANGE"),
        ("2021,2022-02-13,A,B,NaN,0,0.75,1", "PROB_RANGE"),
        ("2021,2022-02-13,A,B,0.25,0,0.85,1", "PROB_SUM"),
        ("2021,2022-02-13,A,B,,0,0.75,1", "NO_FORECAST"),
        ("2021,2022-02-13,A,B,likely,0,0.75,1", "NO_FORECAST"),
        ("2021,the thirteenth,A,B,0.25,0,0.75,1", "NO_FORECAST"),
        ("2021,2022-02-13,,B,0.25,0,0.75,1", "NO_FORECAST"),
        ("2021,2022-02-13,A,B,0.25,2,0.75,-1", "BAD_OUTCOME"),
        ("2021,2022-02-13,A,B,0.25,1,0.75,1", "BAD_OUTCOME"),
        ("2021,2022-02-13,A,B,0.25,0.5,0.75,", "BAD_OUTCOME"),
    ],
)
def test_a_line_that_cannot_be_scored_is_named_with_why(tmp_path, line, reason):
    found = games(written(tmp_path, "2021,2022-02-12,A,B,0.25,0,0.75,1", line), "nfl")
    assert found.refused.select("line", "reason").rows() == [(3, reason)]
    assert found.scored["condition_id"].to_list() == ["nfl-2022-02-12-A-B-0"]


def test_teams_that_meet_twice_on_a_day_are_two_games(tmp_path):
    lines = "2021,2022-02-13,A,B,0.25,0,0.75,1", "2021,2022-02-13,A,B,0.35,0,0.65,1"
    found = games(written(tmp_path, *lines), "nfl").scored
    assert (found["condition_id"].n_unique(), found["cluster_id"].n_unique()) == (2, 2)


@pytest.mark.parametrize(
    "again",
    ["2021,2022-02-13,A,B,0.25,0,0.75,1", "2021,2022-02-13,A,B,0.250,0.0,.75,1", "2021,2022-02-13,B,A,0.75,1,0.25,0"],
)  # fmt: skip
def test_a_game_that_is_there_twice_is_one_game_and_the_second_line_is_named(tmp_path, again):
    found = games(written(tmp_path, "2021,2022-02-13,A,B,0.25,0,0.75,1", again), "nfl")
    assert found.scored["cluster_id"].to_list() == ["nfl-2022-02-13-A-B-0"]
    assert found.refused.select("line", "reason").rows() == [(3, "REPEATED")]


def test_a_file_twice_over_is_the_file(tmp_path):
    lines = [f"2021,2022-02-{n:02d},A,B,0.25,{n % 2},0.75,{1 - n % 2}" for n in range(1, 20)]
    once, twice = games(written(tmp_path, *lines), "nfl"), games(written(tmp_path, *lines, *lines), "nfl")
    assert twice.scored.equals(once.scored)
    assert twice.refused["reason"].to_list() == ["REPEATED"] * len(lines)


def test_another_file_is_refused_with_what_it_lacks(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="prob1"):
        games(path, "nfl")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "found No such file"),
        ("", "found empty"),
        (HEAD.replace(",", ";"), "found season;date"),
        (HEAD, "found none: it has a header alone"),
        (HEAD + "2021,2022-02-13,A,B,25,0,75,1\n", "found none: 1 PROB_RANGE"),
        (HEAD + "2021,2022/02/13,A,B,0.25,0,0.75,1\n" * 2, "found none: 2 NO_FORECAST"),
    ],
)
def test_the_command_says_of_a_file_without_a_forecast_what_it_expected(tmp_path, text, told):
    path = tmp_path / "games.csv"
    if text is not None:
        path.write_text(text)
    words = [sys.executable, str(ROOT / "scripts" / "score_games.py"), "nfl", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    last = done.stderr.splitlines()[-1]
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (1, "", False)
    assert last.startswith(f"{path}: expected ")
    assert told in last


@pytest.mark.skipif(not DATA.is_dir(), reason="the folder of vendor samples is not there")
@pytest.mark.parametrize("league", ["nba", "nfl"])
def test_the_figures_are_those_of_another_library(league):
    found = games(DATA / f"{league}_games.csv", league).scored
    p, y = (found["p"] / 1e6).to_numpy(), found["y"].to_numpy()
    metrics = measured(found, 20, 1)["metrics"].filter(
        pl.col("segment") == "all", pl.col("weighting") == "EQUAL"
    )
    told = dict(metrics.select("metric", "value").iter_rows())
    assert np.isclose(told["brier"], brier_score_loss(y, p), atol=1e-12)
    assert np.isclose(told["auc"], roc_auc_score(y, p), atol=1e-12)


def test_the_command_prints_the_figures_and_names_what_it_left_out(tmp_path):
    lines = [
        f"2021,2022-01-{n % 28 + 1:02d},A{n},B,0.25,{int(n % 4 == 0)},0.75,{int(n % 4 != 0)}"
        for n in range(40)
    ]
    file = written(tmp_path, *lines, "2021,2022-02-13,A,B,1.25,0,-0.25,1")
    words = [
        sys.executable,
        str(ROOT / "scripts" / "score_games.py"),
        "nfl",
        str(file),
        "--draws",
        "20",
        "--out",
        str(tmp_path / "made"),
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    told = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}
    assert told["brier"][0] == "0.187500"
    assert "40 forecasts of 40 games" in done.stdout
    assert "line 42: PROB_RANGE: 2021,2022-02-13,A,B,1.25,0,-0.25,1" in done.stderr
    assert pl.read_parquet(tmp_path / "made" / "scored_forecast.parquet").height == 40
    assert (tmp_path / "made" / "refused.parquet").is_file()
    for name in ("scored_forecast", "metric", "reliability_bin", "corp_curve"):
        contract = load_contract(ROOT / f"contracts/gold/{name}.avsc")
        assert check_frame(pl.read_parquet(tmp_path / "made" / f"{name}.parquet"), contract).errors == ()
