"""Runs killed anywhere: no half partition is ever seen, and the next run ends where an unharmed one would have."""

import itertools
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from lakeflow.manifest import body_digest, content_digest, manifest_at

POINTS = (
    "lakeflow.commit:Committer._make_folders",
    "lakeflow.commit:Committer._write_intent",
    "lakeflow.commit:Committer._carry_out",
    "lakeflow.commit:Committer._move",
    "lakeflow.commit:Committer._remove",
    "lakeflow.commit:Committer._close_intent",
    "lakeflow.commit:sync_folder",
    "lakeflow.lake:Lake.commit",
    "lakeflow.ledger:Ledger.commit",
    "lakeflow.draft:Draft.close",
    "lakeflow.drafts:Drafts.finish",
)
STAGE = '''
"""Lines by symbol, many partitions of one step."""
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl


def describe(path: Path) -> list[object]:
    return []


def split(files: Sequence[Path]) -> Iterator[dict[str, pl.DataFrame | int]]:
    for file in files:
        words = [line.split() for line in file.read_text().splitlines()]
        rows = [(symbol, seq, int(price)) for seq, (symbol, price) in enumerate(words)]
        schema = {"symbol": pl.String, "seq": pl.Int64, "price": pl.Int64}
        yield {"lines": pl.DataFrame(rows, schema=schema, orient="row"), "read": len(rows)}
'''
FILTERS = "import polars as pl\n\n\ndef paid() -> pl.Expr:\n    return pl.col('price') > 0\n"
EDITS = {
    "makes: {lines: bronze.toy.lines}": "makes: {rejects: bronze.toy.rejects, lines: bronze.toy.lines}\n"
    "    fans_out: [lines]\n    keep: {lines: [filters.toy.paid]}\n    accounts: rows",
    "  silver.toy.prices: {": "  bronze.toy.rejects: {contract: silver/rejects}\n  silver.toy.prices: {",
}
TAKES_S = 0.25  # a run, about
OLD = "A1 5\nA2 6\nA3 0\nA4 9\n"
NEW = "A1 7\nA2 6\nA2 8\nA3 4\n"  # A4 is gone: its partition is removed in the same commit
Order = dict[str, object]
Runner = Callable[..., list[int]]


@pytest.fixture
def runner() -> Iterator[Runner]:
    """Runs a project as ordered, several times at once if so ordered; gives the exit codes."""
    driver = Path(__file__).with_name("killed_run.py")
    with subprocess.Popen(
        [sys.executable, driver], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def run(*orders: Order) -> list[int]:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(orders) + "\n")
            process.stdin.flush()
            return list(json.loads(process.stdout.readline()))

        yield run


def partitions(root: Path) -> dict[str, bytes]:
    lake = root / "lake"
    return {str(f.relative_to(lake)): f.read_bytes() for f in sorted(lake.rglob("*.parquet"))}


def contents(root: Path) -> dict[str, str]:
    lake = root / "lake"
    return {str(f.relative_to(lake)): manifest_at(f).content for f in sorted(lake.rglob("*.parquet"))}


def deliver(root: Path, text: str) -> None:
    file = root / "lake/raw/source=vendor/product_type=toy/symbol=A/dt=2026-01-06/lines.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def assert_every_visible_partition_is_whole(root: Path, *generations: dict[str, str]) -> None:
    for name, content in contents(root).items():
        file = root / "lake" / name
        manifest = manifest_at(file)
        assert content == content_digest(body_digest(file), manifest.schema_digest, manifest.rows)
        assert content in {generation.get(name) for generation in generations}, f"{name} is of no generation"


def kills(count: int) -> Iterator[list[Order]]:
    """Every named step before and after its first calls, then instants all over the time that a run takes."""
    chance = random.Random(7)
    named = [
        {"point": p, "when": w, "nth": n}
        for n in (1, 2, 3)
        for p, w in itertools.product(POINTS, ("before", "after"))
    ]
    chance.shuffle(named)
    for turn in range(count):
        yield [named[(turn // 2) % len(named)]] if turn % 2 == 0 else [{"after_s": chance.random() * TAKES_S}]


def crowds(count: int) -> Iterator[list[Order]]:
    """Runs beside one another that die at instants of their own, and one that lives."""
    chance = random.Random(8)
    for _ in range(count):
        yield [*({"after_s": chance.random() * 2 * TAKES_S} for _ in range(3)), {}]


def survive(toy: Callable[[dict[str, str]], Path], runner: Runner, harms: Iterable[list[Order]]) -> list[int]:
    """Run after run that comes to harm, looking at the lake after each and finishing it; how they ended."""
    root = toy({"stages/bronze/lines.py": STAGE, "filters/toy.py": FILTERS})
    registry = (root / "datasets.yaml").read_text()
    for old, new in EDITS.items():
        assert registry.count(old) == 1
        registry = registry.replace(old, new)
    toy({"datasets.yaml": registry})
    unharmed = {"root": str(root)}
    deliver(root, OLD)
    assert runner(unharmed) == [0]
    before, old = root.with_name("before"), contents(root)
    shutil.copytree(root / "lake", before)
    deliver(root, NEW)
    assert runner(unharmed) == [0]
    wanted, new = partitions(root), contents(root)
    assert {name for name in old if name not in new} == {name for name in old if "symbol=A4" in name}
    ends: list[int] = []
    for harm in harms:
        shutil.rmtree(root / "lake")
        shutil.copytree(before, root / "lake")
        deliver(root, NEW)
        ends += runner(*(unharmed | order for order in harm))
        assert_every_visible_partition_is_whole(root, old, new)
        assert runner(unharmed) == [0], harm
        assert partitions(root) == wanted, harm
        assert not list((root / "lake/.lakeflow/intents").iterdir())
        assert not list((root / "lake/.lakeflow/staging").iterdir())
    return ends


def test_thirty_killed_runs_harm_nothing(toy, runner):
    assert survive(toy, runner, kills(30)).count(-9) > 15


@pytest.mark.soak
def test_three_hundred_killed_runs_harm_nothing(toy, runner):
    assert survive(toy, runner, kills(300)).count(-9) > 150


def test_runs_that_are_killed_beside_one_another_harm_neither_the_lake_nor_who_lives(toy, runner):
    ends = survive(toy, runner, crowds(5))
    assert set(ends[3::4]) == {0}


@pytest.mark.soak
def test_a_hundred_crowds_of_killed_runs_harm_nothing(toy, runner):
    ends = survive(toy, runner, crowds(100))
    assert set(ends[3::4]) == {0}
    assert ends.count(-9) > 150


@pytest.mark.parametrize("limit", [0, 300, 3_000, 30_000, 100_000])
def test_a_disk_that_fills_up_anywhere_harms_nothing_and_is_told(toy, runner, limit):
    (end,) = survive(toy, runner, [[{"limit": limit}]])
    assert end in (0, 1, 3)
