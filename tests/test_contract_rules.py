"""The SQL of a contract's rules: what our grammar takes, Polars reads alike; what it does not, is told."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.expression import FUNCTIONS, WORDS, columns_of

SUM = st.recursive(
    st.sampled_from(["a", "b", "c", "1", "2.5"]),
    lambda x: (
        st.builds("{} {} {}".format, x, st.sampled_from("+-*"), x)
        | st.builds("ABS(-{})".format, x)
        | st.builds("COALESCE({}, {})".format, x, x)
        | x.map("({})".format)
    ),
    max_leaves=4,
)


TEST = (
    st.builds("{} {} {}".format, SUM, st.sampled_from(["=", "<>", "!=", "<", "<=", ">", ">="]), SUM)
    | st.builds("{} BETWEEN {} AND {}".format, SUM, SUM, SUM)
    | st.builds("{} NOT IN (1, 2)".format, st.sampled_from("abc"))
    | st.builds("{} IS NOT NULL".format, SUM)
)


RULE = st.recursive(
    TEST,
    lambda x: (
        st.builds("({} {} {})".format, x, st.sampled_from(["AND", "OR", "or"]), x) | x.map("NOT ({})".format)
    ),
    max_leaves=3,
)


@given(rule=RULE)
def test_what_the_grammar_accepts_polars_reads_with_the_same_columns(rule):
    assert columns_of(rule) == set(pl.sql_expr(rule).meta.root_names())


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "a b",
        "a >",
        "(a > 1",
        "a > 1)",
        "a / 2 > 1",
        "a; b",
        "sqrt(a) > 1",
        "a > 'x",
        "a IN 1",
        "a NOT 3",
        "a IS 3",
        "AND",
        'a > "b"',
        "a = 1 = 2",
    ],
)
def test_what_is_no_rule_is_told(rule):
    with pytest.raises(ValueError, match=r"expected .*, found"):
        columns_of(rule)


def test_words_of_the_grammar_are_no_columns():
    assert columns_of(
        "a BETWEEN 1 AND 2 and not greatest(b, 0) in (1) or c is null or d = TRUE or e = 'it''s'"
    ) == set("abcde")
    assert not FUNCTIONS & WORDS
