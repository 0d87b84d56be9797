"""A byte that changed inside a table: nothing is made from it, it is named, and the next run makes it anew."""

import os
from pathlib import Path

import pytest

from lakeflow.validation import validate

A1 = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"
BRONZE = "lake/bronze/product_type=toy/symbol=A1/table=lines/dt=2026-01-06/part-0.parquet"


def flip(file: Path, place: int) -> None:
    """One bit is another, as a tired disk has it: neither size nor time tells."""
    was = file.stat()
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))


def change_param(toy, root: Path) -> None:
    text = (root / "datasets.yaml").read_text()
    toy({"datasets.yaml": text.replace("times: 10", "times: 7")})


@pytest.mark.parametrize("place", range(4, 120, 12))
def test_nothing_is_made_from_a_changed_byte_and_the_next_run_heals_it(toy, place, go):
    root = toy({A1: "1 100\n2 200\n"})
    go(root)
    whole = (root / BRONZE).read_bytes()
    flip(root / BRONZE, place)
    change_param(toy, root)

    project, summary = go(root)
    [failed] = summary.in_state("failed")
    assert failed.key.stage == "silver.toy.scale"
    assert "bronze.toy.lines A1 2026-01-06" in failed.error
    assert "expected the bytes that were committed, found others" in failed.error
    assert project["silver.toy.prices"].frame["price"].to_list() == [1000, 2000]

    project, summary = go(root)
    assert summary.code == 0
    assert (root / BRONZE).read_bytes() == whole
    assert project["silver.toy.prices"].frame["price"].to_list() == [700, 1400]


def test_what_a_deep_validation_finds_changed_the_next_run_makes_anew(toy, go):
    root = toy({A1: "1 100\n2 200\n"})
    project, _ = go(root)
    whole = (root / BRONZE).read_bytes()
    flip(root / BRONZE, 40)
    found = list(validate(project, project["bronze.toy.lines"].partitions(), deep=True))
    assert "bytes" in {complaint.rule for complaint in found}
    _, summary = go(root)
    assert [done.key.stage for done in summary.in_state("committed")] == ["bronze.toy.split"]
    assert (root / BRONZE).read_bytes() == whole


def test_a_file_that_someone_damaged_is_made_anew(toy, go):
    root = toy({A1: "1 100\n"})
    project, _ = go(root)
    project["silver.toy.prices"].files()[0].write_bytes(b"PAR1 nonsense")
    project, summary = go(root)
    assert "damaged" in summary.done[0].reason
    assert project["silver.toy.prices"].frame.height == 1
