"""What is said of a file that does not say it of itself: as words, as a note beside it, and in the lake."""

import json
import shutil
from pathlib import Path

import pytest

from lakeflow.errors import UsageError
from lakeflow.notes import describe_with, notes, said
from lakeflow.project import open_project
from lakeflow.raw import add
from lakeflow.raw_look import verify

ROOT = Path(__file__).resolve().parents[1]
WHEN = {"observed_at": "2026-01-05T12:00:00Z"}


@pytest.mark.parametrize("words", [["observed_at"], ["=x"], ["a=1", "a=2"]])
def test_what_is_no_name_and_value_is_refused(words):
    with pytest.raises(UsageError, match="expected NAME=VALUE, each name once"):
        said(words)


def test_a_value_may_hold_what_parts_it_from_its_name():
    assert said(["params={}", "url=/book?a=b"]) == {"params": "{}", "url": "/book?a=b"}


def test_a_note_is_of_what_is_said_or_lies_beside_the_file(tmp_path):
    file = tmp_path / "x.json"
    with notes(file, WHEN) as made:
        assert [(note.name, json.loads(note.read_text())) for note in made] == [("x.json.about.json", WHEN)]
    with notes(file, None) as made:
        assert made == []
    (tmp_path / "x.json.about.json").write_text("{}")
    with notes(file, None) as made:
        assert made == [tmp_path / "x.json.about.json"]


def test_what_is_said_in_two_places_is_refused(tmp_path):
    (tmp_path / "x.json.about.json").write_text("{}")
    with pytest.raises(UsageError, match="not in both"), notes(tmp_path / "x.json", WHEN):
        pass


def test_a_vendor_whose_files_say_everything_takes_no_note(tmp_path):
    with pytest.raises(ValueError, match="takes no --about"):
        describe_with(lambda file: [file], tmp_path, WHEN)


@pytest.fixture
def project(tmp_path):
    shutil.copy(ROOT / "datasets.yaml", tmp_path)
    for name in ("contracts", "stages", "filters", "selection"):
        (tmp_path / name).symlink_to(ROOT / name)
    return open_project(tmp_path)


def test_a_file_and_its_note_are_one_delivery_and_stay_what_they_were(project, tmp_path):
    file = tmp_path / "mid.json"
    file.write_text('{"mid": "0.5"}')
    done = add(project, [file], about=WHEN)
    assert [(each.file.name, each.dt, each.state) for each in done.added] == [
        ("mid.json", "2026-01-05", "added"),
        ("mid.json.about.json", "2026-01-05", "added"),
    ]
    assert verify(project) == (2, [])
    assert [each.state for each in add(project, [file], about=WHEN).added] == ["known", "known"]


def test_a_file_about_which_something_else_is_said_needs_replace(project, tmp_path):
    file = tmp_path / "mid.json"
    file.write_text('{"mid": "0.5"}')
    add(project, [file], about=WHEN)
    later = {"observed_at": "2026-01-05T13:00:00Z"}
    assert "pass --replace" in add(project, [file], about=later).refused[0].reason
    assert [each.state for each in add(project, [file], about=later, replace=True).added] == [
        "known",
        "replaced",
    ]
