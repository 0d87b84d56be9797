"""Events are whole lines, in the order they were written, whoever else writes."""

import subprocess
import sys
from pathlib import Path

import pytest

from lakeflow.errors import LakeflowError
from lakeflow.events import append_event, read_events

WRITER = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[3:]
from lakeflow.events import append_event
for number in range(200):
    append_event(Path(sys.argv[1]), {"writer": sys.argv[2], "number": number, "filler": "x" * 500})
"""


def test_events_are_read_back_in_order(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "r1" / "events.jsonl"
    append_event(path, {"event": "started", "step": "silver.future_mbo.replay ESH6 2026-01-06"})
    append_event(path, {"event": "committed", "rows": 3, "error": "two\nlines"})
    assert read_events(path) == [
        {"event": "started", "step": "silver.future_mbo.replay ESH6 2026-01-06"},
        {"event": "committed", "rows": 3, "error": "two\nlines"},
    ]
    assert path.read_bytes().count(b"\n") == 2


def test_a_torn_last_line_is_no_event_yet(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    append_event(path, {"number": 1})
    append_event(path, {"number": 22})
    path.write_bytes(path.read_bytes()[:-3])
    assert read_events(path) == [{"number": 1}]


def test_a_file_without_events_has_none(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").touch()
    assert read_events(tmp_path / "events.jsonl") == []


def test_a_broken_line_that_is_not_the_last_is_told_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text('{"number": 1}\n{"num\n{"number": 3}\n')
    with pytest.raises(LakeflowError, match=r"events\.jsonl, line 2: expected an event in JSON, found"):
        read_events(path)


def test_an_event_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file where a folder should be")
    with pytest.raises(LakeflowError, match="cannot be written: "):
        append_event(tmp_path / "runs" / "events.jsonl", {"number": 1})


def test_writers_side_by_side_never_tear_a_line(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    command = [sys.executable, "-c", WRITER, str(path)]
    writers = [subprocess.Popen([*command, name, *filter(None, sys.path)]) for name in "abc"]
    assert [writer.wait() for writer in writers] == [0] * 3
    events = read_events(path)
    assert [[e["number"] for e in events if e["writer"] == name] for name in "abc"] == [list(range(200))] * 3
