"""What source says, known again by its bytes: what is kept, when it is used, and that nothing else is believed."""

import ast
from pathlib import Path

import pytest

from lakeflow.code import Code
from lakeflow.errors import ConfigError
from lakeflow.source import Said, Sources, imported, load, place, save

STAGE = "import filters.near\nfrom . import deep\nfrom .far import X as Y\n\nTIMES = 2\n"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "lakeflow"


@pytest.fixture
def parsed(monkeypatch) -> list[bytes]:
    """The sources that were parsed since."""
    seen: list[bytes] = []
    parse = ast.parse
    monkeypatch.setattr(ast, "parse", lambda raw, **rest: [seen.append(raw), parse(raw, **rest)][1])
    return seen


def digest(root: Path, text: str) -> str:
    (root / "stages").mkdir(exist_ok=True)
    (root / "stages/__init__.py").write_text("")
    (root / "stages/scale.py").write_text(text)
    return Code(root, root / "package").digest(["stages.scale"])


def test_imports_are_kept_as_they_are_written():
    assert [*imported(ast.parse(STAGE))] == ["filters.near", ".", ".deep", ".far", ".far.X"]


def test_the_same_bytes_are_parsed_once(tmp_path, parsed):
    first = digest(tmp_path, STAGE)
    parsed.clear()
    assert (digest(tmp_path, STAGE), parsed) == (first, [])


def test_a_file_of_other_bytes_is_parsed_though_its_size_and_time_are_the_same(tmp_path, parsed):
    first = digest(tmp_path, STAGE)
    parsed.clear()
    assert digest(tmp_path, STAGE.replace("2", "3")) != first
    assert len(parsed) == 1


def test_what_is_kept_gives_the_digest_that_parsing_gives(tmp_path, home):
    kept = [digest(tmp_path, STAGE), digest(tmp_path, STAGE)]
    place().unlink()
    assert {*kept} == {digest(tmp_path, STAGE)}


@pytest.mark.parametrize("place_of_damage", [0, 70, -3])
def test_a_damaged_cache_is_none(tmp_path, place_of_damage):
    first = digest(tmp_path, STAGE)
    raw = bytearray(place().read_bytes())
    raw[place_of_damage] ^= 1
    place().write_bytes(raw)
    assert (load(place()), digest(tmp_path, STAGE)) == ({}, first)


def test_another_version_of_python_asks_another_file(monkeypatch):
    before = place()
    monkeypatch.setattr("sys.version", "3.99")
    assert place() != before


def test_a_cache_that_cannot_be_written_costs_time_and_no_more(tmp_path, home):
    home.parent.write_text("a file where the folder would be")
    assert digest(tmp_path, STAGE) == digest(tmp_path, STAGE)


def test_a_file_that_is_no_python_is_never_kept(tmp_path):
    with pytest.raises(ConfigError, match="not valid Python"):
        digest(tmp_path, "x = = 1\n")
    assert Sources().known(b"x = = 1\n") is None


def test_a_cache_that_grows_too_large_begins_again(monkeypatch):
    monkeypatch.setattr("lakeflow.source.MOST", 2)
    save(place(), {str(n): Said("d", ()) for n in range(3)})
    assert load(place()) == {}
