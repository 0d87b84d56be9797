"""The calibration page: its numbers are the tables' numbers, and it asks no network for anything."""

import re
from html.parser import HTMLParser

import numpy as np
import polars as pl
import pytest

from lakeflow.forecast.report.page import Tables, page
from lakeflow.forecast.tables.boards import by_segment
from lakeflow.forecast.tables.cutoffs import TIME
from lakeflow.forecast.tables.measured import measured
from lakeflow.forecast.tables.scored import SHAPE, UNSAID, costed
from lakeflow.forecast.tables.yardsticks import yardsticks

RULES = pl.DataFrame(
    {
        "dt": ["2026-01-06"],
        "check_id": ["L01"],
        "about": ["known"],
        "rows_checked": [9],
        "violations": [0],
        "passed": [True],
    }
)


class Cells(HTMLParser):
    """The values that a page's cells hold, by column."""

    def __init__(self):
        super().__init__()
        self.found = {}
        self.tags = []

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        self.tags.append((tag, about))
        if tag == "td":
            self.found.setdefault(about["data-column"], []).append(about.get("data-value"))


@pytest.fixture(scope="module")
def scored():
    rng = np.random.Generator(np.random.Philox(5))
    p = np.round(rng.uniform(0.02, 0.98, 300), 2)
    y = (rng.uniform(size=300) < p).astype(int)
    at = pl.datetime_range(
        pl.datetime(2026, 1, 1), pl.datetime(2026, 1, 1, 4, 59), "1m", time_zone="UTC", eager=True
    ).cast(TIME)
    rows = pl.DataFrame({"p": (p * 1e6).round().astype(int), "y": y, "ts_cutoff": at}).with_columns(
        condition_id=pl.format("0x{}", pl.int_range(300)), anchor=pl.Series(["SCHED_END", "CLOSE_EXPOST"] * 150), horizon_s=pl.lit(3600),
        forecaster=pl.lit("MARKET"), cluster_id=pl.format("{}", pl.int_range(300)), group_id=pl.lit(None), category=pl.lit("<politics>"),
        liquidity_bucket=pl.lit("HIGH"), p_kind=pl.lit("MID"), ts_label_known=pl.col("ts_cutoff") + pl.duration(hours=2),
        weight_equal=pl.lit(1.0), weight_volume=pl.lit(1.0),
    )  # fmt: skip
    assert set(SHAPE) - {"brier", "log_loss", *UNSAID} == set(rows.columns)
    return costed(rows)


@pytest.fixture(scope="module")
def shown(scored):
    made = measured(scored, 50, 1)
    board = by_segment(made["metrics"], scored, yardsticks(scored, scored.clear()))
    lost = pl.DataFrame(
        {"anchor": ["SCHED_END"], "horizon_s": [3600], "category": ["x"], "reason": ["TAKEN"], "markets": [7]}
    )
    whole = pl.DataFrame(
        {
            "dt": ["2026-01-05"],
            "dataset": ["frames"],
            "expected": [9],
            "present": [8],
            "missing": [1],
            "ts_expires": [None],
            "action": ["none"],
        }
    )
    text = page(
        Tables(
            board,
            made["metrics"],
            made["corp_curves"],
            made["reliability_bins"],
            RULES,
            lost,
            lost,
            whole,
            "2026-01-06",
            [],
        ),
        "polymarket",
        "2026-01-05",
        "2026-01-06",
    )
    cells = Cells()
    cells.feed(text)
    return board, text, cells


def test_the_numbers_of_the_page_are_those_of_the_board(shown):
    board, _, cells = shown
    plain = ~pl.col("segment").str.contains(" ")
    rows = board.filter(pl.col("anchor") == "SCHED_END", plain).sort("segment", "horizon_s")
    for column in ("brier", "brier_lo", "brier_hi", "ece_width10", "bias_meter_ece"):
        assert [float(value) for value in cells.found[column]] == rows[column].to_list()
    assert [int(value) for value in cells.found["clusters"]] == rows["clusters"].to_list()


def test_intervals_of_the_page_are_those_of_the_metrics(shown, scored):
    metrics = measured(scored, 50, 1)["metrics"].filter(
        pl.col("weighting") == "EQUAL", pl.col("segment") == "all", pl.col("anchor") == "SCHED_END"
    )
    for metric, name in (("ece_width10", "ece"), ("cox_slope", "slope")):
        low, high = metrics.filter(pl.col("metric") == metric).select("ci_lo", "ci_hi").row(0)
        assert [shown[2].found[f"{name}_{end}"][0] for end in ("lo", "hi")] == [repr(low), repr(high)]


def test_categories_of_which_nothing_was_scored_are_named(shown):
    assert "No forecast was scored of these categories: politics, sports, " in shown[1]


def test_the_bias_meter_is_the_one_anchor_less_the_other(shown, scored):
    board, *_ = shown
    metrics = measured(scored, 50, 1)["metrics"].filter(
        pl.col("weighting") == "EQUAL", pl.col("segment") == "all", pl.col("metric") == "ece_width10"
    )
    ece = dict(metrics.select("anchor", "value").iter_rows())
    meter = board.filter(pl.col("segment") == "all")["bias_meter_ece"].item()
    assert meter == ece["CLOSE_EXPOST"] - ece["SCHED_END"]


def test_the_page_asks_no_network(shown):
    _, text, cells = shown
    assert not re.search(r"https?:|//[a-z]|url\(|@import", text)
    assert not [
        tag
        for tag, about in cells.tags
        if tag in ("script", "link", "img") or "src" in about or "href" in about
    ]


def test_words_of_a_market_are_words_on_the_page(shown):
    assert "<politics>" not in shown[1]
    assert "&lt;politics&gt;" in shown[1]


def test_the_curve_has_a_point_for_every_distinct_forecast(shown, scored):
    points = re.search(r'class="curve" points="([^"]*)"', shown[1])
    honest = scored.filter(pl.col("anchor") == "SCHED_END")
    assert len(points[1].split()) == honest["p"].n_unique()


def test_too_few_witnesses_draw_no_curve_and_say_so(scored):
    few = measured(scored.head(20), 10, 1)
    empty = pl.DataFrame(
        schema={
            "anchor": pl.String,
            "horizon_s": pl.Int64,
            "category": pl.String,
            "reason": pl.String,
            "markets": pl.Int64,
        }
    )
    none = pl.DataFrame(
        schema=dict.fromkeys(
            ("dt", "dataset", "expected", "present", "missing", "ts_expires", "action"), pl.String
        )
    )
    text = page(
        Tables(
            by_segment(few["metrics"], scored.head(20), yardsticks(scored.head(20), scored.clear())),
            few["metrics"],
            few["corp_curves"],
            few["reliability_bins"],
            RULES,
            empty,
            empty,
            none,
            None,
            [],
        ),
        "v",
        "2026-01-05",
        "2026-01-06",
    )
    assert (
        "A curve takes 30 independent clusters; so none is drawn of 1 h (10 forecasts in 10 clusters)."
        in text
    )
    assert "LOW_N: fewer than 30 independent clusters" in text
    assert "Nothing is told of 2026-01-05, 2026-01-06" in text


def test_a_diagram_says_how_many_of_its_forecasts_are_independent(shown):
    assert "1 h before the end: 150 forecasts in 150 clusters" in shown[1]
