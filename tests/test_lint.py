"""Every fault of an .avsc is told with its place, what was expected and what was found; a sound one gives none."""

import json

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.avsc import NANOS, array, decimal, enum, field, record
from lakeflow.fieldlint import RESERVED
from lakeflow.lint import faults_in, lint

A = field("a", "long")


SOUND = record(
    "silver/t",
    [
        field("ts_event", NANOS, kind="key", min=0),
        field("px", ["null", "long"], unit="USD", scale=1e-9, multipleOf=25, encoding="delta"),
        field("side", enum("Side", "A", "B"), default="A", aliases=["aggressor"]),
        field("fee", decimal(9, 2), min=-0.25, max=1),
        field("sizes", array("long"), arrowType="uint32", min=1),
        field("score", "double", allowNaN=True, encoding="byte_stream_split"),
        field("flags", "int", arrowType="uint8", bits={"crossed": 0, "locked": 7}),
    ],
    key=["ts_event"],
    sort=["ts_event", "side"],
    unique=[["ts_event", "px"]],
    rules=[{"name": "r", "expr": "px > 0 OR side = 'A'", "severity": "warn", "maxBad": 0.1}],
    minRows=1,
    compat="FULL",
)


def test_a_sound_contract_has_no_fault_by_us_or_by_fastavro():
    assert lint(SOUND, "silver/t") == []


@pytest.mark.parametrize(
    ("promise", "said"),
    [
        ({"version": "1.0"}, 'version: expected major.minor.patch such as "1.0.0", found "1.0"'),
        ({"compat": "BOTH"}, "compat: expected one of BACKWARD, FORWARD, FULL, NONE"),
        ({"minRows": -1}, "minRows: expected a whole number of at least 0, found -1"),
        ({"partition": []}, "lakeflow: expected keys of compat, key, minRows"),
        ({"key": ["x"]}, "key: expected columns of a, l, n, nan, found x"),
        ({"key": ["n"]}, "key: expected columns that are never null, found n"),
        ({"key": "a"}, 'key: expected a list of columns, found "a"'),
        ({"sort": ["a", "a"]}, "sort: expected at least one column and each once"),
        ({"sort": ["l"]}, "sort: expected columns that have an order, found l, an array"),
        ({"sort": ["nan"]}, "sort: expected columns without NaN, which has no order, found nan"),
        ({"unique": [[]]}, "unique: expected at least one column and each once, found []"),
        ({"unique": 1}, "unique: expected a list of lists of columns, found 1"),
        ({"rules": [1]}, "rules: expected a list of objects, found [1]"),
        (
            {"rules": [{"name": "r", "expr": "a >"}]},
            'rule r: expr "a >": expected a column or a value, found the end',
        ),
        ({"rules": [{"name": "r", "expr": "b > 1"}]}, "expected columns of a, l, n, nan, found b"),
        ({"rules": [{"name": "r", "expr": "1 = 1"}]}, "expected at least one column, found none"),
        ({"rules": [{"name": "r", "expr": "a > 1", "severity": "bad"}]}, "severity: expected error or warn"),
        (
            {"rules": [{"name": "r", "expr": "a > 1", "maxBad": 1}]},
            "maxBad: expected a fraction from 0 up to 1, found 1",
        ),
        ({"rules": [{"name": "r", "expr": "a > 1"}] * 2}, "rule r: expected each rule name once, found 2"),
        ({"rules": [{"expr": "a > 1"}]}, "name: expected a word, found nothing"),
        (
            {"rules": [{"name": "r", "sql": "a > 1"}]},
            "rule r: expected keys of expr, maxBad, name, severity, found sql",
        ),
    ],
)
def test_a_fault_of_the_table_is_told(promise, said):
    fields = [
        A,
        field("n", ["null", "long"]),
        field("l", array("int")),
        field("nan", "double", allowNaN=True),
    ]
    assert any(said in fault for fault in faults_in(record("silver/t", fields, **promise), "silver/t"))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("type", "enum", 'type: expected "record", found "enum"'),
        ("name", "u", 'name: expected "t", found "u"'),
        ("namespace", "x", 'namespace: expected "lakeflow.silver", found "x"'),
        ("doc", None, "doc: expected a sentence about the table, found nothing"),
        ("fields", [], "fields: expected a list of at least one field, found []"),
        ("lakeflow", None, 'lakeflow: expected an object with at least "version", found nothing'),
        (
            "fields",
            [A, field("b", "long", aliases=["A".lower()])],
            "field a: expected each name once whatever its case, found 2",
        ),
    ],
)
def test_a_fault_of_the_record_is_told(key, value, said):
    assert f"contract silver/t: {said}" in faults_in(SOUND | {key: value}, "silver/t")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda x: st.lists(x, max_size=2) | st.dictionaries(st.text(max_size=3), x, max_size=2),
    max_leaves=4,
)


@given(data=st.data())
def test_no_json_makes_the_linter_fail_instead_of_telling(data):
    schema = json.loads(json.dumps(SOUND))
    place = schema
    while isinstance(place, dict | list) and place and data.draw(st.booleans()):
        parent, step = (
            place,
            data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place)))),
        )
        place = parent[step]
        if not isinstance(place, dict | list) or data.draw(st.booleans()):
            parent[step] = data.draw(JSON)
            break
    faults = faults_in(schema, "silver/t")
    assert all(isinstance(fault, str) for fault in faults)
    if not faults:
        assert lint(schema, "silver/t") == []  # what we let through, fastavro lets through


def test_reserved_names_are_duckdbs():
    words = duckdb.sql(
        "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'"
    ).fetchall()
    assert {word for (word,) in words} <= RESERVED
