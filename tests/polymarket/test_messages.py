"""What people are told who give a file, a simulation or a lake of then what it cannot be made from."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.polymarket.commands import command

THEN = "2026-01-06T12:00:00Z"
RUN = ("run", "--product-type", "prediction_market", "--layer", "gold", "--quiet")


@pytest.mark.parametrize(
    ("name", "content", "vendors"),
    [
        ("shard.jsonl", b'{"shard": "polymarket/fetch/1", "day": "2026-01-05"}\n', ["polymarket"]),
        ("odd.json", b'{"nobody": "knows"}', ["polymarket"]),
        ("cut.dbn", b"DBN\x01\x00", ["databento"]),
        ("words.txt", b"a,b\n1,2\n", ["databento", "polymarket"]),
        ("page.20260201T100000Z.json", b"<html></html>", ["databento", "polymarket"]),
    ],
)
def test_a_refused_file_is_told_of_by_those_that_know_its_form_or_else_by_all(
    tmp_path, name, content, vendors
):
    (tmp_path / name).write_bytes(content)
    code, _, told = command("raw", "add", tmp_path / name, lake=tmp_path / "lake")
    said = [vendor for vendor in ("databento", "polymarket") if f"{vendor}: {tmp_path / name}" in told]
    assert (code != 0, said) == (True, vendors), told


def test_a_lake_of_then_without_a_delivery_says_so_and_is_no_success(tmp_path):
    code, _, told = command(*RUN, "--as-of", THEN, "--lake", tmp_path / "then", lake=tmp_path / "lake")
    assert code == 6
    assert "expected a delivery of a day up to then" in told
    assert "raw.prediction_market.polymarket" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--days", "0"], "--days: expected at least 1, found 0"),
        (["--days", "-2", "--walks", "0"], "--days: expected at least 1, found -2"),
        (["--walks", "-1"], "found -1 and 24"),
        (["--walks", "0", "--deadlines", "0"], "found 0 and 0"),
        (["--archive", "3", "25"], "expected hours from 0 to 23, found 25"),
    ],
)
def test_a_venue_that_cannot_be_is_refused_and_nothing_is_written(tmp_path: Path, words, said):
    asked = [sys.executable, "-m", "lakeflow.simulate.polymarket", str(tmp_path / "venue"), *words]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (done.returncode, said in done.stderr, (tmp_path / "venue").exists()) == (2, True, False)
