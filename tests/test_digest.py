"""A digest is the same for the same value, and for no other."""

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.digest import digest

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(SCALARS, inner), max_leaves=8)


@given(VALUES, VALUES)
def test_two_values_have_one_digest_only_if_they_print_alike(one, other):
    def ordered(value):
        if isinstance(value, dict):
            return sorted(((repr(k), ordered(v)) for k, v in value.items()), key=repr)
        return [ordered(each) for each in value] if isinstance(value, list) else repr(value)

    assert (digest([one]) == digest([other])) == (
        ordered([one]) == ordered([other]) and type(one) is type(other)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ((1, 2), [1, 2]),
        ({3, 1, 2}, [1, 2, 3]),
        (MappingProxyType({"a": (1,)}), {"a": [1]}),
    ],
)
def test_order_of_keys_and_kind_of_container_do_not_count(one, other):
    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    ("one", "other"), [({1: "a"}, {"1": "a"}), ([1], [1.0]), ([0], [False]), ("1", 1), ([], {})]
)
def test_what_json_would_confuse_is_told_apart(one, other):
    assert digest(one) != digest(other)


def test_a_value_that_nobody_foresaw_is_a_bug_and_raises():
    with pytest.raises(TypeError, match=r"cannot digest bytes: b'a'"):
        digest({"a": [b"a"]})
