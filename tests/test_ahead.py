"""Work ahead of its use: the same items in the same order, a bounded number of them, and no thread left behind."""

import threading
import time
from collections.abc import Iterator

import pytest

from lakeflow.ahead import IN_FLIGHT, ahead


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "ahead"]


def test_the_items_come_in_their_order():
    assert list(ahead(iter(range(1_000)))) == list(range(1_000))
    assert not threads()


def test_no_more_are_made_than_are_in_flight():
    made: list[int] = []

    def numbers() -> Iterator[int]:
        for n in range(100):
            made.append(n)
            yield n

    for used, _ in enumerate(ahead(numbers()), start=1):
        if used % 10 == 0:
            time.sleep(0.01)
        assert len(made) - used + 1 <= IN_FLIGHT


def test_an_error_comes_where_its_item_would_have_been():
    def broken() -> Iterator[int]:
        yield from (1, 2)
        raise ValueError("three")

    taken = []
    with pytest.raises(ValueError, match="three"):
        taken.extend(ahead(broken()))
    assert not threads()


def test_who_stops_early_stops_the_thread():
    items = ahead(iter(range(1_000)))
    assert next(items) == 0
    items.close()
    assert not threads()
