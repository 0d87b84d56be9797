"""The calibration as a command makes it of a lake, and the one JSON object that it is shown as."""

import json
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from lakeflow.avsc import NANOS, field, record
from lakeflow.cli.main import app

ROOT = Path(__file__).parents[3]
DAYS = [date(2026, 1, 5) + timedelta(days=n) for n in range(4)]
CALENDAR = "products:\n  toy: {calendar: ALWAYS, symbols: '(?P<parent>[A-Z]+)[0-9]*'}\n"
WIRING = f"""{CALENDAR}
datasets:
  raw.toy.vendor: {{describe: stages.bronze.lines.describe}}
  gold.toy.features: {{contract: gold/features, about: "Seconds of noise."}}
  gold.toy.regimes: {{contract: gold/regimes, about: "Their regime."}}
  gold.toy.lookahead: {{contract: gold/lookahead, about: "What can be told of the next ones."}}
stages:
  gold.toy.seconds:
    run: stages.gold.seconds.seconds
    reads: {{files: {{dataset: raw.toy.vendor, map: session_window}}}}
    makes: {{features: gold.toy.features, regimes: gold.toy.regimes}}
  gold.toy.lookahead:
    run: stages.gold.lookahead.walked
    reads: {{features: {{dataset: gold.toy.features, days: [-3, 0]}}, regimes: {{dataset: gold.toy.regimes, days: [-3, 0]}}}}
    makes: {{lookahead: gold.toy.lookahead}}
    build: on_request
    params: {{zone: America/New_York, window: ["09:30", "09:40"], horizons_s: [1, 5], folds: walk, train_sessions: 2,
      min_train: 2, cal_sessions: 1, test_sessions: 1, embargo_days: 0, embargo_s: 128, groups: 6, test_groups: 2,
      flat_band_ticks: 0.5, bins: 15, thresholds_ticks: [0.0], fee_ticks: 0.2, draws: 50}}
"""
DELIVERED = '''"""Seconds as delivered."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl


def describe(path: Path) -> list[tuple[str, str, str]]:
    return [("toy", "A1", path.stem)]


def seconds(files: Sequence[Path]) -> dict[str, pl.DataFrame]:
    rows = pl.read_parquet(files[0])
    return {"features": rows.drop("regime_rt"), "regimes": rows.select("ts_second", "regime_rt")}
'''
AVRO = {pl.Float64: "double", pl.Int64: "long", pl.Boolean: "boolean"}
TIMES = {"ts_second": NANOS, "ts_local": {"type": "long", "logicalType": "local-timestamp-nanos"}}


def contract(name: str, rows: pl.DataFrame) -> str:
    kinds = {column: TIMES.get(column) or AVRO[type(kind)] for column, kind in rows.schema.items()}
    fields = [field(column, kind) for column, kind in kinds.items()]
    return json.dumps(record(name, fields, key=["ts_second"], sort=["ts_second"]))


@pytest.fixture
def project(toy, grid) -> Path:
    days = {day: grid(day).drop("dt").cast({"regime_rt": pl.Int64}) for day in DAYS}
    rows = days[DAYS[0]]
    root = toy(
        {
            "datasets.yaml": WIRING,
            "contracts/gold/features.avsc": contract("gold/features", rows.drop("regime_rt")),
            "contracts/gold/regimes.avsc": contract("gold/regimes", rows.select("ts_second", "regime_rt")),
            "contracts/gold/lookahead.avsc": (ROOT / "contracts/gold/lookahead.avsc").read_text(),
            "stages/gold/__init__.py": '"""The gold of a toy."""\n',
            "stages/gold/lookahead.py": (ROOT / "stages/gold/lookahead.py").read_text(),
            "stages/gold/seconds.py": DELIVERED,
            "stages/bronze/lines.py": DELIVERED,
        }
    )
    for day, seconds in days.items():
        folder = root / f"lake/raw/source=vendor/product_type=toy/symbol=A1/dt={day}"
        folder.mkdir(parents=True)
        seconds.write_parquet(folder / f"{day}.parquet")
    return root


def test_a_lake_of_sessions_is_calibrated_by_one_command_and_shown_as_one_object(project):
    asked = ("gold.toy.lookahead", "--symbol", "A1", "--dt", str(DAYS[-1]), "--project", str(project))
    made = CliRunner().invoke(app, ["run", *asked, "--workers", "1"])
    assert made.exit_code == 0, made.output
    shown = CliRunner().invoke(app, ["show", *asked, "--json"])
    rows = json.loads(shown.stdout)["dataset"]["rows"]
    models = {row["model"] for row in rows if row["session"] == "all" and row["metric"] == "r2"}
    assert models == {"M0", "M1", "M2", "M3", "M4", "M3-shuffled", "M3-late"}
    told = {row["metric"]: row["text"] for row in rows if row["metric"].endswith("_dates")}
    assert told["train_dates"] == f"{DAYS[0]} {DAYS[1]}"
    assert told["holdout_dates"] == str(DAYS[3])
