"""Days of one contract join: the books at the end of a UTC date are the snapshot of the next, whichever days are made."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pytest

from lakeflow.simulate.clock import MINUTE, weights
from lakeflow.simulate.contracts import listed, nanoseconds
from lakeflow.simulate.day import write_day
from lakeflow.simulate.future_day import future_day
from lakeflow.simulate.orders import Orders
from lakeflow.vendors.databento.records import records

Rows = npt.NDArray[np.void]
Queues = dict[tuple[str, int], list[tuple[int, int]]]
EVENTS = 4_000
MAKERS = {
    "plain": lambda day: Orders(listed("ES", day), day, 3),
    "kernels": lambda day: future_day(listed("ES", day), day, 3),
    "hazards": lambda day: future_day(listed("ES", day), day, 3, frozenset({"hidden", "preopen", "stubs"})),
}


def made(how: str, day: date) -> Rows:
    return np.concatenate(list(MAKERS[how](day).records(EVENTS)))


def queues(rows: Rows, instrument_id: int) -> Queues:
    """What the records of an instrument leave: the orders on each price, the first to be filled first."""
    book: dict[int, tuple[str, int, int]] = {}
    for row in rows[rows["instrument_id"] == instrument_id]:
        order_id, action, price, size = (row[name].item() for name in ("order_id", "action", "price", "size"))
        if action == b"R":
            book.clear()
        elif action in (b"A", b"M"):
            if action == b"A" or book[order_id][1] != price or book[order_id][2] < size:
                book.pop(order_id, None)
            book[order_id] = (row["side"].decode(), price, size)
        elif action == b"C":
            side, at, held = book[order_id]
            book[order_id] = (side, at, held - size)
            if held == size:
                del book[order_id]
    found: Queues = {}
    for order_id, (side, price, size) in book.items():
        found.setdefault((side, price), []).append((order_id, size))
    return found


def at_midnight(rows: Rows, day: date) -> Rows:
    return rows[rows["ts_recv"] == nanoseconds(day)]


@pytest.mark.parametrize("how", sorted(MAKERS))
@pytest.mark.parametrize(
    "days",
    [
        (date(2026, 1, 5), date(2026, 1, 6)),
        (
            date(2026, 1, 9),
            date(2026, 1, 11),
            date(2026, 1, 12),
        ),  # over a weekend, with no file of a Saturday
        (date(2026, 3, 6), date(2026, 3, 8), date(2026, 3, 9)),  # over one in which Chicago's clocks change
        (date(2026, 7, 7), date(2026, 7, 8)),  # in summer the evening is two hours
    ],
)
def test_the_books_at_the_end_of_a_date_are_the_snapshot_of_the_next(how, days):
    files = [made(how, day) for day in days]
    for before, after, day in zip(files, files[1:], days[1:], strict=False):
        for each in listed("ES", day):
            left = queues(before, each.instrument_id)
            assert left == queues(at_midnight(after, day), each.instrument_id)
            assert sum(map(len, left.values())) > 200


def test_an_order_of_the_evening_keeps_its_time_over_midnight():
    tuesday, wednesday = (made("plain", date(2026, 1, day)) for day in (6, 7))
    evening = tuesday[(tuesday["action"] == b"A") & (tuesday["flags"] == 130)]
    came = dict(zip(evening["order_id"].tolist(), evening["ts_event"].tolist(), strict=True))
    told = at_midnight(wednesday, date(2026, 1, 7))
    kept = [row for row in told if row["order_id"].item() in came]
    assert len(kept) > 10
    assert all(row["ts_event"] == came[row["order_id"].item()] for row in kept)


@pytest.mark.parametrize("how", ["plain", "kernels"])
def test_the_books_are_made_up_anew_in_the_break_and_trade_until_it(how):
    day = date(2026, 1, 6)
    rows = made(how, day)
    minutes = (rows["ts_recv"].astype(np.int64) - nanoseconds(day)) // MINUTE
    rebuilt = np.flatnonzero((rows["action"] == b"R") & (minutes > 0))
    assert set(minutes[rebuilt]) == {22 * 60 + 1}  # a minute after 16:00 in Chicago
    live = minutes[(rows["flags"] & 32) == 0]
    assert not np.isin(live, range(22 * 60, 23 * 60)).any()
    fresh = [
        order for queue in queues(rows, listed("ES", day)[0].instrument_id).values() for order, _ in queue
    ]
    assert not np.isin(fresh, rows["order_id"][minutes < 22 * 60]).any()


def test_a_sunday_has_as_many_events_as_the_evening_of_a_weekday():
    sunday, monday = date(2026, 1, 11), date(2026, 1, 12)
    counts = [len(np.unique(made("plain", day)["sequence"][1_900:])) for day in (sunday, monday)]
    assert counts[0] < EVENTS * 60 / sum(weights(monday)) * 1.2 < counts[1] / 10


def test_a_contract_joins_over_the_expiry_of_another(tmp_path):
    days = [date(2026, 3, 19), date(2026, 3, 20)]
    files = [write_day(tmp_path, "ES", day, EVENTS, 3, hazards="roll")[0] for day in days]
    first, second = (np.concatenate(list(records(file, "mbo"))) for file in files)
    for each in listed("ES", days[1]):  # one of which is new: it is traded from the close on
        told = at_midnight(second, days[1])
        assert queues(first, each.instrument_id) == queues(told, each.instrument_id) != {}


def test_a_contract_opens_for_a_trade_date_where_its_own_expiry_says_whatever_else_is_listed():
    (_, next_one, _), (front, _, _) = listed("ES", date(2026, 3, 19)), listed("ES", date(2026, 3, 20))
    assert next_one.symbol == front.symbol == "ESM6"
    assert abs(front.opening / next_one.opening - 1) < 0.003
    assert listed("ES", date(2026, 1, 11)) == listed("ES", date(2026, 1, 10) + timedelta(days=2))
