"""Work put behind: in order, bounded, and its errors reach whoever put it there."""

import threading

import pytest

from lakeflow.behind import ROOM, WAITING, Behind


@pytest.fixture(params=[True, False], ids=["a thread", "at once"])
def behind(request):
    made = Behind(overlaps=request.param)
    yield made
    made.close()


def test_calls_are_done_one_at_a_time_in_the_order_given(behind):
    done: list[int] = []
    for number in range(100):
        behind.put(lambda number=number: done.append(number))
    behind.settle()
    assert done == list(range(100))


def test_an_error_reaches_the_caller_by_the_time_that_all_is_settled(behind):
    def all_of_them() -> None:
        for number in range(3):
            behind.put(lambda number=number: 1 // number)
        behind.settle()

    with pytest.raises(ZeroDivisionError):
        all_of_them()


def test_no_more_waits_than_memory_should_hold():
    behind, gate, begun = Behind(overlaps=True), threading.Event(), threading.Semaphore(0)
    for _ in range(1 + WAITING):
        behind.put(lambda: (begun.release(), gate.wait()))
    late = threading.Thread(target=behind.put, args=(begun.release,))
    late.start()
    begun.acquire()  # the first one has begun, and stands
    late.join(0.05)
    assert late.is_alive()
    gate.set()
    late.join()
    behind.close()


def test_what_is_under_way_is_done_when_it_closes_and_nothing_else_begins():
    behind, gate, begun, done = Behind(overlaps=True), threading.Event(), threading.Event(), []
    behind.put(lambda: (begun.set(), gate.wait(), done.append("first")))
    behind.put(lambda: done.append("second"))
    begun.wait()
    threading.Timer(0.02, gate.set).start()
    behind.close()
    assert done == ["first"]


def test_no_thread_is_begun_for_nothing():
    before = threading.active_count()
    behind = Behind(overlaps=True)
    behind.settle()
    assert threading.active_count() == before
    behind.close()


def test_small_things_may_wait_in_numbers_until_their_bytes_are_a_row_group():
    behind, gate = Behind(overlaps=True), threading.Event()
    behind.put(gate.wait, ROOM - 99)
    for _ in range(99):
        behind.put(lambda: None, 1)
    late = threading.Thread(target=behind.put, args=(lambda: None, 1))
    late.start()
    late.join(0.05)
    assert late.is_alive()
    gate.set()
    late.join()
    behind.close()
