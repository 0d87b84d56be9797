"""A day of captured price changes through `lakeflow run`, with every contract held: processor time and peak memory of each stage.

python scripts/bench/forecast_day.py [CHANGES] [--shape one|many|two|archive]
"""

import argparse
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

os.environ |= {"POLARS_MAX_THREADS": "1", "LAKEFLOW_THREADS": "1"}  # before polars: the bar is of one core

import polars as pl
from forecast_feed import lines

ROOT = Path(__file__).parents[2]
DAY, SYMBOL = "2026-01-05", "polymarket"
PLACE = f"lake/raw/source=polymarket/product_type=prediction_market/symbol={SYMBOL}/dt={DAY}"
BRONZE, SILVER = "bronze.prediction_market.capture", "silver.prediction_market.replay"
MANY, PIECE, LATER = (
    200,
    50_000,
    1_000,
)  # files of a day, messages held while an hour is written, microseconds


class Taken(NamedTuple):
    """What a stage took: seconds of cores, and the peak memory in MiB."""

    seconds: float
    peak: float


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("changes", type=int, nargs="?", default=1_000_000)
    asked.add_argument("--shape", choices=sorted(SHAPES), default="one")
    asked.add_argument("--make", type=Path, help="One stage, in this process.")
    asked.add_argument("--stage", default=BRONZE)
    given = asked.parse_args()
    if given.make:
        print(*once(given.make, given.stage))
        return
    with tempfile.TemporaryDirectory(dir=tempfile.gettempdir()) as folder:
        root = project(Path(folder), given.changes, given.shape)
        for stage in (BRONZE, SILVER):
            took = measured(root, stage)
            print(
                f"FIGURE {given.shape}, {given.changes:,} changes, {stage}: {took.seconds:.2f} s, peak {took.peak:.0f} MiB"
            )


def project(root: Path, changes: int, shape: str) -> Path:
    """This project with a lake of its own, in which a day is delivered."""
    for part in ("stages", "filters", "selection", "contracts"):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "datasets.yaml", root)
    (root / PLACE).mkdir(parents=True)
    SHAPES[shape](root / PLACE, changes)
    return root


def one_file(folder: Path, changes: int) -> None:
    with (folder / "feed.jsonl").open("w") as file:
        file.writelines(f"{line}\n" for line in lines(changes))


def many_files(folder: Path, changes: int) -> None:
    """As a recorder that begins a file every few minutes."""
    told = lines(changes)
    first, size = next(told), changes // 4 // MANY + 1
    for number, some in enumerate(batched(told, size)):
        (folder / f"feed-{number:04}.jsonl").write_text("\n".join((first, *some)) + "\n")


def two_recorders(folder: Path, changes: int) -> None:
    one_file(folder, changes)
    with (folder / "second.jsonl").open("w") as file:
        for place, line in enumerate(lines(changes)):
            said = json.loads(line)
            said |= {"recv_us": said["recv_us"] + LATER} if place else {"capture": "b"}
            file.write(json.dumps(said) + "\n")


def archived(folder: Path, changes: int) -> None:
    """Hours of the archive, each by market and token as it is published."""
    told = lines(changes)
    next(told)
    for hour, some in itertools.groupby(told, lambda line: json.loads(line)["recv_us"] // 3_600_000_000):
        parts = [
            pl.DataFrame([r for line in p for r in rows(json.loads(line))], infer_schema_length=None)
            for p in batched(some, PIECE)
        ]
        pl.concat(parts, how="diagonal").cast(ARCHIVED).sort(
            "market", "asset_id", "timestamp_received", maintain_order=True
        ).write_parquet(folder / f"hour-{hour}.parquet")


ARCHIVED: Any = dict.fromkeys(
    ("fee_rate_bps", "transaction_hash", "old_tick_size", "new_tick_size"), pl.String
)


def batched(lines: Iterator[str], size: int) -> Iterator[list[str]]:
    while some := list(itertools.islice(lines, size)):
        yield some


def rows(line: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A line as the archive's rows."""
    frame = json.loads(line["frame"])
    received = datetime.fromtimestamp(line["recv_us"] / 1e6, UTC)
    for message in frame if isinstance(frame, list) else [frame]:
        for change in message.get("price_changes", [{}]):
            said = {**message, **change}
            sides = {
                side: json.dumps(message[side]) if side in message else None for side in ("bids", "asks")
            }
            yield dict.fromkeys(
                ("price", "size", "side", "best_bid", "best_ask", "fee_rate_bps", "transaction_hash", "old_tick_size", "new_tick_size")
            ) | {name: said[name] for name in ("price", "size", "side", "best_bid", "best_ask") if name in said} | {
                "timestamp_received": received, "timestamp": datetime.fromtimestamp(int(message["timestamp"]) / 1e3, UTC), "market": said["market"],
                "event_type": said["event_type"], "asset_id": said["asset_id"], **sides,
            }  # fmt: skip


SHAPES = {"one": one_file, "many": many_files, "two": two_recorders, "archive": archived}


def measured(root: Path, stage: str) -> Taken:
    """A stage in a process of its own."""
    words = [sys.executable, __file__, "--make", str(root), "--stage", stage]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return Taken(*map(float, done.stdout.split()[-2:]))


def once(root: Path, stage: str) -> Taken:
    """The engine, inline."""
    import lakeflow.make
    from lakeflow.execution import Terms, execute
    from lakeflow.machine import peak_bytes
    from lakeflow.project import open_project
    from lakeflow.request import Request
    from lakeflow.step import StepKey

    assert lakeflow.make
    with open_project(root) as opened:
        made = opened.catalog.stages[stage].makes.values()
        began = time.process_time()
        only = frozenset({StepKey(stage, SYMBOL, DAY)})
        summary = execute(
            opened, Request(frozenset(made), upstream=False, overwrite=True), Terms(workers=1, only=only)
        )
        assert summary.code == 0, summary
        return Taken(time.process_time() - began, peak_bytes() / 2**20)


if __name__ == "__main__":
    main()
