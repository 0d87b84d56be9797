"""Groups of which one wins as one question: scored once, when the last answer came, over the members of which nothing was known yet."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from lakeflow.forecast.tables.group_scores import group_scores
from lakeflow.forecast.tables.scored import SHAPE
from lakeflow.forecast.tables.versions import versions
from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.otherwise import Asked
from tests.polymarket.answers import frame

TIME = pl.Datetime("ns", "UTC")
CUT = datetime(2026, 4, 24, 12, tzinfo=UTC)
KNOWN = CUT + timedelta(hours=5)
HOUR = timedelta(hours=1)
PRICES = (200_000, 300_000, 500_000)
TIMES = ("ts_proposed", "ts_resolved", "ts_closed", "ts_told", "ts_known")
LABELS = {"condition_id": pl.String, "label_status": pl.String, "conflict": pl.Boolean, "was_sure": pl.Boolean} | dict.fromkeys(TIMES, TIME)  # fmt: skip


def name(place):
    return f"0x{place:064x}"


def listed(place, **said):
    market = {
        "id": str(place), "conditionId": name(place), "clobTokenIds": f'["{place}1", "{place}2"]', "outcomes": '["Y", "N"]', "active": True,
        "negRisk": True, "negRiskMarketID": "0xg", "groupItemTitle": str(place), "groupItemThreshold": str(place),
    }  # fmt: skip
    return Asked(int((CUT - 9 * HOUR).timestamp()) * 10**9, ""), tuple(sighting(market | said))


def label(place, word, known=KNOWN, **told):
    """A label by its last word; one that was known for sure unless it is said that it was not."""
    row = {
        "condition_id": name(place),
        "label_status": f"RESOLVED_{word}",
        "conflict": False,
        "was_sure": True,
        "ts_known": known,
    }
    return row | told


def scored(place, y, cut=CUT):
    about = ("SCHED_END", 3600, cut, "MARKET", PRICES[place], y, 0.1, 0.1, "0xg", "0xg", "other", "LOW", "MID", KNOWN, 1.0, 1.0, 3600, "1h-6h", None)  # fmt: skip
    return name(place), *about


def groups(rows, labels, *others, day=KNOWN):
    markets = versions(frame("sightings", [*map(listed, range(3)), *others]), None)
    table = pl.DataFrame(rows, schema=SHAPE, orient="row")
    known = pl.DataFrame(labels, schema=LABELS)
    return group_scores(table, known, markets, day.date(), 1, 3600).to_dicts()


def answered(outcomes, *words, others=()):
    """The one row of a group of three; an outcome of None has no score."""
    rows = [scored(place, y) for place, y in enumerate(outcomes) if y is not None]
    (found,) = groups(rows, [label(place, word) for place, word in enumerate(words)], *others)
    return found


YES_NO_NO = [label(0, "TRUE"), label(1, "FALSE"), label(2, "FALSE")]


@pytest.mark.parametrize(
    ("outcomes", "words", "status"),
    [((1, 0, 0), ("TRUE", "FALSE", "FALSE"), "OK"), ((0, 0, 0), ("FALSE", "FALSE", "FALSE"), "NO_WINNER"),
     ((1, 1, 0), ("TRUE", "TRUE", "FALSE"), "TWO_WINNERS")],
)  # fmt: skip
def test_a_group_is_scored_only_with_one_winner(outcomes, words, status):
    found = answered(outcomes, *words)
    told = (found["status"], found["k"], found["overround"], found["multi_brier"] is None)
    assert told == (status, 3, 1_000_000, status != "OK")


def test_a_group_with_a_winner_costs_what_its_prices_say():
    found = answered((1, 0, 0), "TRUE", "FALSE", "FALSE")
    assert found["multi_brier"] == pytest.approx(0.8**2 + 0.3**2 + 0.5**2)


@pytest.mark.parametrize(
    ("words", "status"),
    [(("TRUE", "TRUE", "FALSE"), "TWO_WINNERS"), (("FALSE", "FALSE", "FALSE"), "NO_WINNER"), (("TRUE", "FALSE", "FALSE"), "INCOMPLETE")],
)  # fmt: skip
def test_members_without_a_score_are_told_by_their_labels(words, status):
    found = answered((None, None, 0), *words)
    assert (found["status"], found["k"], found["multi_brier"]) == (status, 1, None)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"createdAt": "2026-04-24T12:00:01Z"}, "OK"),
        ({"createdAt": "2026-04-24T12:00:00Z"}, "INCOMPLETE"),
        ({"active": False}, "OK"),
        ({"active": False, "closed": True}, "INCOMPLETE"),
    ],
)
def test_a_group_has_the_members_that_it_had_at_the_cutoff(said, status):
    words = ("TRUE", "FALSE", "FALSE", "FALSE")
    assert answered((1, 0, 0), *words, others=[listed(3, **said)])["status"] == status


ROWS = [scored(0, 1), scored(1, 0), scored(2, 0)]
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("told", "rows", "expected"),
    [
        ({"ts_proposed": CUT - 9 * HOUR, "known": CUT - 5 * HOUR}, ROWS[:2], ("OK", 2)),
        ({"ts_proposed": CUT + HOUR / 2}, ROWS[:2], ("OK", 2)),
        ({"ts_told": CUT + HOUR}, ROWS[:2], ("OK", 2)),
        ({"ts_proposed": CUT + 2 * HOUR}, ROWS[:2], ("INCOMPLETE", 2)),
        ({"ts_proposed": CUT + 2 * HOUR}, ROWS, ("OK", 3)),
    ],
    ids=["lost before", "embargoed", "embargoed to the hour", "without a price", "in time"],
)
def test_a_member_whose_answer_was_about_at_the_cutoff_is_none_any_more(told, rows, expected):
    (found,) = groups(rows, [*YES_NO_NO[:2], label(2, "FALSE", **told)])
    assert (found["status"], found["k"]) == expected


def test_a_group_whose_winner_was_about_was_decided_and_is_no_question():
    labels = [label(0, "TRUE", ts_proposed=CUT - HOUR), *YES_NO_NO[1:]]
    assert groups(ROWS[1:], labels) == []


def test_a_member_that_is_left_alone_is_no_question():
    labels = [YES_NO_NO[0], *(label(place, "FALSE", ts_closed=CUT + HOUR) for place in (1, 2))]
    assert groups(ROWS[:1], labels) == []


@pytest.mark.parametrize("last", [KNOWN + DAY, KNOWN + 60 * DAY])
def test_a_group_is_scored_once_on_the_day_of_its_last_answer(last):
    early = [scored(2, 0)]
    assert groups(early, [label(2, "FALSE")]) == []
    labels = [label(0, "TRUE", last), label(1, "FALSE", last), label(2, "FALSE")]
    (found,) = groups(ROWS, labels, day=last)
    assert (found["status"], found["k"], found["ts_label_known"]) == ("OK", 3, last)
    assert groups(ROWS, labels, day=last + DAY) == []


@pytest.mark.parametrize(
    ("third", "rows"),
    [
        ({"was_sure": False}, 0),
        ({"was_sure": False, "conflict": True}, 1),
        ({"ts_known": None, "was_sure": False}, 0),
    ],
)
def test_a_price_of_the_days_before_resolutions_ends_no_group(third, rows):
    assert len(groups(ROWS[:2], [*YES_NO_NO[:2], label(2, "FALSE", **third)])) == rows


def test_another_group_s_answers_are_no_reason_to_score_this_one():
    other = listed(3, negRiskMarketID="0xother")
    labels = [label(0, "TRUE"), label(1, "FALSE"), label(2, "FALSE"), label(3, "FALSE", KNOWN + DAY)]
    assert groups(ROWS, labels, other, day=KNOWN + DAY) == []


def test_many_groups_in_any_order_have_the_same_scores():
    cuts = [CUT - n * HOUR for n in range(200)]
    rows = [scored(place, int(place == 0), cut) for cut in cuts for place in range(3)]
    found = groups(rows, YES_NO_NO)
    assert len({row["pit"] for row in found}) > 100
    assert all(groups(rows[::-1], YES_NO_NO[::-1]) == found for _ in range(5))
