"""Plan, status and a query of one day on an unchanged lake of 20 datasets x symbols x days, each as a process of its own.

The partitions are tiny but real: written by the engine's own writer with the recipe of their step, so that a plan
has every reason to look at each, and finds nothing to do.
"""

import argparse
import json
import os
import re
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from toy import command, delivery, write_project

STAGES = '''"""Stages that pass a number on."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl


def describe(path: Path) -> list[object]:
    return []


def deliver(files: Sequence[Path]) -> pl.DataFrame:
    return pl.DataFrame({"n": [len(files)]})


def one(a: pl.DataFrame) -> pl.DataFrame:
    return a


def two(a: pl.DataFrame, b: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([a, b])


def week(a: pl.DataFrame) -> pl.DataFrame:
    return a.select("n")


def history(a: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    return a if before is None else pl.concat([before, a])
'''


def key(place: int) -> str:
    layer = "bronze" if place < 4 else "silver" if place < 12 else "gold"
    return f"{layer}.toy.t{place:02d}"


def stage(place: int) -> tuple[str, dict[str, Any]]:
    """Four layers deep: copies, joins of two, a window of five days, and a history."""
    if place < 4:
        return "deliver", {"files": "raw.toy.vendor"}
    if place == 18:
        return "week", {"a": {"dataset": key(10), "days": [-5, -1], "min": 0}}
    if place == 19:
        return "history", {"a": key(11), "before": {"dataset": key(19), "previous": "self"}}
    if place < 12:
        return "one", {"a": key(place - 4)}
    return "two", {"a": key(place - 8), "b": key(place - 7)}


def project(root: Path, symbols: int, days: int) -> Path:
    from lakeflow.avsc import field, record

    datasets: dict[str, Any] = {"raw.toy.vendor": {"describe": "stages.pass_on.describe"}}
    stages = {}
    for place in range(20):
        function, reads = stage(place)
        datasets[key(place)] = {"contract": f"{key(place).split('.')[0]}/number", "dt_kind": "utc_date"}
        stages[f"{key(place)}_stage"] = {
            "run": f"stages.pass_on.{function}",
            "reads": reads,
            "makes": {"out": key(place)},
        }
    contracts = {
        f"contracts/{layer}/number.avsc": json.dumps(record(f"{layer}/number", [field("n", "long")]))
        for layer in ("bronze", "silver", "gold")
    }
    registry = {"products": {"toy": {"calendar": "ALWAYS"}}, "datasets": datasets, "stages": stages}
    write_project(root, {**contracts, "stages/pass_on.py": STAGES}, registry)
    for symbol in range(symbols):
        for day in range(days):
            delivery(root, f"S{symbol:02d}", (date(2025, 1, 1) + timedelta(days=day)).isoformat())
    return root


def fill(root: Path) -> int:
    """Write every partition as its step would have, without the calls and the syncs that would take an hour."""
    import polars as pl

    from lakeflow.draft import Draft
    from lakeflow.manifest import KEY, Manifest, entry_of
    from lakeflow.partition import Partition
    from lakeflow.project import open_project
    from lakeflow.request import Request
    from lakeflow.step import StepKey

    with open_project(root) as opened:
        universe = opened.universe()
        planner = opened.planner(Request(frozenset(opened.catalog.datasets)), universe)
        entries, frame = [], pl.DataFrame({"n": [1]})
        for of in sorted(opened.catalog.stages.values(), key=lambda s: s.key.split(".")[-1]):
            dataset, contract = opened.catalog.datasets[of.anchor], opened.contract(of.anchor)
            for symbol, dt in sorted(universe.steps(of), key=lambda k: (k[1], k[0])):
                step = StepKey(of.key, symbol, dt)
                found = planner.settle(of, step)[1]
                path = opened.lake / Partition(dataset.key, symbol, dt).path
                path.parent.mkdir(parents=True, exist_ok=True)
                draft = Draft(path, contract)
                draft.write(frame)
                manifest = Manifest(
                    dataset.key, symbol, dt, of.key, symbol, planner.recipe(of, step, found), contract.name, contract.version,
                    contract.schema_digest, contract.rules_digest, inputs=[list(i) for i in found.inputs], content=draft.content(),
                    rows=1, siblings=[],
                )  # fmt: skip
                draft.close({KEY: manifest.to_json()})
                entries.append(entry_of(opened.lake, manifest))
                universe.shelves.put(entries[-1])
        opened.ledger.put_entries(entries)
        return len(entries)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--symbols", type=int, default=20)
    arguments.add_argument("--days", type=int, default=250)
    arguments.add_argument("--turns", type=int, default=3)
    given = arguments.parse_args()
    setattr(os, "fsync", lambda _: None)  # noqa: B010  the lake is scratch, and syncs are not what is measured
    with tempfile.TemporaryDirectory(dir=".") as folder:
        root = project(Path(folder).resolve(), given.symbols, given.days)
        count = fill(root)
        report(root, count, given.turns)


def report(root: Path, count: int, turns: int) -> None:
    day = f"SELECT sum(n) FROM {key(19)} WHERE dt = DATE '2025-01-02'"  # noqa: S608  our own key
    bars: list[tuple[str, float, tuple[str, ...], Callable[[str], bool]]] = [
        ("plan", 5.0, ("plan",), lambda said: "0 to do" in said),
        ("status", 5.0, ("status",), lambda said: f"made {count}" in said),
        ("query of one day", 1.5, ("query", day), lambda said: "sum" in said),
    ]
    for name, limit, words, is_right in bars:
        found = [command(root, *words) for _ in range(turns + 1)][1:]  # the first one compiles
        if not is_right(found[0].said):
            sys.exit(f"{name}: not what was expected:\n{found[0].said[-2000:]}")
        wall, peak = statistics.median(t.wall for t in found), max(t.peak for t in found)
        cpu = statistics.median(t.cpu for t in found)
        print(
            f"BAR {name}, {count:,} partitions | {wall:.2f} s (cpu {cpu:.2f} s) | {limit:g} s | {wall <= limit}"
        )
        print(f"BAR {name}, peak memory | {peak:.0f} MiB | 1024 MiB | {peak <= 1024}")
    report_files(root, day)


def report_files(root: Path, day: str) -> None:
    """DuckDB's own count of the files that it read, and how many of the table are that day's."""
    said = command(root, "query", f"EXPLAIN ANALYZE {day}").said
    read = re.search(r"Total Files Read: (\d+)", said)
    if read is None:
        sys.exit(f"query of one day: expected the count of its files, found\n{said[-2000:]}")
    that_day = len(list((root / "lake/gold").glob("*/*/table=t19/dt=2025-01-02/*")))
    holds = int(read[1]) <= that_day
    print(f"BAR query of one day, files read | {read[1]} | {that_day} | {holds}")


if __name__ == "__main__":
    main()
