"""From the silver tables of ten million order records to the committed grid, events and regimes, as a user runs it on one core."""

import argparse
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import yaml
from toy import Turn, command, write_project
from truth_day import DAY, SYMBOL, coverage, definition, status, tables

from lakeflow.avsc import NANOS, field, record

ROOT = Path(__file__).parents[2]
WANTED = ("gold.future_mbo.market_truth", "gold.future_mbo.regimes")
TABLES = ("bbo", "depth", "trades", "flow", "ofi", "moves", "anomalies")
SECONDS, MIB = 2.5, 700
LOAD = '''"""Silver tables and reference data that are there already, as a delivery."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl


def describe(path: Path) -> list[tuple[str, str, str]]:
    return []


def reference(files: Sequence[Path]) -> dict[str, pl.DataFrame]:
    return {path.stem: pl.read_parquet(path) for path in files}


def silver(files: Sequence[Path]) -> dict[str, pl.DataFrame]:
    return {path.stem: pl.read_parquet(path) for path in files}
'''
INTEGERS = {"row": None, "publisher_id": "uint16", "instrument_id": "uint32", "action": "uint16"}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--records", type=int, default=10_000_000)
    arguments.add_argument("--registry", type=Path, default=ROOT / "datasets.yaml")
    arguments.add_argument("--turns", type=int, default=3)
    given = arguments.parse_args()
    os.environ["POLARS_MAX_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        root = project(Path(folder), given.registry, tables(given.records))
        words = ("--symbol", SYMBOL, "--dt", str(DAY), "--workers", "1", "--json")
        command(root, "run", *WANTED, *words)  # the silver tables, and kernels
        tell([command(root, "run", *WANTED, *words, "--overwrite") for _ in range(given.turns)])


def tell(turns: list[Turn]) -> None:
    said = [json.loads(turn.said.partition("\n")[0]) for turn in turns]
    if any(each["run"]["exit_code"] for each in said):
        raise SystemExit("a run of the bench failed: see what `lakeflow run` says of its lake")
    steps = [each["steps"] for each in said]
    took = min(sum(step["seconds"] for step in each) for each in steps)
    for step in steps[-1]:
        print(f"{step['stage']}: {step['rows']} rows in {step['seconds']} s, {step['bytes'] / 2**20:.1f} MiB")
    print(f"processor of the whole command: {min(turn.cpu for turn in turns):.2f} s")
    peak = max(turn.peak for turn in turns)
    print(
        f"BAR silver of 10 M records to committed grid, events, regimes | {took:.2f} s | {SECONDS} s | {took <= SECONDS}"
    )
    print(f"BAR its peak memory | {peak:.0f} MiB | {MIB} MiB | {peak <= MIB}")


def project(root: Path, registry: Path, made: Path) -> Path:
    """The project's own gold stages on tables that are delivered."""
    said = yaml.safe_load(registry.read_text())
    files = {f"contracts/bronze/{name}.avsc": json.dumps(contract) for name, contract in references().items()}
    files["contracts/bronze/coverage.avsc"] = (ROOT / "contracts/bronze/coverage.avsc").read_text()
    write_project(root, {**files, "stages/load.py": LOAD}, cut(said))
    for folder in ("contracts/silver", "contracts/gold", "stages/gold"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copy(ROOT / "filters/gold.py", root / "filters/gold.py")
    deliver(root, made)
    return root


def cut(said: dict[str, Any]) -> dict[str, Any]:
    """The registry with bronze and silver loaded, and of gold the grid and the events."""
    stages = {key: said["stages"][key] for key in ("gold.future_mbo.grid", "gold.future_mbo.events")}
    # There is no selection here to say which contract the days before were about, nor are there any.
    stages["gold.future_mbo.events"]["reads"]["earlier"].pop("symbol")
    loaded = {
        "bronze.future_mbo.load": load("reference", "bronze", ("definition", "status", "coverage")),
        "silver.future_mbo.load": load("silver", "silver", TABLES),
    }
    product = {key: said["products"]["future_mbo"][key] for key in ("calendar", "symbols")}
    keys = [key for stage in (loaded | stages).values() for key in stage["makes"].values()]
    raw = {f"raw.future_mbo.{name}": {"describe": "stages.load.describe"} for name in ("reference", "silver")}
    own = {key: said["datasets"].get(key) or {"contract": key.replace(".future_mbo.", "/")} for key in keys}
    return {"products": {"future_mbo": product}, "datasets": raw | own, "stages": loaded | stages}


def load(name: str, layer: str, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        "run": f"stages.load.{name}",
        "reads": {"files": f"raw.future_mbo.{name}"},
        "makes": {each: f"{layer}.future_mbo.{each}" for each in names},
    }


def references() -> dict[str, Any]:
    """Contracts of what the bench has of definitions and status."""
    return {
        name: record(f"bronze/{name}", [typed(column) for column in frame.columns], key=["row"], sort=["row"])
        for name, frame in (("definition", definition()), ("status", status()))
    }


def typed(column: str) -> dict[str, Any]:
    if column == "ts_recv":
        return field(column, NANOS)
    if column == "raw_symbol":
        return field(column, "string")
    if column in INTEGERS:
        small = INTEGERS[column]
        return field(
            column, "long" if small in (None, "uint32") else "int", **({"arrowType": small} if small else {})
        )
    return field(column, ["null", "long"], **({"arrowType": "uint32"} if column == "max_trade_vol" else {}))


def deliver(root: Path, made: Path) -> None:
    reference = raw(root, "reference", "ES")
    definition().write_parquet(reference / "definition.parquet")
    status().write_parquet(reference / "status.parquet")
    coverage().write_parquet(reference / "coverage.parquet")
    silver = raw(root, "silver", SYMBOL)
    for file in made.iterdir():
        shutil.copy(file, silver / file.name)


def raw(root: Path, source: str, symbol: str) -> Path:
    folder = root / f"lake/raw/source={source}/product_type=future_mbo/symbol={symbol}/dt={DAY}"
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    main()
