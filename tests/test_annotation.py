"""Which YAML values fit which annotation, and how an annotation wants a table."""

import ast
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.annotation import fits, input_kind, is_plain, takes_none


def test_an_integer_that_no_table_holds_fits_nothing():
    fitting = [fits(value, ast.Name("int")) for value in (2**64, 2**64 - 1, -(2**63), -(2**63) - 1)]
    assert fitting == [False, True, True, False]


def parsed(annotation: str) -> ast.expr:
    return ast.parse(annotation, mode="eval").body


@pytest.mark.parametrize(
    ("annotation", "good", "bad"),
    [
        ("int", [0, -3], [1.0, True, "1", None, [1], date(2026, 1, 5)]),
        ("float", [0, 1.5, float("inf")], [True, "1e-9", None]),
        ("str", ["", "a"], [1, True, None, date(2026, 1, 5)]),
        ("bool", [True, False], [0, 1, "true", None]),
        ("None", [None], [0, "", False]),
        ("int | None", [1, None], ["1", 1.5]),
        ("Optional[int]", [1, None], ["1"]),
        ("typing.Union[int, str]", [1, "a"], [None, 1.5]),
        ("'int | str'", [1, "a"], [None]),
        ("Annotated[int, Gt(0)]", [1], ["1"]),
        ("list[int]", [[], [1, 2]], [[1, "2"], [True], 1, {1: 2}]),
        ("list", [[], [1, "a"]], ["ab", [date(2026, 1, 5)]]),
        ("collections.abc.Sequence[str]", [["a"]], ["a", [1]]),
        ("list[list[float]]", [[[1, 2.5]]], [[1.0]]),
        ("dict[str, list[int]]", [{}, {"a": [1]}], [{"a": 1}, {1: [1]}, ["a"]]),
        ("Mapping", [{"a": 1}], [["a"], {"a": date(2026, 1, 5)}]),
        ("Literal['a', -1, None]", ["a", -1, None], ["b", 1, True]),
        ("Literal[1]", [1], [True, 1.0, "1"]),
        ("Literal[Side.BUY]", [], ["Side.BUY"]),
        ("Any", [1, None, [{"a": [1.5]}]], [date(2026, 1, 5), {"a": {1, 2}}, b"a"]),
        ("tuple[int, int]", [], [[1, 2]]),
        ("set[int]", [], [[1, 2], {1, 2}]),
        ("date", [], [date(2026, 1, 5), "2026-01-05"]),
        ("'not python ('", [], ["a"]),
        ("int & str", [], [1, "a"]),
    ],
)
def test_a_value_fits_its_annotation(annotation, good, bad):
    assert [value for value in good if not fits(value, parsed(annotation))] == []
    assert [value for value in bad if fits(value, parsed(annotation))] == []


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        ("pl.DataFrame", "frame"),
        ("DataFrame", "frame"),
        ("pl.LazyFrame", "lazy"),
        ("Iterator[pl.DataFrame]", "stream"),
        ("collections.abc.Iterator['pl.DataFrame']", "stream"),
        ("Sequence[Path]", "files"),
        ("list[pathlib.Path]", "files"),
        ("pl.DataFrame | None", "frame"),
        ("None | pl.LazyFrame", "lazy"),
        ("Optional[pl.DataFrame]", "frame"),
        ("'pl.DataFrame | None'", "frame"),
        ("Iterator[int]", "value"),
        ("Iterator[pl.LazyFrame]", "value"),
        ("Path", "value"),
        ("int", "value"),
    ],
)
def test_an_annotation_says_how_a_table_is_wanted(annotation, kind):
    assert input_kind(parsed(annotation)) == kind
    assert takes_none(parsed(annotation)) == ("None" in annotation or "Optional" in annotation)


def test_no_annotation_wants_nothing():
    assert (input_kind(None), takes_none(None)) == ("value", False)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@given(PLAIN)
def test_what_yaml_can_say_plainly_is_plain_and_any_one_date_in_it_is_not(value):
    assert is_plain(value)
    assert fits(value, parsed("Any"))
    assert not is_plain([value, date(2026, 1, 5)])
    assert not is_plain({"a": {"b": value, "c": date(2026, 1, 5)}})
