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
from tests.polymarket.commands import ROOT, command

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


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """A lake of its own, with days of a simulated venue made to gold; figures from three clusters on."""
    root = tmp_path_factory.mktemp("venue")
    made = venue(FIRST, DAYS, 12, 7)
    files = [
        path for day in range(DAYS) for path in write_day(root / "shards", made, FIRST + timedelta(days=day))
    ]
    assert command("raw", "add", *files, lake=root / "lake").code == 0
    done = command("run", "--layer", "gold", "--symbol", "polymarket", lake=root / "lake")
    assert done.code == 0, done.talk
    return root / "lake"


@pytest.fixture(scope="module")
def cells(lake, tmp_path_factory):
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
    code, said, _ = command(*words, lake=lake)
    assert (code, said) == (0, f"{file}\n")
    found = Cells()
    found.feed(file.read_text())
    return found.found


def table(lake, key):
    with open_project(ROOT, lake) as opened:
        return opened[key].scan("polymarket").collect()


def told(values):
    return [
        None if value is None else repr(value) if isinstance(value, float) else str(value) for value in values
    ]


def test_the_scoreboard_of_the_page_is_the_table_s(lake, cells):
    board = table(lake, "gold.prediction_market.scoreboard_segment").filter(
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


def test_completeness_and_the_audit_of_the_page_are_the_tables(lake, cells):
    whole = table(lake, "gold.prediction_market.completeness")
    rules = table(lake, "gold.prediction_market.leakage_audit").filter(pl.col("dt") == date(2026, 1, 7))
    assert cells["completeness", "missing"] == told(whole["missing"])
    assert cells["audit", "violations"] == told(rules.sort("check_id")["violations"])


def test_attrition_of_the_page_is_the_sum_of_the_days(lake, cells):
    lost = table(lake, "gold.prediction_market.attrition")
    assert sum(map(int, cells["attrition", "markets"])) == lost["markets"].sum()
    unscored = table(lake, "gold.prediction_market.unscored")
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
def test_a_report_of_nothing_says_what_there_is_or_what_to_run(lake, tmp_path, words, what):
    words = [word.replace("LAKE", str(tmp_path / "lake")) for word in words]
    code, _, said = command("report", "calibration", *words, "--out", tmp_path / "x", lake=lake)
    assert (code, what in said) == (6, True)
    assert not (tmp_path / "x").exists()


def test_a_report_that_there_is_not_is_told_with_those_there_are(lake):
    code, _, said = command("report", "calibratio", "--symbol", "polymarket", lake=lake)
    assert (code, "did you mean calibration?" in said) == (2, True)


LEAK = """
    made = snapshots(Day(markets, evidence, open_interest, said, marks, before, as_of), known, dt)
    if dt == date(2026, 1, 6):
        late = pl.col("ts_cutoff") + pl.duration(hours=5, time_unit="ns")
        made["snapshots"] = made["snapshots"].with_columns(ts_inputs_known=late)
    return made
"""


def typed(*words, project):
    """What a process of its own says: the stages of another project are not imported where this project's are."""
    line = [sys.executable, "-m", "lakeflow.cli", *map(str, words), "--project", str(project)]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def test_a_leak_of_one_day_blocks_its_boards_and_those_of_the_days_after(lake, copied, tmp_path):
    root = copied(tmp_path)
    shutil.copytree(lake, root / "lake")
    stage = root / "stages" / "gold" / "polymarket_snapshots.py"
    text = stage.read_text()
    stage.write_text(text[: text.index("    return snapshots(")] + LEAK)
    run = typed("run", "--layer", "gold", "--symbol", "polymarket", "--workers", 1, project=root)
    assert (run.returncode != 0, "L01 (every input was known by the cutoff)" in run.stderr) == (True, True)
    board = table(root / "lake", "gold.prediction_market.scoreboard_segment")
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
    markets = table(root / "lake", "gold.prediction_market.scoreboard_market")
    assert set(markets["dt"]) <= {FIRST}
    page = tmp_path / "page.html"
    typed("report", "calibration", "--symbol", "polymarket", "--out", page, project=root)
    cells = Cells()
    cells.feed(page.read_text())
    assert "Not published." in page.read_text()
    assert "2026-01-06 L01" in page.read_text()
    assert ("scoreboard", "brier") not in cells.found


def test_ladders_of_thresholds_are_scored_beside_groups_of_one_winner(lake):
    scores = table(lake, "gold.prediction_market.group_score").filter(pl.col("status") == "OK")
    ladders = scores.filter(pl.col("group_id").str.ends_with(" above"))
    assert set(ladders["group_id"]) == {"event 504 above", "event 510 above"}
    assert scores.height > ladders.height > 0
    assert ladders["rps"].is_between(0, ladders["k"]).all()
    assert ladders["ordered"].all()
