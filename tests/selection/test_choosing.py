"""The choice of a contract: the example of the reference, ties, roll rules, and that it never looks ahead."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.market.choosing import Before, Choice, Contract, State, Terms, choose

H6 = Contract("ESH6", 1, date(2026, 3, 20))
M6 = Contract("ESM6", 2, date(2026, 6, 18))
U6 = Contract("ESU6", 3, date(2026, 9, 18))
D1 = date(2026, 1, 5)
EXAMPLE = [(1000, 10), (900, 300), (400, 700), (600, 500), (100, 900)]


def walk(volumes, terms=None, contracts=(H6, M6), start=D1) -> list[Choice]:
    """The choices of the sessions after each of these days of volumes, on consecutive dates."""
    found, past = [], None
    for n, traded in enumerate(volumes):
        day = start + timedelta(days=n)
        before = Before(day, dict(zip((c.symbol for c in contracts), traded, strict=True)))
        choice = choose(day + timedelta(days=1), contracts, before, past, terms or Terms())
        past = choice.state
        found.append(choice)
    return found


def symbols(choices) -> list[str]:
    return [choice.contract.symbol for choice in choices]


def test_the_example_of_the_reference_rolls_once():
    choices = walk(EXAMPLE)
    assert symbols(choices) == ["ESH6", "ESH6", "ESM6", "ESM6", "ESM6"]
    assert [c.decision for c in choices] == ["first", "leads", "leads", "held", "leads"]


def test_without_forward_only_the_choice_is_the_vendors_and_rolls_three_times():
    assert symbols(walk(EXAMPLE, Terms(forward_only=False))) == ["ESH6", "ESH6", "ESM6", "ESH6", "ESM6"]


def test_a_roll_waits_until_the_later_contract_has_led_long_enough():
    choices = walk([(9, 1), (1, 9), (9, 1), (1, 9), (1, 9)], Terms(confirm_days=2))
    assert symbols(choices) == ["ESH6", "ESH6", "ESH6", "ESH6", "ESM6"]
    assert [c.decision for c in choices] == ["first", "unconfirmed", "leads", "unconfirmed", "leads"]


def test_a_trade_date_that_two_sessions_follow_counts_once():
    before = Before(D1, {"ESH6": 1, "ESM6": 9})
    past = State("ESH6", H6.expiration, "ESM6", 1, D1)
    again = choose(D1 + timedelta(days=2), (H6, M6), before, past, Terms(confirm_days=2))
    assert (again.contract, again.state.rival_days) == (H6, 1)


@pytest.mark.parametrize(
    ("interest", "symbol", "basis"),
    [
        ((5, 7), "ESM6", "open_interest"),
        ((7, 7), "ESH6", "calendar"),
        ((None, None), "ESH6", "calendar"),
        ((None, 1), "ESM6", "open_interest"),
    ],
)
@pytest.mark.parametrize("volume", [0, 300])
def test_a_tie_goes_to_open_interest_then_to_the_earlier_expiry(volume, interest, symbol, basis):
    contracts = [c._replace(open_interest=n) for c, n in zip((H6, M6), interest, strict=True)]
    choice = choose(D1, contracts, Before(D1, {"ESH6": volume, "ESM6": volume}), None, Terms())
    assert (choice.contract.symbol, choice.basis) == (symbol, basis)


def test_of_two_that_expire_together_the_first_by_name_is_chosen():
    twin = H6._replace(symbol="ESA6")
    assert choose(D1, [H6, twin], None, None, Terms()).contract == twin


@pytest.mark.parametrize(("basis", "symbol"), [("v", "ESU6"), ("n", "ESM6"), ("c", "ESH6")])
def test_the_basis_is_volume_open_interest_or_the_calendar(basis, symbol):
    contracts = [H6, M6._replace(open_interest=9), U6]
    choice = choose(D1, contracts, Before(D1, {"ESU6": 9}), None, Terms(basis=basis))
    assert choice.contract.symbol == symbol


def test_a_tie_of_open_interest_goes_to_volume_where_that_is_the_basis():
    contracts = [c._replace(open_interest=7) for c in (H6, M6)]
    choice = choose(D1, contracts, Before(D1, {"ESM6": 9}), None, Terms(basis="n"))
    assert (choice.contract.symbol, choice.basis) == ("ESM6", "volume")


def test_an_unknown_basis_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"expected one of \['c', 'n', 'v'\], found 'x'"):
        choose(D1, [H6], None, None, Terms(basis="x"))


def test_without_a_session_before_the_premarket_decides_then_open_interest_then_expiry():
    busy = M6._replace(premarket_volume=3)
    assert choose(D1, [H6, busy], None, None, Terms())[:3] == (busy, "premarket", "first")
    held = M6._replace(open_interest=3)
    assert choose(D1, [H6, held], None, None, Terms())[:3] == (held, "open_interest", "first")
    assert choose(D1, [H6, M6], None, None, Terms())[:3] == (H6, "calendar", "first")


@pytest.mark.parametrize(
    ("day", "symbol", "decision"),
    [
        (date(2026, 3, 18), "ESH6", "leads"),
        (date(2026, 3, 19), "ESM6", "forced"),
        (date(2026, 3, 20), "ESM6", "forced"),
    ],
)
def test_a_contract_that_still_leads_is_left_a_day_before_it_expires(day, symbol, decision):
    before, past = Before(day, {"ESH6": 900, "ESM6": 1}), State("ESH6", H6.expiration)
    choice = choose(day, (H6, M6, U6), before, past, Terms())
    assert (choice.contract.symbol, choice.decision) == (symbol, decision)


def test_a_contract_about_to_expire_is_chosen_where_there_is_no_other_and_not_after():
    assert choose(date(2026, 3, 19), [H6], None, None, Terms()).contract == H6
    assert choose(date(2026, 3, 20), [H6], None, None, Terms()) is None


def test_the_physically_delivered_are_left_earlier():
    day, past = date(2026, 2, 20), State("ESH6", H6.expiration)
    choice = choose(day, (H6, M6), Before(day, {"ESH6": 9}), past, Terms(force_days=28))
    assert choice.contract == M6


def test_an_override_may_go_back_and_the_walk_goes_on_from_there():
    past = State("ESM6", M6.expiration)
    back = choose(D1, (H6, M6), Before(D1, {"ESM6": 9}), past, Terms(), override="ESH6")
    assert back[:3] == (H6, "override", "override")
    on = choose(D1, (H6, M6), Before(D1, {"ESH6": 9}), back.state, Terms())
    assert on.contract == H6


def test_an_override_of_no_listed_contract_is_refused():
    with pytest.raises(ValueError, match=r"one of \['ESH6', 'ESM6'\], found ESZ9"):
        choose(D1, (H6, M6), None, None, Terms(), override="ESZ9")


def test_an_override_of_an_expired_contract_is_refused():
    with pytest.raises(ValueError, match=r"one of \['ESM6'\], found ESH6"):
        choose(date(2026, 3, 21), (H6, M6), None, None, Terms(), override="ESH6")


def test_after_a_long_gap_a_later_contract_that_leads_the_premarket_waits_for_no_confirmation():
    past, busy = State("ESH6", H6.expiration), M6._replace(premarket_volume=9)
    assert choose(D1, (H6, busy), None, past, Terms(confirm_days=2)).contract == busy


def test_after_a_long_gap_the_premarket_decides_but_never_goes_back():
    past = State("ESM6", M6.expiration)
    choice = choose(D1, (H6._replace(premarket_volume=9), M6), None, past, Terms())
    assert (choice.contract.symbol, choice.decision) == ("ESM6", "held")


DAYS = st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=1, max_size=12)
TERMS = st.builds(Terms, basis=st.sampled_from("vnc"), confirm_days=st.integers(1, 3))


@given(DAYS, TERMS, st.integers(0, 90))
def test_the_expiry_never_goes_back_and_the_chosen_is_never_expired(volumes, terms, shift):
    start = D1 + timedelta(days=shift)
    choices = walk(volumes, terms, (H6, M6, U6), start)
    expiries = [c.contract.expiration for c in choices]
    assert expiries == sorted(expiries)
    assert all(start + timedelta(days=n + 1) < day for n, day in enumerate(expiries))


@given(DAYS, DAYS, TERMS)
def test_later_days_cannot_change_an_earlier_choice(volumes, others, terms):
    contracts = (H6, M6, U6)
    short, long = walk(volumes, terms, contracts), walk(volumes + others, terms, contracts)
    assert long[: len(short)] == short


@given(DAYS, st.permutations([H6, M6, U6]))
def test_the_order_in_which_contracts_are_told_does_not_matter(volumes, contracts):
    swapped = [tuple(dict(zip((H6, M6, U6), day, strict=True))[c] for c in contracts) for day in volumes]
    assert walk(swapped, None, tuple(contracts)) == walk(volumes, None, (H6, M6, U6))
