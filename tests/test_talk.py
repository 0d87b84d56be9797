"""How a command talks: which stream, which form, and what is never said."""

import io
import json
from pathlib import Path

import pytest

from lakeflow.errors import ConfigError, UsageError
from lakeflow.talk import Talk, wants_color

KEY = "db-" + "A1b2C3d4E5f6G7h8J9k0L1m2N3p4Q"


def talk(**options) -> Talk:
    return Talk(out=io.StringIO(), err=io.StringIO(), **options)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_data_is_on_stdout_and_talk_is_on_stderr():
    t = talk()
    t.say("reading")
    t.warn("late")
    t.data([{"table": "bbo", "rows": 1}])
    assert t.out.getvalue().splitlines()[2].split() == ["bbo", "1"]
    assert t.err.getvalue() == "reading\nwarning: late\n"


def test_quiet_leaves_warnings_and_errors():
    t = talk(quiet=True, verbose=True)
    t.say("a")
    t.detail("b")
    t.warn("c")
    assert t.error(UsageError("d")) == 2
    assert t.err.getvalue() == "warning: c\nd\n"


def test_details_are_for_those_who_ask():
    quiet, verbose = talk(), talk(verbose=True)
    for t in (quiet, verbose):
        t.detail("more")
    assert (quiet.err.getvalue(), verbose.err.getvalue()) == ("", "more\n")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"made": 3}, {"schema_version": 1, "made": 3}),
        ([{"a": 1}], {"schema_version": 1, "rows": [{"a": 1}]}),
        ([], {"schema_version": 1, "rows": []}),
        ("words", {"schema_version": 1, "text": "words"}),
    ],
)
def test_json_is_one_object_with_its_schema_version(value, expected):
    t = talk(json=True)
    t.data(value, text="for people")
    assert json.loads(t.out.getvalue()) == expected


def test_people_get_the_text_made_for_them_or_the_keys_of_a_mapping():
    t, u = talk(), talk()
    t.data({"made": 3}, text="3 made")
    u.data({"made": 3, "failed": None})
    assert t.out.getvalue() == "3 made\n"
    assert u.out.getvalue() == "made    3\nfailed\n"


def test_a_command_has_one_answer():
    t = talk(json=True)
    t.data({})
    with pytest.raises(AssertionError):
        t.data({})


def test_an_error_in_json_has_code_message_hint_and_every_fault():
    t = talk(json=True)
    error = ConfigError(["a.yaml: x", "a.yaml: y"])
    error.add_note("run lakeflow check")
    assert t.error(error) == 5
    assert json.loads(t.out.getvalue()) == {
        "schema_version": 1,
        "error": {
            "code": 5,
            "kind": "ConfigError",
            "message": "a.yaml: x\na.yaml: y",
            "hint": "run lakeflow check",
            "faults": ["a.yaml: x", "a.yaml: y"],
        },
    }


def test_an_error_after_the_data_does_not_spoil_the_one_object():
    t = talk(json=True)
    t.data({"failed": 1})
    t.error(UsageError("late"))
    assert json.loads(t.out.getvalue()) == {"schema_version": 1, "failed": 1}
    assert t.err.getvalue() == "late\n"


def test_an_error_of_ours_is_bare_and_a_bug_has_its_traceback():
    t = talk()
    assert t.error(UsageError("no dataset x")) == 2
    assert t.error(KeyboardInterrupt()) == 130
    assert t.error(ZeroDivisionError("1/0")) == 1
    assert t.err.getvalue() == "no dataset x\ninterrupted; what was committed stays\nZeroDivisionError: 1/0\n"


def test_the_log_file_has_everything_one_json_object_a_line(tmp_path: Path):
    t = talk(quiet=True, log_file=tmp_path / "logs" / "run.jsonl")
    t.say("a")
    t.detail("b\nc")
    t.warn("d")
    t.error(UsageError("e"))
    lines = [json.loads(line) for line in (tmp_path / "logs" / "run.jsonl").read_text().splitlines()]
    assert [(line["level"], line["text"]) for line in lines] == [
        ("info", "a"), ("debug", "b\nc"), ("warning", "d"), ("error", "e")]  # fmt: skip
    assert lines[0]["ts"].endswith("+00:00")


def test_a_log_file_that_cannot_be_written_is_said_before_any_work(tmp_path: Path):
    with pytest.raises(UsageError, match="expected a file that can be written"):
        talk(log_file=tmp_path)


def test_a_vendors_key_is_never_said(tmp_path: Path):
    t = talk(log_file=tmp_path / "log")
    t.say(f"fetching with {KEY}")
    t.error(UsageError(f"{KEY}: refused"))
    j = talk(json=True)
    j.error(ConfigError([KEY]))
    assert KEY not in t.err.getvalue() + (tmp_path / "log").read_text() + j.out.getvalue()
    assert t.err.getvalue() == "fetching with ***\n***: refused\n"


def test_only_warnings_and_errors_are_coloured():
    t = talk(color=True)
    t.say("a")
    t.warn("b")
    assert t.err.getvalue() == "a\n\x1b[33mwarning: b\x1b[0m\n"


@pytest.mark.parametrize(
    ("setting", "env", "on_terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"TERM": "dumb"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {}, True, False),
    ],
)
def test_colour_is_for_terminals_and_no_color_is_heard(setting, env, on_terminal, expected):
    assert wants_color(setting, Terminal() if on_terminal else io.StringIO(), env) is expected


def test_what_is_said_goes_to_the_stderr_of_the_moment(monkeypatch):
    t, later = Talk(), io.StringIO()
    monkeypatch.setattr("sys.stderr", later)
    t.say("above the bar")
    assert later.getvalue() == "above the bar\n"
