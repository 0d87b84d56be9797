"""Labels day after day: each is known once, whatever its sources say later, and a doubt puts it off until it is cleared."""

from datetime import date, timedelta

import polars as pl
import pytest

from lakeflow.forecast.tables.labels import LOW, RESOLVED
from lakeflow.forecast.tables.scored import holding
from lakeflow.vendors.polymarket.gamma import sighting
from lakeflow.vendors.polymarket.items import Resolution, chain_resolution, clob_resolution, resolution
from lakeflow.vendors.polymarket.otherwise import Asked
from stages.silver.polymarket_history import history
from tests.polymarket.answers import frame

C = "0x" + "ab" * 32
FIRST, HOUR = date(2026, 1, 5), 3_600_000_000_000
MIDNIGHT = 1_767_571_200_000_000_000
YES, NO = [1_000_000, 0], [0, 1_000_000]
ENDINGS = {
    "condition_id": pl.String, "winning_token_id": pl.String, "ts_recv": pl.Datetime("ns", "UTC"), "ts_event": pl.Datetime("ns", "UTC"),
}  # fmt: skip


def listed(**said):
    return sighting(
        {"id": "1", "conditionId": C, "outcomes": '["Yes", "No"]', "clobTokenIds": '["11", "22"]', "active": True, "closed": False} | said
    )  # fmt: skip


def over(status="resolved", prices='["1", "0"]'):
    return listed(closed=True, umaResolutionStatus=status, outcomePrices=prices)


def data(status="resolved", payouts=None):
    return resolution({"condition_id": C, "status": status, "payouts": payouts}, {})


def chain(*numerators):
    return chain_resolution({"id": C, "payoutNumerators": numerators, "payoutDenominator": "1"}, {})


def clob(*won):
    tokens = [{"winner": each} for each in won]
    return clob_resolution({"condition_id": C, "closed": True, "tokens": tokens}, {})


def days(*plan):
    """The label at the end of each day, of what came hour by hour; an open market is listed the day before."""
    told, found = (None, None, None), []
    for day, said in enumerate([[listed()], *plan]):
        heard = [(Asked(MIDNIGHT + (24 * day + hour) * HOUR, ""), each) for hour, each in enumerate(said, 9)]
        of = {True: [], False: []}
        for asked, each in heard:
            of[isinstance(each, Resolution)].append((asked, tuple(each)))
        seen, events = (
            frame(name, of[kind]) for name, kind in (("sightings", False), ("resolution_events", True))
        )
        made = history(seen.lazy(), events, pl.DataFrame(schema=ENDINGS), *told, FIRST + timedelta(days=day))
        told = made["markets"], made["evidence"], made["labels"]
        found.append(made["labels"].row(0, named=True))
    return found


def scored_on(found):
    """The days whose label counts as new; day 0 is the one on which the market is open."""
    return [
        day for day, label in enumerate(found)
        if label["label_status"] in RESOLVED and label["y"] is not None and label["confidence"] != LOW
        and label["ts_known"].date() == FIRST + timedelta(days=day)
    ]  # fmt: skip


LEGACY = over("", '["0.9999999", "0.0000001"]')
ONCE = {
    "resolved becomes settled": ([[over()], [over("settled")], []], [1]),
    "prices vanish for a day": ([[over()], [over(prices="")], [over()]], [1]),
    "a second source agrees later": ([[over()], [data(payouts=YES)], [chain("1", "0")]], [1]),
    "the first source falls silent about it": ([[over()], [data(payouts=YES)], [over(prices="")], []], [1]),
    "resolved within hours": ([[over("proposed"), over()], [over("settled")]], [1]),
    "a dispute is cleared": ([[over(), data("disputed")], [data(payouts=YES)], []], [2]),
    "a dispute is cleared without a payout": ([[over(), data("disputed")], [], [data("posed")], []], [3]),
    "the chain ends a dispute": (
        [[over(), data("disputed")], [chain("1", "0")], [data(payouts=YES)]],
        [2],
    ),
    "a dispute before there is an answer": ([[data("disputed")], [data("posed")], [over()]], [3]),
    "a dispute comes up again": ([[over()], [data("disputed")], [data(payouts=YES)], []], [1]),
    "a price is confirmed": ([[LEGACY], [data(payouts=YES)], [over()]], [2]),
    "a price is confirmed by the one who gave it": ([[LEGACY], [over()], [over("settled")]], [2]),
    "a price is confirmed by the winner's flag": ([[LEGACY], [clob(True, False)], []], [2]),
    "a price is all there is": ([[LEGACY], [LEGACY], []], []),
    "sources disagree": ([[over()], [data(payouts=NO)], []], [1]),
    "sources disagree at once": ([[over(), data(payouts=NO)], [over(prices="")], []], []),
    "half and half": ([[over(prices='["0.5", "0.5"]')], []], []),
}


@pytest.mark.parametrize(("plan", "expected"), ONCE.values(), ids=ONCE)
def test_a_label_counts_on_the_day_on_which_it_was_first_sure_and_on_no_other(plan, expected):
    assert scored_on(days(*plan)) == expected


def test_a_status_beside_the_same_payout_moves_no_time():
    first, later = days([over()], [over("settled")])[1:]
    assert first["ts_known"] == later["ts_known"]


def test_a_cleared_dispute_is_known_when_it_was_cleared_and_told_when_it_was_told():
    last = days([over(), data("disputed")], [data(payouts=YES)])[-1]
    assert (last["ts_known"].day, last["ts_known"].hour) == (7, 9)
    assert (last["ts_told"].day, last["ts_told"].hour, last["was_disputed"]) == (6, 9, True)


@pytest.mark.parametrize("later", [over(prices='["0", "1"]'), data(payouts=NO)])
def test_a_contradiction_moves_no_time_on_the_day_after_it_either(later):
    found = days([over()], [later], [], [over()])[1:]
    assert [label["y"] for label in found] == [1, None, None, None]
    assert len({label["ts_known"] for label in found}) == 1


def test_an_answer_that_was_contradicted_from_the_start_is_known_since_it_was_told():
    found = days([over(), data(payouts=NO)], [])[-1]
    assert (found["ts_known"], found["was_sure"]) == (found["ts_told"], False)


def test_an_answer_that_a_source_gave_and_took_back_still_contradicts_another():
    last = days([over()], [over("disputed", prices="")], [data(payouts=NO)], [data(payouts=NO)])[-1]
    assert (last["conflict"], last["y"]) == (True, None)


def test_a_source_that_tells_another_payout_after_a_day_of_none_is_a_conflict():
    last = days([over()], [over(prices="")], [over(prices='["0", "1"]')])[-1]
    assert (last["conflict"], last["y"]) == (True, None)


def test_a_price_that_was_no_resolution_is_corrected_without_a_conflict():
    last = days([LEGACY], [over(prices='["0", "1"]')])[-1]
    assert (last["conflict"], last["y"], last["ts_known"].day) == (False, 0, 7)


def test_a_market_that_was_traded_is_no_placeholder_on_a_day_without_a_listing():
    idle = {"active": False, "outcomePrices": '["0.5", "0.5"]'}
    traded = days([listed(**idle, volumeNum=1000)], [], [listed(**idle)])
    assert [label["label_status"] for label in traded[1:]] == ["UNRESOLVED"] * 3


def test_a_market_that_never_was_traded_stays_a_placeholder():
    idle = days([listed(active=False, volumeNum=0)], [])
    assert [label["label_status"] for label in idle[1:]] == ["PLACEHOLDER"] * 2


def scored_by(label):
    """A forecast that was scored when a label became known."""
    rows = {"condition_id": [label["condition_id"]], "y": [label["y"]], "ts_label_known": [label["ts_known"]]}
    return pl.DataFrame(
        rows,
        schema={"condition_id": pl.String, "y": pl.Int8, "ts_label_known": pl.Datetime("ns", "UTC")},
    )


def table_of(label):
    return pl.DataFrame([label], schema_overrides={"y": pl.Int8, "ts_known": pl.Datetime("ns", "UTC")})


@pytest.mark.parametrize(
    ("later", "counts"),
    [([over("settled")], 1), ([chain("0", "1")], 0), ([data(payouts=NO)], 0), ([data("disputed")], 0)],
)
def test_a_score_counts_as_long_as_its_label_says_the_same(later, counts):
    _, then, now = days([over()], later)
    assert holding(scored_by(then), table_of(now)).height == counts


def test_a_score_counts_again_when_the_doubt_about_it_is_over():
    _, then, doubted, now = days([over()], [data("disputed")], [data(payouts=YES)])
    assert [holding(scored_by(then), table_of(each)).height for each in (doubted, now)] == [0, 1]
