"""Flags of time reach every second that they hold for, whether or not the best bid and ask change in it."""

import polars as pl
import pytest

from lakeflow.truth.grid import Rule, grid
from lakeflow.truth.lasting import lasting
from lakeflow.truth.session import SECOND, Session

OPEN = 1_767_623_400 * SECOND
TIME = pl.Datetime("ns", "UTC")
QUOTE = {"bid_price": 4, "ask_price": 5}
CROSSED = {"bid_price": 6, "ask_price": 5}


def times(seconds):
    return pl.Series([None if s is None else OPEN + round(s * SECOND) for s in seconds], dtype=TIME)


def bbo(*rows):
    """Pairs of a second and a quote."""
    received = times([second for second, _ in rows])
    prices = {name: [quote.get(name) for _, quote in rows] for name in QUOTE}
    table = pl.DataFrame({"ts_recv": received, **prices}, schema_overrides=dict.fromkeys(QUOTE, pl.Int64))
    return table.with_columns(ts_second=pl.col("ts_recv").dt.truncate("1s").cum_max())


def ofi(**known):
    names = ("ts_snapshot", "ts_px_jump", "ts_px_move")
    return pl.DataFrame({name: times([known.get(name)]) for name in names})


def seconds(flags, bit):
    return [second for second, bits in enumerate(flags) if bits >> bit & 1]


def test_five_seconds_after_a_snapshot_are_those_it_touches_though_no_quote_changes(session):
    """A snapshot of 0:26:00.5 of which nothing is new: its own second, the four that follow, and the half of the fifth."""
    assert seconds(lasting(bbo(), ofi(ts_snapshot=16.5), session), 22) == [16, 17, 18, 19, 20, 21]
    assert seconds(lasting(bbo(), ofi(ts_snapshot=0), session), 22) == [0, 1, 2, 3, 4]
    assert seconds(lasting(bbo(), ofi(ts_snapshot=-3.5), session), 22) == [0, 1]


@pytest.mark.parametrize(
    ("quotes", "persist"),
    [
        ([(3, CROSSED), (6, QUOTE)], [4, 5]),
        ([(3.25, CROSSED), (5.5, QUOTE)], [4, 5]),
        ([(3.25, CROSSED), (4.25, QUOTE)], []),
        ([(3, CROSSED), (3.5, CROSSED), (4.5, QUOTE)], [4]),
        ([(3, CROSSED), (3.5, {"bid_price": 6}), (4, CROSSED), (4.9, QUOTE)], []),
        ([(3, CROSSED), (4.9, {"ask_price": 5}), (9, CROSSED), (10.5, QUOTE)], [4, 10]),
        ([(57.5, CROSSED)], [58, 59]),
        ([(-2, CROSSED), (1, QUOTE)], [0]),
    ],
)
def test_a_book_is_crossed_for_over_a_second_in_every_second_until_it_is_not(session, quotes, persist):
    assert seconds(lasting(bbo((-9, QUOTE), *quotes), ofi(), session), 1) == persist


def test_a_receipt_that_goes_back_makes_no_crossing_longer(session):
    """The clock was at 5.0 when 3.2 was received: the book is crossed from then to 5.9."""
    quotes = bbo((0, QUOTE), (5, QUOTE), (3.2, CROSSED), (5.9, QUOTE))
    assert seconds(lasting(quotes, ofi(), session), 1) == []


@pytest.mark.parametrize(("name", "bit"), [("ts_px_jump", 4), ("ts_px_move", 5)])
def test_what_became_of_a_jump_is_said_in_the_second_in_which_it_was_known(session, name, bit):
    flags = lasting(bbo((20, QUOTE), (30, QUOTE)), ofi(**{name: 22.25}), session)
    assert seconds(flags, bit) == [22]
    assert flags.sum() == 1 << bit


def test_the_grid_has_them_beside_what_quotes_say(silver):
    told = silver.ofi.with_columns(ts_snapshot=times([700.5, *[None] * (len(silver.ofi) - 1)]))
    session = Session(OPEN, OPEN + 1500 * SECOND)
    one, other = (
        grid(silver._replace(ofi=each), session, Rule(SECOND // 4), 42) for each in (silver.ofi, told)
    )
    assert one["flags"].sum() == 0
    assert seconds(other["flags"], 22) == list(range(700, 706))
    assert other.drop("flags").equals(one.drop("flags"), null_equal=True)
