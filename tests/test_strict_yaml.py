"""What strict YAML refuses, with the line where it stands."""

import pytest

from lakeflow.strict_yaml import read_yaml


def read(tmp_path, text: str | bytes):
    path = tmp_path / "datasets.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_yaml(path)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("a: {b: [1, 2.5, yes, ~, x]}", {"a": {"b": [1, 2.5, True, None, "x"]}}),
        ("a: 1\nb: {a: 1}\nc: [{a: 1}, {a: 2}]", {"a": 1, "b": {"a": 1}, "c": [{"a": 1}, {"a": 2}]}),
        ("a: &x {b: 1}\nc: *x\nd: {<<: *x, b: 2}", {"a": {"b": 1}, "c": {"b": 1}, "d": {"b": 2}}),
        ("é: naïve", {"é": "naïve"}),
    ],
)
def test_good_yaml_is_read_as_it_is(tmp_path, text, value):
    assert read(tmp_path, text) == (value, [])


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("a: 1\na: 2", ["datasets.yaml:2: a is said twice; keep one"]),
        ("a: 1\na: 2\na: 3", [f"datasets.yaml:{n}: a is said twice; keep one" for n in (2, 3)]),
        ("a:\n  b: 1\n  c: 1\n  b: 2", ["datasets.yaml:4: a: b is said twice; keep one"]),
        ("a:\n- {b: 1,\n   b: 2}", ["datasets.yaml:3: a: b is said twice; keep one"]),
        ("1: a\n'1': b", ["datasets.yaml:2: 1 is said twice; keep one"]),
        ("a: &x {b: 1, b: 2}\nc: *x", ["datasets.yaml:1: a: b is said twice; keep one"]),
        (
            "b: {c: 1, c: 2}\na: 1\na: 1",
            ["datasets.yaml:1: b: c is said twice; keep one", "datasets.yaml:3: a is said twice; keep one"],
        ),
        ("a: &x [*x]", ["datasets.yaml:1: a holds itself; a YAML alias may not make a circle"]),
    ],
)
def test_keys_said_twice_and_circles_are_told_with_their_lines(tmp_path, text, faults):
    assert read(tmp_path, text)[1] == faults


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: [1\n", "datasets.yaml:2: not valid YAML: did not find expected"),
        ("a: 1\n\tb: 2", "datasets.yaml:2: not valid YAML: found "),
        ("a: 1\n---\nb: 2", "datasets.yaml:2: not valid YAML: but found another document"),
        (
            "\na: !!python/name:os.system",
            "datasets.yaml:2: not valid YAML: could not determine a constructor for the tag",
        ),
        ("? [a]\n: 1", "datasets.yaml:1: not valid YAML: found unhashable key"),
        ("a: *x", "datasets.yaml:1: not valid YAML: found undefined alias"),
        (
            "a: 2026-13-45",
            "datasets.yaml: not valid YAML: month must be in 1..12 (quote what looks like a date and is none)",
        ),
        (b"a: \xff", "datasets.yaml: expected UTF-8 text, found the byte 0xff"),
        ("a: \x07", "datasets.yaml"),
    ],
)
def test_what_is_not_yaml_is_one_fault(tmp_path, text, fault):
    value, faults = read(tmp_path, text)
    assert value is None
    assert [said[: len(fault)] for said in faults] == [fault]
    assert "\n" not in faults[0]


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path):
    assert read_yaml(tmp_path / "datasets.yaml") == (
        None,
        ["datasets.yaml: cannot be read: No such file or directory"],
    )


def test_an_anchor_that_is_meant_a_thousand_times_over_is_looked_at_once(tmp_path):
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert read(tmp_path, "\n".join(lines))[1] == []


def test_a_map_said_twice_is_one_fault_and_hides_nothing_of_either(tmp_path):
    value, faults = read(tmp_path, "a: {b: 1}\nc: 2\na: {d: 3}")
    assert faults == ["datasets.yaml:3: a is said twice; keep one"]
    assert value == {"a": {"b": 1, "d": 3}, "c": 2}
