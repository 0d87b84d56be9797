"""Records said twice: exactly those, whatever the chunks, in bounded memory."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.simulate.wire import filled
from lakeflow.vendors.databento.orders import Columns, columns
from lakeflow.vendors.databento.repeats import SLOTS, WINDOW, memory, repeats
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


def of(given_rows) -> Columns:
    return columns(filled(LAYOUTS["mbo"][3], given_rows))


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
@given(st.lists(rows, max_size=40), st.sampled_from([1, 7, 4096]))
def test_repeats_are_what_a_set_finds_whatever_the_chunks(given_rows, size):
    seen, found = memory(), []
    for start in range(0, len(given_rows), size):
        part = of(given_rows[start : start + size])
        found += repeats(part, np.ones(len(part.price), bool), seen).tolist()
    assert found == twin(given_rows)


def test_a_record_that_is_not_judged_is_not_remembered():
    part, seen = of([{"action": "A", "order_id": 1}] * 3), memory()
    assert repeats(part, np.array([False, True, True]), seen).tolist() == [False, False, True]


@pytest.mark.parametrize("away", [1, WINDOW // 2, WINDOW])
def test_a_repeat_is_found_within_the_window(away):
    part, seen = of([{"action": "A", "order_id": 1}]), memory()
    many = columns(np.repeat(filled(LAYOUTS["mbo"][3], [{"action": "A"}]), away - 1))
    many.order_id[:] = np.arange(2, away + 1, dtype=np.uint64)
    repeats(part, np.ones(1, bool), seen)
    assert not repeats(many, np.ones(away - 1, bool), seen).any()
    assert repeats(part, np.ones(1, bool), seen).all()


def test_memory_does_not_grow_with_the_day():
    seen = memory()
    many = columns(np.repeat(filled(LAYOUTS["mbo"][3], [{"action": "A"}]), 3 * WINDOW))
    many.order_id[:] = np.arange(1, 3 * WINDOW + 1, dtype=np.uint64)
    assert not repeats(many, np.ones(3 * WINDOW, bool), seen).any()
    assert np.count_nonzero(seen.current) + np.count_nonzero(seen.previous) <= 2 * WINDOW < SLOTS
