"""`lakeflow report calibration`: the tables of a lake as one page, whose numbers are theirs."""

import shutil
import subprocess
import sys
from datetime import date, timedelta
from html.parser import HTMLParser

import polars as pl
import pytest

from lakeflow.project import open_project
from lakeflow.simulate.polymarket.recorders import write_day
from lakeflow.simulate.polymarket.truth import venue

FIRST, DAYS = date(2026, 1, 5), 3


class Cells(HTMLParser):
    """Every value of a page's tables: table, column, values."""

    def __init__(self) -> None:
        super().__init__()
        self.table, self.found = "", {}

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        self.table = about["id"] if tag == "table" else self.table
        if tag == "td":
            self.found.setdefault((self.table, about["data-column"]), []).append(about.get("data-value"))


def command(*words, project):
    done = subprocess.run(
        [sys.executable, "-m", "lakeflow.cli", *words, "--project", str(project)], capture_output=True, text=True, check=False
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory, copied):
    """A project of its own, with days of a simulated venue made to gold; figures from three clusters on."""
    root = copied(tmp_path_factory.mktemp("venue"))
    made = venue(FIRST, DAYS, 12, 7)
    files = [
        path for day in range(DAYS) for path in write_day(root / "shards", made, FIRST + timedelta(days=day))
    ]
    assert command("raw", "add", *map(str, files), project=root)[0] == 0
    code, _, said = command("run", "--layer", "gold", "--symbol", "polymarket", project=root)
    assert code == 0, said
    return root


@pytest.fixture(scope="module")
def cells(project, tmp_path_factory):
    file = tmp_path_factory.mktemp("page") / "page.html"
    words = (
        "report",
        "calibration",
        "--symbol",
        "polymarket",
        "--dt",
        "2026-01-05..2026-01-07",
        "--out",
        str(file),
    )
    code, said, _ = command(*words, project=project)
    assert (code, said) == (0, f"{file}\n")
    found = Cells()
    found.feed(file.read_text())
    return found.found


def table(project, key):
    with open_project(project) as opened:
        return opened[key].scan("polymarket").collect()


def told(values):
    return [
        None if value is None else repr(value) if isinstance(value, float) else str(value) for value in values
    ]


def test_the_scoreboard_of_the_page_is_the_table_s(project, cells):
    board = table(project, "gold.prediction_market.scoreboard_segment").filter(
        pl.col("dt") == date(2026, 1, 7), pl.col("forecaster") == "MARKET", pl.col("anchor") == "SCHED_END",
        ~pl.col("segment").str.contains(" "),
    )  # fmt: skip
    board = board.sort("segment", "horizon_s")
    assert board.height > 10
    for column in (
        "segment",
        "horizon_s",
        "forecasts",
        "clusters",
        "brier",
        "brier_lo",
        "bias_meter_ece",
        "status",
    ):
        assert cells["scoreboard", column] == told(board[column])


def test_completeness_and_the_audit_of_the_page_are_the_tables(project, cells):
    whole = table(project, "gold.prediction_market.completeness")
    rules = table(project, "gold.prediction_market.leakage_audit").filter(pl.col("dt") == date(2026, 1, 7))
    assert cells["completeness", "missing"] == told(whole["missing"])
    assert cells["audit", "violations"] == told(rules.sort("check_id")["violations"])


def test_attrition_of_the_page_is_the_sum_of_the_days(project, cells):
    lost = table(project, "gold.prediction_market.attrition")
    assert sum(map(int, cells["attrition", "markets"])) == lost["markets"].sum()
    unscored = table(project, "gold.prediction_market.unscored")
    assert sum(map(int, cells["unscored", "markets"])) == unscored["markets"].sum() > 0


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--symbol", "elsewhere"], "of elsewhere in the lake, found none; the lake has them of polymarket"),
        (
            ["--symbol", "polymarket", "--dt", "2025-12-01..2025-12-09"],
            "of polymarket --dt 2025-12-01..2025-12-09 in the lake, found none; the lake has them from 2026-01-05 to 2026-01-07",
        ),
        (
            ["--symbol", "polymarket", "--lake", "LAKE"],
            "found none; make them with: lakeflow run gold.prediction_market.attrition",
        ),
    ],
)
def test_a_report_of_nothing_says_what_there_is_or_what_to_run(project, tmp_path, words, what):
    words = [word.replace("LAKE", str(tmp_path / "lake")) for word in words]
    code, _, said = command("report", "calibration", *words, "--out", str(tmp_path / "x"), project=project)
    assert (code, what in said) == (6, True)
    assert not (tmp_path / "x").exists()


def test_a_report_that_there_is_not_is_told_with_those_there_are(project):
    code, _, said = command("report", "calibratio", "--symbol", "polymarket", project=project)
    assert (code, "did you mean calibration?" in said) == (2, True)


LEAK = """
    made = snapshots(Day(markets, evidence, open_interest, said, marks, before, as_of), known, dt)
    if dt == date(2026, 1, 6):
        late = pl.col("ts_cutoff") + pl.duration(hours=5, time_unit="ns")
        made["snapshots"] = made["snapshots"].with_columns(ts_inputs_known=late)
    return made
"""


def test_a_leak_of_one_day_blocks_its_boards_and_those_of_the_days_after(project, tmp_path):
    root = shutil.copytree(project, tmp_path / "venue")
    stage = root / "stages" / "gold" / "polymarket_snapshots.py"
    text = stage.read_text()
    stage.write_text(text[: text.index("    return snapshots(")] + LEAK)
    code, _, said = command("run", "--layer", "gold", "--symbol", "polymarket", project=root)
    assert (code != 0, "L01 (every input was known by the cutoff)" in said) == (True, True)
    board = table(root, "gold.prediction_market.scoreboard_segment")
    told = (
        board.group_by("dt")
        .agg(pl.col("status").unique(), pl.col("brier").count(), pl.col("blocked_by").first())
        .sort("dt")
    )
    why = ["2026-01-06 L01"]
    assert told.filter(pl.col("dt") > FIRST).rows() == [
        (FIRST + timedelta(days=1), ["BLOCKED"], 0, why),
        (FIRST + timedelta(days=2), ["BLOCKED"], 0, why),
    ]
    assert "BLOCKED" not in board.filter(pl.col("dt") == FIRST)["status"]
    markets = table(root, "gold.prediction_market.scoreboard_market")
    assert set(markets["dt"]) <= {FIRST}
    page = tmp_path / "page.html"
    command("report", "calibration", "--symbol", "polymarket", "--out", str(page), project=root)
    cells = Cells()
    cells.feed(page.read_text())
    assert "Not published." in page.read_text()
    assert "2026-01-06 L01" in page.read_text()
    assert ("scoreboard", "brier") not in cells.found


def test_ladders_of_thresholds_are_scored_beside_groups_of_one_winner(project):
    scores = table(project, "gold.prediction_market.group_score").filter(pl.col("status") == "OK")
    ladders = scores.filter(pl.col("group_id").str.ends_with(" above"))
    assert set(ladders["group_id"]) == {"event 504 above", "event 510 above"}
    assert scores.height > ladders.height > 0
    assert ladders["rps"].is_between(0, ladders["k"]).all()
    assert ladders["ordered"].all()
