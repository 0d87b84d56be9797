"""What a step costs beside its work: plan, read, check, commit and ledger of one row, inline."""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from many import STAGES
from toy import delivery, write_project


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--steps", type=int, default=200)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=".") as folder:
        overhead(project(Path(folder).resolve(), given.steps))


def project(root: Path, steps: int) -> Path:
    from lakeflow.avsc import field, record

    registry = {
        "products": {"toy": {"calendar": "ALWAYS"}},
        "datasets": {
            "raw.toy.vendor": {"describe": "stages.pass_on.describe"},
            "bronze.toy.number": {"contract": "bronze/number"},
            "silver.toy.number": {"contract": "silver/number"},
        },
        "stages": {
            "bronze.toy.deliver": {
                "run": "stages.pass_on.deliver", "reads": {"files": "raw.toy.vendor"}, "makes": {"out": "bronze.toy.number"},
            },
            "silver.toy.one": {"run": "stages.pass_on.one", "reads": {"a": "bronze.toy.number"}, "makes": {"out": "silver.toy.number"}},
        },
    }  # fmt: skip
    contract = {
        f"contracts/{x}/number.avsc": json.dumps(record(f"{x}/number", [field("n", "long")]))
        for x in ("bronze", "silver")
    }
    write_project(root, {**contract, "stages/pass_on.py": STAGES}, registry)
    for n in range(steps):
        delivery(root, f"S{n:04d}", "2026-01-06")
    return root


def overhead(root: Path) -> None:
    """The median over the steps that read a table, by the time between the ends of two steps."""
    from lakeflow.execution import Terms, execute
    from lakeflow.project import open_project
    from lakeflow.request import Request
    from lakeflow.summary import Done, Silence

    class Clock(Silence):
        def __init__(self) -> None:
            self.ends: list[float] = []

        def finished(self, done: Done) -> None:
            if done.key.stage.startswith("silver"):
                self.ends.append(time.perf_counter())

    with open_project(root) as opened:
        execute(opened, Request(frozenset({"bronze.toy.number"})), Terms(workers=1))
        clock = Clock()
        summary = execute(opened, Request(frozenset({"silver.toy.number"})), Terms(workers=1, listener=clock))
        assert summary.code == 0
    gaps = [1000 * (b - a) for a, b in zip(clock.ends, clock.ends[1:], strict=False)]
    median = statistics.median(gaps)
    print(f"BAR overhead of a step, {len(gaps)} steps, median | {median:.1f} ms | 20 ms | {median <= 20}")


if __name__ == "__main__":
    main()
