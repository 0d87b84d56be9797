"""Keys come ready when all their needs are done, are skipped when one is not, and never go round in a circle."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.errors import LakeflowError
from lakeflow.graph import Graph

Needs = dict[int, list[int]]


def test_a_key_is_ready_when_all_its_needs_are_done() -> None:
    graph = Graph()
    graph.add("orders", [])
    graph.add("definition", [])
    graph.add("bbo", ["orders", "definition"])
    assert graph.ready() == ["orders", "definition"]
    graph.done("orders")
    assert graph.ready() == []
    graph.done("definition")
    assert graph.ready() == ["bbo"]
    assert graph.ready() == []


def test_a_key_may_come_before_what_it_needs() -> None:
    graph = Graph()
    graph.add("bbo", ["orders"])
    assert graph.ready() == []
    graph.add("orders", [])
    graph.done("orders")
    assert graph.ready() == ["orders", "bbo"]


def test_a_key_that_needs_what_is_done_is_ready_at_once() -> None:
    graph = Graph()
    graph.add("orders", [])
    graph.done("orders")
    graph.ready()
    assert graph.add("bbo", ["orders"])
    assert graph.ready() == ["bbo"]


def test_a_failure_skips_everything_that_stands_on_it_once() -> None:
    graph = Graph()
    for key, needs in {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"], "other": []}.items():
        graph.add(key, needs)
    assert graph.fail("a") == ["b", "c", "d"]
    graph.done("other")
    assert graph.ready() == ["a", "other"]


def test_a_key_that_needs_what_failed_is_skipped_as_it_is_added_and_so_is_what_waits_for_it() -> None:
    graph = Graph()
    graph.add("truth", ["bbo"])
    graph.fail("orders")
    assert not graph.add("bbo", ["orders"])
    assert graph.skipped() == ["truth"]
    assert graph.skipped() == graph.ready() == []


def test_a_circle_is_refused_with_its_path() -> None:
    graph = Graph()
    graph.add("a", ["b"])
    graph.add("b", ["c", "d"])
    graph.add("d", [])
    with pytest.raises(LakeflowError, match="c: expected no circle of needs, found c -> a -> b -> c"):
        graph.add("c", ["a"])


def test_a_key_that_needs_itself_is_refused() -> None:
    with pytest.raises(LakeflowError, match="found a -> a"):
        Graph().add("a", ["a"])


def test_a_key_planned_twice_is_refused() -> None:
    graph = Graph()
    graph.add("a", [])
    with pytest.raises(LakeflowError, match="a: expected a step to be planned once"):
        graph.add("a", [])


@st.composite
def acyclic(draw: st.DrawFn) -> tuple[Needs, list[int], set[int]]:
    """Needs among numbers, each larger than what it needs; an order to add them in; the ones that will fail."""
    size = draw(st.integers(1, 12))
    needs = {n: draw(st.lists(st.integers(0, n - 1), max_size=4)) if n else [] for n in range(size)}
    return needs, draw(st.permutations(range(size))), draw(st.sets(st.integers(0, size - 1)))


def spoilt(needs: Needs, bad: set[int]) -> set[int]:
    """The numbers that stand on a bad one over any way, by looking again until nothing changes."""
    found: set[int] = set()
    while True:
        more = {n for n in needs if set(needs[n]) & (bad | found)}
        if more == found:
            return found
        found = more


@given(acyclic(), st.data())
def test_whatever_the_order_each_key_is_done_after_its_needs_or_skipped_with_cause(
    shape: tuple[Needs, list[int], set[int]], data: st.DataObject
) -> None:
    needs, order, bad = shape
    graph, to_add, ready = Graph(), list(order), []
    done: list[int] = []
    skipped: list[int] = []
    while to_add or ready:
        if to_add and (not ready or data.draw(st.booleans())):
            key = to_add.pop()
            if not graph.add(str(key), map(str, needs[key])):
                skipped += [key, *map(int, graph.skipped())]
        else:
            key = ready.pop(data.draw(st.integers(0, len(ready) - 1)))
            if key in bad:
                skipped += map(int, graph.fail(str(key)))
            else:
                assert set(needs[key]) <= set(done)
                graph.done(str(key))
                done.append(key)
        ready += map(int, graph.ready())
    assert sorted(skipped) == sorted(spoilt(needs, bad))
    assert sorted(done) == sorted(set(needs) - set(skipped) - bad)


@given(st.dictionaries(st.integers(0, 7), st.lists(st.integers(0, 7), max_size=3), max_size=8))
def test_a_graph_is_refused_exactly_when_something_stands_on_itself(needs: Needs) -> None:
    graph, refused = Graph(), False
    for key, wanted in needs.items():
        try:
            graph.add(str(key), map(str, wanted))
        except LakeflowError:
            refused = True
            break
    assert refused == any(key in reached(needs, key) for key in needs)


def reached(needs: Needs, start: int) -> set[int]:
    found: set[int] = set()
    queue = [start]
    while queue:
        for need in needs.get(queue.pop(), []):
            if need not in found:
                found.add(need)
                queue.append(need)
    return found


@pytest.mark.parametrize("backwards", [False, True])
def test_a_hundred_thousand_keys_take_no_time_worth_naming(backwards: bool) -> None:
    days = range(1000)
    pairs = [(f"{day}/{n}", [f"{day}/{n - 1}", f"{day - 1}/{n}"]) for day in days for n in range(100)]
    graph, began = Graph(), time.process_time()
    for day in days:
        graph.done(f"{day}/-1")
    for n in range(100):
        graph.done(f"-1/{n}")
    for key, needs in reversed(pairs) if backwards else pairs:
        graph.add(key, needs)
    taken = 0
    while ready := graph.ready():
        taken += len(ready)
        for key in ready:
            graph.done(key)
    assert taken == 100_000
    assert time.process_time() - began < 60  # 1 to 1.5 s; quadratic takes minutes


def test_a_failure_that_a_hundred_thousand_keys_wait_for_is_as_quick() -> None:
    graph, began = Graph(), time.process_time()
    for n in range(100_000):
        graph.add(str(n), ["raw"])
    assert len(graph.fail("raw")) == 100_000
    assert time.process_time() - began < 60
