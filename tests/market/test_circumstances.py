"""Halts, auctions and price limits by time, from the status and the definitions of a day."""

import numpy as np
import polars as pl
import pytest

from lakeflow.market.circumstances import AUCTION, HALTED, PX_BAND, circumstances, flags_at
from lakeflow.market.records import UNDEF_PRICE

TIME = pl.Datetime("ns", "UTC")
NO_STATUS = pl.DataFrame(
    schema={
        "row": pl.Int64,
        "ts_recv": TIME,
        "instrument_id": pl.UInt32,
        "publisher_id": pl.UInt16,
        "action": pl.UInt16,
    }
)
NO_DEFINITION = pl.DataFrame(
    schema={
        "row": pl.Int64, "ts_recv": TIME, "instrument_id": pl.UInt32, "low_limit_price": pl.Int64, "high_limit_price": pl.Int64,
    }
)  # fmt: skip


def rows_of(empty, *rows):
    return pl.DataFrame([(n, *row) for n, row in enumerate(rows)], schema=empty.schema, orient="row")


def phases(*said, at):
    """Flags at times, of statuses told as time, instrument, publisher and action."""
    around = circumstances(NO_DEFINITION, rows_of(NO_STATUS, *said), [7])
    return flags_at(around, np.array(at), []).tolist()


def test_a_phase_holds_from_its_receipt_to_the_next():
    said = [(10, 7, 1, 1), (20, 7, 1, 7), (30, 7, 1, 8), (40, 7, 1, 7)]
    assert phases(*said, at=[9, 10, 19, 20, 30, 39, 40]) == [0, AUCTION, AUCTION, 0, HALTED, HALTED, 0]


@pytest.mark.parametrize("action", [0, 14], ids=["no change", "rules for short sales"])
def test_a_status_that_says_nothing_of_trading_ends_no_halt(action):
    assert phases((10, 7, 1, 9), (20, 7, 1, action), at=[25]) == [HALTED]


@pytest.mark.parametrize(
    ("flag", "actions"), [(AUCTION, (1, 2, 4, 5, 6)), (HALTED, (8, 9, 10, 15)), (0, (3, 7, 11, 12, 13))]
)
def test_what_the_vendor_calls_a_phase_is_an_auction_a_halt_or_neither(flag, actions):
    assert [phases((10, 7, 1, action), at=[11]) for action in actions] == [[flag]] * len(actions)


def test_a_halt_at_one_venue_holds_until_that_venue_trades_again():
    said = [(10, 7, 1, 8), (20, 7, 2, 7), (30, 7, 1, 7)]
    assert phases(*said, at=[15, 25, 35]) == [HALTED, HALTED, 0]


def test_the_halt_of_another_instrument_is_none_of_ours():
    assert phases((10, 8, 1, 8), at=[15]) == [0]


def test_prices_beyond_the_limits_known_by_then_are_flagged():
    defined = rows_of(NO_DEFINITION, (10, 7, 90, 110), (20, 7, 95, None), (20, 8, 1, 2))
    around = circumstances(defined, NO_STATUS, [7])
    found = flags_at(
        around, np.array([5, 10, 10, 10, 10, 20, 20]), [np.array([1, 89, 90, 110, 111, 94, 999])]
    )
    assert (found // PX_BAND).tolist() == [0, 1, 0, 0, 1, 1, 0]


def test_either_side_may_be_beyond_the_limits_and_an_empty_one_is_not():
    around = circumstances(rows_of(NO_DEFINITION, (10, 7, 90, 110)), NO_STATUS, [7])
    bids, asks = np.array([80, 100, UNDEF_PRICE]), np.array([100, 120, UNDEF_PRICE])
    assert flags_at(around, np.full(3, 10), [bids, asks]).tolist() == [PX_BAND, PX_BAND, 0]
