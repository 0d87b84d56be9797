"""Which groups lie on a scale and in which order; where it is not known for sure, why."""

import polars as pl
import pytest

from lakeflow.forecast.tables.rungs import rung
from lakeflow.forecast.tables.scales import named, ordered

INF = float("inf")
FED = ["25 bps decrease", "25 bps increase", "50+ bps decrease", "No change", "50+ bps increase"]
FED_UP = ["50+ bps decrease", "25 bps decrease", "No change", "25 bps increase", "50+ bps increase"]
HELD = ["3.5% or lower", "Hold", "4.0% or higher", "3.75%"]


def order(items, places=None):
    """The items in their order, or why they have none."""
    shape = {"condition_id": pl.String, "group_item": pl.String, "group_place": pl.String, "g": pl.Int8}
    given = places or [None] * len(items)
    rows = [(str(n), item, place, 0) for n, (item, place) in enumerate(zip(items, given, strict=True))]
    found = ordered(named(pl.DataFrame(rows, schema=shape, orient="row")), ["g"])
    (why,) = found["not_ordered"].unique()
    return why or found["group_item"].to_list()


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("20°F", 20, 20), ("27°F or below", -INF, 27), ("36 °F or higher", 36, INF), ("28\u201329°F", 28, 29), ("28 - 29", 28, 29), ("-2--1°C", -2, -1),
        ("\u22122 to \u22121°C", -2, -1), ("-2°C or below", -INF, -2), ("$900k", 9e5, 9e5), ("$1m", 1e6, 1e6), ("$1.5bn", 1.5e9, 1.5e9), ("2 trillion", 2e12, 2e12),
        ("$80-90k", 8e4, 9e4), ("$900k-$1M", 9e5, 1e6), ("<$80k", -INF, 8e4), ("↑ 150,000", 150_000, INF), ("↓ 80,000", -INF, 80_000), ("≥3.0%", 3, INF),
        ("2.0\u20132.2%", 2, 2.2), ("10%+", 10, INF), ("+2.5%", 2.5, 2.5), ("12+ (300+ bps)", 12, INF), (".5", 0.5, 0.5), ("between 10 and 20", 10, 20),
        ("65+ seats", 65, INF), ("at least 5", 5, INF), ("fewer than 3", -INF, 3), ("No change", 0, 0), ("Increase", 0, INF),
    ],
)  # fmt: skip
def test_a_name_says_from_where_to_where(text, low, high):
    assert rung(text)[:2] == (low, high)


@pytest.mark.parametrize(
    "text",
    ["Trump", "Other", "", "December 31", "31 Dec", "2026-03-01", "5:30 PM", "2-1", "1-1", "1,5", "900-1m", "S&P 500 -5%", "10-20+", "1 2 3", "Claude3"],
)  # fmt: skip
def test_a_name_that_says_no_number_for_sure_says_none(text):
    assert rung(text) is None


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["22°F", "20°F", "21°F"], ["20°F", "21°F", "22°F"]),
        (["$1m", "$900k", "$950k"], ["$900k", "$950k", "$1m"]),
        (["30 or higher", "28-29", "27 or below"], ["27 or below", "28-29", "30 or higher"]),
        (["$100-110k", "<$100k", "$110k+"], ["<$100k", "$100-110k", "$110k+"]),
        (["10%+", "<0%", "0-5%", "5-10%"], ["<0%", "0-5%", "5-10%", "10%+"]),
        (FED, FED_UP),
        (["Increase", "No change", "Decrease"], ["Decrease", "No change", "Increase"]),
        (["2 cuts", "No cuts", "1 cut", "3+ cuts"], ["No cuts", "1 cut", "2 cuts", "3+ cuts"]),
        (["Trump", "Harris"], "NO_NUMBER"),
        (["20", "21", None], "NO_NUMBER"),
        (["20", "21", "Other"], "NO_NUMBER"),
        (["Mainz 05", "Schalke 04"], "OTHER_WORDS"),
        (["GPT-5", "Claude 4"], "OTHER_WORDS"),
        (["25 bps", "50 bps cut"], "OTHER_WORDS"),
        (["20", "20"], "OVERLAP"),
        (["20-25", "24-30"], "OVERLAP"),
        (["20-21", "20"], "OVERLAP"),
        (["20-21", "21"], "OVERLAP"),
        (["over 5", "5", "under 5"], ["under 5", "5", "over 5"]),
        (["above 20", "above 30"], "OVERLAP"),
    ],
)
def test_members_lie_by_the_numbers_of_their_names(items, expected):
    assert order(items) == expected


@pytest.mark.parametrize(
    ("items", "places", "expected"),
    [
        (HELD, "0132", ["3.5% or lower", "Hold", "3.75%", "4.0% or higher"]),
        (HELD, "3201", ["3.5% or lower", "Hold", "3.75%", "4.0% or higher"]),
        (HELD, "0123", "OVERLAP"),
        (HELD, "0122", "NO_NUMBER"),
        (HELD, ["0", "1", None, "2"], "NO_NUMBER"),
        (["3.5%", "Hold", "Wait"], "012", "NO_NUMBER"),
        (["Low", "Medium", "High"], "012", "NO_NUMBER"),
        (["20", "21", "Other"], "012", "NO_NUMBER"),
        (["21", "20"], "01", ["20", "21"]),
    ],
)
def test_places_order_only_what_numbers_leave_open(items, places, expected):
    assert order(items, list(places)) == expected
