"""The ledger's file: whoever may read it can, and what is wrong with it is told with the way out."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakeflow.errors import ConfigError, LakeflowError
from lakeflow.ledger import Ledger
from lakeflow.ledger_tables import StepRow
from tests.ledger.rows import entry

NOBODY = 65534


def step() -> StepRow:
    return StepRow("r1", "silver.toy.replay", "ESH6", "2026-01-06", "make", "committed")


def test_a_newer_ledger_is_not_touched(ledger: Ledger) -> None:
    ledger._db.execute("PRAGMA user_version = 99")
    with pytest.raises(ConfigError, match="found 99; use the newer lakeflow that wrote it"):
        Ledger.open(ledger.path)


def test_another_programs_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE photos(name TEXT)")
    other.close()
    with pytest.raises(ConfigError, match="found another program's SQLite file"):
        Ledger.open(path)


def test_a_file_that_is_no_database_is_told_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_text("this was overwritten by accident" * 100)
    with pytest.raises(
        LakeflowError, match="file is not a database; the lake is whole without it: run `lakeflow doctor"
    ):
        Ledger.open(tmp_path / "ledger.sqlite")


def test_damage_inside_is_told_when_it_is_met(ledger: Ledger) -> None:
    ledger.put_entries(entry(f"S{n}") for n in range(2000))
    ledger.close()
    with ledger.path.open("r+b") as file:
        file.seek(4096 * 5)
        file.write(b"\xff" * 4096 * 40)
    damaged = Ledger.open(ledger.path)
    with pytest.raises(LakeflowError, match="malformed; the lake is whole without it"):
        damaged.entries("silver.toy.bbo")
    damaged.close()


@pytest.fixture
def locked_folder() -> Iterator[Path]:
    """A folder that this test may read and not write, even when the tests run as root."""
    ids = os.getresuid()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / ".lakeflow"
        folder.mkdir()
        Path(name).chmod(0o755)
        yield folder
        os.setresuid(*ids)
        folder.chmod(0o755)


def give_up_writing(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        path.chmod(0o555)
    if os.getuid() == 0:
        os.setresuid(NOBODY, NOBODY, 0)


def test_a_lake_that_cannot_be_written_is_read(locked_folder: Path) -> None:
    writer = Ledger.open(locked_folder / "ledger.sqlite")
    writer.put_entries([entry()])
    writer.close()
    give_up_writing(locked_folder)
    ledger = Ledger.open(locked_folder / "ledger.sqlite")
    assert ledger.entries("silver.toy.bbo") == [entry()]
    ledger.put_entries([entry("ESM6")])  # an index: not remembering is no loss
    assert ledger.entries("silver.toy.bbo") == [entry()]
    with pytest.raises(LakeflowError, match="readonly database; run as a user who may write the lake"):
        ledger.put_step(step())
    ledger.close()


def test_a_reader_who_may_not_write_sees_what_a_writer_is_writing(locked_folder: Path) -> None:
    writer = Ledger.open(locked_folder / "ledger.sqlite")
    writer.put_entries([entry()])
    give_up_writing(locked_folder)
    reader = Ledger.open(locked_folder / "ledger.sqlite")
    assert reader.entries("silver.toy.bbo") == [entry()]
    writer.put_entries([entry("ESM6")])
    assert len(reader.entries("silver.toy.bbo")) == 2
    reader.close()
    writer.close()


def test_a_lake_that_cannot_be_written_and_has_no_ledger_has_an_empty_one(locked_folder: Path) -> None:
    give_up_writing(locked_folder)
    ledger = Ledger.open(locked_folder / "ledger.sqlite")
    assert ledger.entries("silver.toy.bbo") == []
    assert not ledger.is_writable
    ledger.close()
    assert list(locked_folder.iterdir()) == []
