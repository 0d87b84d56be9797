"""Records said twice: exactly those, whatever the chunks, in bounded memory."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.simulate.wire import filled
from lakeflow.vendors.databento.codes import UNDEF_TIMESTAMP
from lakeflow.vendors.databento.orders import ACTION_CODES, words
from lakeflow.vendors.databento.repeats import NEAR, SLOTS, WINDOW, memory, refuse_repeats
from lakeflow.vendors.databento.schemas import LAYOUTS

small = st.integers(0, 1)
rows = st.fixed_dictionaries(
    {
        "action": st.sampled_from("ACMRTFN"),
        "order_id": st.sampled_from([0, 1, 2**63, 2**64 - 1]),
        **dict.fromkeys(
            ("ts_event", "price", "size", "sequence", "instrument_id", "publisher_id", "flags"), small
        ),
    }
)
KEY = ("publisher_id", "instrument_id", "ts_event", "sequence", "action", "order_id", "price", "size")


def of(given_rows):
    return filled(LAYOUTS["mbo"][3], given_rows)


def repeats(records, seen, judged=None) -> list[bool]:
    """Which records are refused as repeats; one that is not judged has another reason against it."""
    verdict = np.zeros(len(records), np.uint8) if judged is None else np.where(judged, 0, 7).astype(np.uint8)
    found = refuse_repeats(words(records), ACTION_CODES, seen, 8, verdict)
    assert found == np.count_nonzero(verdict == 8)
    return (verdict == 8).tolist()


def adds(ids, **fields):
    """An add of each of these orders, all alike but for the time, the sequence, or whatever is given."""
    records = np.repeat(of([{"action": "A"}]), len(ids))
    records["order_id"] = ids
    for name, values in fields.items():
        records[name] = values
    return records


def twin(given_rows) -> list[bool]:
    """What was seen, in a set; T, F, N and R, and records of no order, are never repeats."""
    seen, found = set(), []
    for row in given_rows:
        key = tuple(row[name] for name in KEY)
        counts = row["action"] in "ACM" and row["order_id"] != 0
        found.append(counts and key in seen)
        if counts:
            seen.add(key)
    return found


@settings(deadline=None)  # the first call compiles
@given(st.lists(rows, max_size=90), st.sampled_from([1, 7, 4096]))
def test_repeats_are_what_a_set_finds_whatever_the_chunks(given_rows, size):
    seen, found = memory(), []
    for start in range(0, len(given_rows), size):
        found += repeats(of(given_rows[start : start + size]), seen)
    assert found == twin(given_rows)


def test_a_record_that_is_not_judged_is_not_remembered():
    records = of([{"action": "A", "order_id": 1}] * 3)
    assert repeats(records, memory(), [False, True, True]) == [False, False, True]


@pytest.mark.parametrize("away", [1, NEAR, NEAR + 1, WINDOW // 2, WINDOW])
@pytest.mark.parametrize("step", [0, 1, -1], ids=["same time", "later", "earlier"])
def test_a_repeat_is_found_within_the_window(away, step):
    one, seen = adds([1], ts_event=WINDOW), memory()
    between = adds(np.arange(2, away + 1), ts_event=WINDOW + step * np.arange(1, away))
    assert repeats(one, seen) == [False]
    assert not any(repeats(between, seen))
    assert repeats(one, seen) == [True]


def test_the_window_holds_from_wherever_it_begins():
    """The halves are written in turn, and a table takes in a half only when it is asked."""
    seen, ids = memory(), np.arange(1, 3 * WINDOW)
    day = adds(ids, ts_event=ids)
    for start in range(0, len(day), 10_000):
        part = day[start : start + 10_000]
        assert not any(repeats(part, seen))
        assert all(repeats(part[::37], seen))
        assert all(repeats(day[max(0, start - WINDOW + 10_000) : start : 1_009], seen))


def test_an_undefined_time_makes_nothing_new_without_a_look():
    records = adds([1, 2, 1], ts_event=[UNDEF_TIMESTAMP, 5, UNDEF_TIMESTAMP])
    assert repeats(records, memory()) == [False, False, True]


def test_memory_does_not_grow_with_the_day():
    seen, ids = memory(), np.arange(1, 3 * WINDOW)
    assert not any(repeats(adds(ids, ts_event=ids[::-1]), seen))
    assert np.count_nonzero(seen.tables) <= 2 * WINDOW < SLOTS
