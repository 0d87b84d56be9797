"""What is listed when."""

from datetime import date

import pytest

from lakeflow.simulate.contracts import listed


def test_the_front_two_quarters_and_their_spread_are_listed():
    near, far, spread = listed("ES", date(2026, 1, 6))
    assert [each.symbol for each in (near, far, spread)] == ["ESH6", "ESM6", "ESH6-ESM6"]
    assert near.opening < far.opening
    assert spread.opening < 0
    assert all(each.opening % each.tick == 0 for each in (near, far, spread))


def test_a_contract_is_gone_on_the_day_it_expires():
    assert listed("ES", date(2026, 3, 19))[0].symbol == "ESH6"
    assert listed("ES", date(2026, 3, 20))[0].symbol == "ESM6"


def test_a_contract_has_one_id_on_all_days_and_no_other_contract_has_it():
    days = [date(2026, 1, 5), date(2026, 1, 6), date(2026, 4, 1)]
    ids = {
        (each.symbol, each.instrument_id)
        for root in ("ES", "NQ")
        for day in days
        for each in listed(root, day)
    }
    assert len({symbol for symbol, _ in ids}) == len({number for _, number in ids}) == len(ids)


def test_a_parent_that_is_not_simulated_is_refused():
    with pytest.raises(ValueError, match="no simulated parent CL; there are ES, NQ, RTY, YM"):
        listed("CL", date(2026, 1, 6))
