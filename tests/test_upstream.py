"""Stages in the order that data flows, and what stands above and below."""

from graphlib import CycleError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.catalog import Catalog, Dataset, Read, Stage
from lakeflow.upstream import above, below, circles, in_order


def catalog(**reads: str) -> Catalog:
    """A stage a letter, making the dataset `s.p.<letter>`; `b="a"` reads a, `b="a-"` reads earlier days of a."""
    stages = {}
    for name, needed in reads.items():
        inputs = [
            Read(each[0], f"s.p.{each[0]}", days=(-2, -1) if each.endswith("-") else None)
            for each in needed.split()
        ]
        stages[name] = Stage(name, "", tuple(inputs), {name: f"s.p.{name}"})
    return Catalog({}, {f"s.p.{n}": Dataset(f"s.p.{n}") for n in reads}, stages)


def test_makers_stand_before_readers_and_equals_as_they_were():
    found = in_order(catalog(d="b c", z="", c="a", b="a", a=""))
    assert list(found.stages) == ["z", "a", "c", "b", "d"]


def test_a_read_of_earlier_days_orders_nothing_and_makes_no_circle():
    history = catalog(b="a b-", a="b-")
    assert list(in_order(history).stages) == ["a", "b"]
    assert list(circles(history)) == []


@pytest.mark.parametrize(
    ("reads", "found"),
    [
        ({"a": "a"}, ["a a"]),
        ({"c": "b", "b": "a", "a": "c", "d": "a"}, ["a b c a"]),
        ({"a": "b", "b": "a", "x": "y", "y": "x", "z": "x b"}, ["a b a", "x y x"]),
    ],
)
def test_every_circle_is_named_in_the_order_of_the_data(reads, found):
    assert sorted(" ".join(circle) for circle in circles(catalog(**reads))) == found
    with pytest.raises(CycleError):
        in_order(catalog(**reads))


def test_above_is_what_a_stage_stands_on_and_below_what_stands_on_a_dataset():
    found = catalog(a="", b="a", c="a", d="b d-", e="c")
    assert above(found, [found.stages["d"]]) == {"d", "b", "a"}
    assert below(found, {"s.p.a"}) == {f"s.p.{name}" for name in "abcde"}
    assert below(found, {"s.p.c"}) == {"s.p.c", "s.p.e"}
    assert above(found, []) == below(found, set()) == set()


@given(st.lists(st.sets(st.integers(0, 11)), max_size=12), st.randoms(use_true_random=False))
def test_any_graph_without_a_circle_is_ordered(needs, random):
    names = "abcdefghijkl"
    reads = {names[n]: " ".join(names[m] for m in wanted if m < n) for n, wanted in enumerate(needs)}
    shuffled = dict(random.sample(sorted(reads.items()), len(reads)))
    found = list(in_order(catalog(**shuffled)).stages)
    assert sorted(found) == sorted(reads)
    for name, wanted in reads.items():
        assert all(found.index(each) < found.index(name) for each in wanted.split())
