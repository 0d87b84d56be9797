"""The ledger keeps what it was told, whoever writes beside it."""

import subprocess
import sys
from pathlib import Path

import pytest

from lakeflow.errors import Locked
from lakeflow.ledger import Ledger
from lakeflow.ledger_tables import RunRow, StepRow, VerdictRow
from lakeflow.partition import Partition
from tests.ledger.rows import entry

WRITER = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[3:]
from lakeflow.ledger import Ledger
from lakeflow.ledger_tables import Entry, StepRow
ledger = Ledger.open(Path(sys.argv[1]))
for number in range(200):
    symbol = f"{sys.argv[2]}{number}"
    entry = Entry("silver.toy.prices", symbol, "2026-01-06", 1, 2, 3, "r", "c", "s", "u", 4, "silver.toy.scale", symbol, None)
    ledger.commit(StepRow("run", "silver.toy.scale", symbol, "2026-01-06", "make", "committed"), [entry], [], [])
ledger.close()
"""


def step(
    state: str, *, symbol: str = "ESH6", run: str = "r1", seconds: float = 0.0, read: int = 0
) -> StepRow:
    return StepRow(
        run, "silver.toy.replay", symbol, "2026-01-06", "make", state, seconds=seconds, input_bytes=read
    )


def run(run_id: str) -> RunRow:
    return RunRow(
        run_id, "run", "[]", "[]", "2026-01-06T21:00:00", None, "running", None, "host", 1, "", "{}"
    )


def test_entries_come_back_by_dataset_and_the_last_word_counts(ledger: Ledger) -> None:
    ledger.put_entries(
        [entry(dt="2026-01-06"), entry(dt="2026-01-07"), entry()._replace(dataset="silver.toy.trades")]
    )
    ledger.put_entries([entry(dt="2026-01-06", content="c2")])
    assert sorted(ledger.entries("silver.toy.bbo")) == [entry(content="c2"), entry(dt="2026-01-07")]
    ledger.drop_entries([Partition("silver.toy.bbo", "ESH6", "2026-01-07")])
    assert ledger.entries("silver.toy.bbo") == [entry(content="c2")]


def test_a_commit_is_one_transaction(ledger: Ledger) -> None:
    ledger.put_entries([entry("ESZ5")])
    gone = [Partition("silver.toy.bbo", "ESZ5", "2026-01-06")]
    verdict = VerdictRow("silver.toy.bbo", "ESH6", "2026-01-06", "c1", "rules")
    ledger.commit(step("committed"), [entry()], gone, [verdict])
    assert ledger.entries("silver.toy.bbo") == [entry()]
    assert ledger.steps("r1") == [step("committed")]
    assert ledger.verdicts() == {("silver.toy.bbo", "ESH6", "2026-01-06", "c1", "rules")}


def test_a_commit_that_cannot_be_finished_leaves_nothing_behind(ledger: Ledger) -> None:
    broken = entry()._replace(rows=2**70)  # more than SQLite's integers hold
    with pytest.raises(OverflowError):
        ledger.commit(step("committed"), [entry("ESM6"), broken], [], [])
    assert ledger.entries("silver.toy.bbo") == ledger.steps("r1") == []
    ledger.put_step(step("failed"))
    assert ledger.steps("r1") == [step("failed")]


def test_what_one_wrote_another_reads_and_so_does_who_opens_it_later(ledger: Ledger) -> None:
    other = Ledger.open(ledger.path)
    ledger.put_entries([entry()])
    assert other.entries("silver.toy.bbo") == [entry()]
    other.close()
    ledger.close()
    later = Ledger.open(ledger.path)
    assert later.entries("silver.toy.bbo") == [entry()]
    later.close()


def test_a_run_has_its_end_written_in(ledger: Ledger) -> None:
    for run_id in ("r1", "r3", "r2"):
        ledger.put_run(run(run_id))
    ledger.end_run("r2", "2026-01-06T22:00:00", "failed", 3)
    assert [each.run_id for each in ledger.runs(2)] == ["r3", "r2"]
    assert ledger.run("r2") == run("r2")._replace(ended="2026-01-06T22:00:00", status="failed", exit_code=3)
    assert ledger.run("r9") is None


def test_a_step_has_failed_when_its_last_attempt_did(ledger: Ledger) -> None:
    ledger.put_step(step("failed", symbol="healed"))
    ledger.put_step(step("committed", symbol="healed", run="r2"))
    ledger.put_step(step("committed", symbol="broken"))
    ledger.put_step(step("failed", symbol="broken", run="r2"))
    ledger.put_step(step("skipped", symbol="broken", run="r3"))
    assert ledger.failed_steps() == [step("failed", symbol="broken", run="r2")]


def test_a_pace_is_the_median_of_what_was_committed(ledger: Ledger) -> None:
    for seconds, read in ((1.0, 10), (100.0, 20), (2.0, 30)):
        ledger.put_step(step("committed", seconds=seconds, read=read))
    ledger.put_step(step("failed", seconds=9.0, read=9))
    assert ledger.paces() == {"silver.toy.replay": (2.0, 20.0)}


def test_a_raw_hash_is_known_by_the_files_place(ledger: Ledger) -> None:
    ledger.put_raw_hashes([("raw/day.dbn.zst", 10, 20, 30, "abc")])
    assert (ledger.raw_hash("raw/day.dbn.zst"), ledger.raw_hash("raw/other.dbn.zst")) == ("abc", None)


def test_warnings_are_told_of_what_is_in_the_lake_now(ledger: Ledger) -> None:
    for content in ("c1", "c2"):
        verdict = VerdictRow(
            "silver.toy.bbo", "ESH6", "2026-01-06", content, "rules", f'["{content} is crossed"]'
        )
        ledger.commit(step("committed"), [entry(content=content)], [], [verdict])
    assert ledger.warnings() == [("silver.toy.bbo", "ESH6", "2026-01-06", '["c2 is crossed"]')]


def test_eight_processes_write_two_hundred_commits_each_into_a_ledger_none_of_them_has_made(
    tmp_path: Path,
) -> None:
    path = tmp_path / "ledger.sqlite"
    command = [sys.executable, "-c", WRITER, str(path)]
    writers = [subprocess.Popen([*command, f"w{n}-", *filter(None, sys.path)]) for n in range(8)]
    assert [writer.wait() for writer in writers] == [0] * 8
    ledger = Ledger.open(path)
    written = {f"w{writer}-{number}" for writer in range(8) for number in range(200)}
    assert {each.symbol for each in ledger.entries("silver.toy.prices")} == written
    assert sorted(each.symbol for each in ledger.steps("run")) == sorted(written)
    ledger.close()


def test_a_hundred_thousand_entries_are_read(ledger: Ledger) -> None:
    ledger.put_entries(entry(f"S{n % 400}", f"day {n // 400}") for n in range(100_000))
    assert len(ledger.entries("silver.toy.bbo")) == 100_000


def test_a_writer_that_waits_too_long_is_told_to_try_again(ledger: Ledger) -> None:
    ledger._db.execute("PRAGMA busy_timeout = 50")
    other = Ledger.open(ledger.path)
    with other.writing(), pytest.raises(Locked, match="another lakeflow has held the ledger"):
        ledger.put_step(step("committed"))
    other.close()
