"""What a market that is over pays, by the words of each source: payouts, prices of the oracle, flags of winners."""

import pytest

from lakeflow.vendors.polymarket.items import clob_resolution
from tests.polymarket.answers import fetched, parsed
from tests.polymarket.ended_markets import OVER, C, data, label

WON = OVER | {"outcomePrices": '["1", "0"]'}
SPLIT = [500_000, 500_000]


def clob(*flags, prices=(None, None), **said):
    tokens = [{"winner": won, "price": price} for won, price in zip(flags, prices, strict=True)]
    return clob_resolution({"condition_id": C, "closed": True, "tokens": tokens} | said, {})


@pytest.mark.parametrize(
    ("price", "status", "y"),
    [
        ("1000000000000000000", "RESOLVED_TRUE", 1),
        ("0", "RESOLVED_FALSE", 0),
        ("500000000000000000", "SPLIT_5050", None),
        ("69", "UNRESOLVED", None),
        (str(-(2**255)), "UNRESOLVED", None),
        ("300000000000000000", "UNRESOLVED", None),
    ],
)
def test_an_older_row_without_payouts_pays_what_the_oracles_price_says(price, status, y):
    found = label({}, events=[data(payouts=None, price=price)])
    assert (found["label_status"], found["y"]) == (status, y)


def test_a_price_of_a_market_that_is_not_resolved_pays_nothing():
    assert data(payouts=None, price="1000000000000000000", status="proposed").payouts is None


def test_payouts_count_before_the_price():
    assert data(price="0").payouts == [1_000_000, 0]


@pytest.mark.parametrize("kind", ["INCREMENTAL_NEGRISK", "ATOMIC_NEGRISK"])
def test_a_market_of_a_group_of_which_one_wins_is_never_halved_by_a_price(kind):
    half = "500000000000000000"
    assert data(payouts=None, price=half, market_type=kind).payouts is None
    assert data(payouts=None, price=half, market_type="BINARY").payouts == SPLIT


@pytest.mark.parametrize(
    ("said", "payouts"),
    [([1, 0], [1_000_000, 0]), (["0", "1"], [0, 1_000_000]), ([1, 1], SPLIT), ([0, 0], [0, 0])],
)
def test_payouts_that_are_numerators_are_shares(said, payouts):
    assert data(payouts=said).payouts == payouts


@pytest.mark.parametrize(
    ("flags", "prices"),
    [((False, False), (0.5, 0.5)), ((True, True), ("0.50", "0.50")), ((True, True), (None, None))],
)
def test_flags_that_are_alike_at_half_a_dollar_are_half_and_half(flags, prices):
    found = clob(*flags, prices=prices)
    assert (found.payouts, found.status) == (SPLIT, "resolved")
    assert label({}, events=[found])["label_status"] == "SPLIT_5050"


@pytest.mark.parametrize(
    "said",
    [
        {"prices": (0.58, 0.42)},
        {"prices": (0.5, "?")},
        {"closed": False},
        {"accepting_orders": True},
        {"neg_risk": True},
    ],
    ids=str,
)
def test_a_market_that_nobody_won_yet_is_not_half_and_half(said):
    assert clob(False, False, **{"prices": (0.5, 0.5)} | said).payouts is None


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("resolved_at", "soon", "BAD_TS"), ("resolved_at", "2026-01-05 08:00:00", "BAD_TS"), ("last_update_timestamp", "x", "BAD_TS"),
        ("proposed_price", "much", "BAD_AMOUNT"), ("reproposed_price", {}, "BAD_AMOUNT"),
    ],
)  # fmt: skip
def test_an_odd_time_or_price_costs_no_payouts_and_is_in_quarantine(field, value, reason):
    item = {"condition_id": C, "status": "resolved", "payouts": [1_000_000, 0], field: value}
    found = parsed(fetched({"endpoint": "data/v2/resolutions", "payload": {"data": [item]}}))
    assert found["resolution_events"].select("payouts", "proposed", "ts_event").rows() == [
        ([1_000_000, 0], None, None)
    ]
    assert found["quarantine"].select("meant_for", "reason").rows() == [("resolutions", reason)]


def test_a_price_that_cannot_be_read_pays_nothing_and_is_named():
    item = {"condition_id": C, "status": "resolved", "price": "n/a"}
    found = parsed(fetched({"endpoint": "data/v2/resolutions", "payload": {"data": [item]}}))
    assert found["resolution_events"]["payouts"].to_list() == [None]
    assert found["quarantine"]["detail"].to_list() == ["price n/a"]


@pytest.mark.parametrize("word", ["Resolved", " resolved ", "RESOLVED", "Settled"])
def test_a_status_is_the_same_word_however_it_is_spelt(word):
    assert label(WON | {"umaResolutionStatus": word})["label_status"] == "RESOLVED_TRUE"
    assert (
        label({}, events=[data(payouts=None, price="0", status=word.replace("Settled", "Resolved"))])["y"]
        == 0
    )
