"""Scores FiveThirtyEight's forecasts of games: `python scripts/score_games.py nba nba_games.csv [--draws 1000] [--out FOLDER]`.

The figures go to stdout, the lines that were left out to stderr, and the tables into FOLDER as Parquet files.
"""

import argparse
import sys
from pathlib import Path

import polars as pl

from lakeflow.forecast.tables.games import COLUMNS, Games, NoGames, games
from lakeflow.forecast.tables.leaks import untold
from lakeflow.forecast.tables.measured import measured

SEED = 20260101


def main() -> None:
    asked = words()
    try:
        found = games(asked.file, asked.league)
    except NoGames as error:
        sys.exit(str(error))
    for row in found.refused.iter_rows(named=True):
        told = ",".join("" if row[name] is None else str(row[name]) for name in COLUMNS)
        sys.stderr.write(f"{asked.file.name} line {row['line']}: {row['reason']}: {told}\n")
    if found.scored.is_empty():
        sys.exit(f"{asked.file}: {why_none(found)}")
    made = untold(measured(found.scored, asked.draws, SEED), [])  # no audit of ours is about them
    sys.stdout.write(
        f"{found.scored.height} forecasts of {found.scored['condition_id'].n_unique()} games, {found.refused.height} lines left out\n"
    )
    for name, *figures in (
        made["metrics"]
        .filter(pl.col("segment") == "all")
        .select("metric", "value", "ci_lo", "ci_hi", "status")
        .rows()
    ):
        shown = " ".join("-" if value is None else f"{value:.6f}" for value in figures[:3])
        sys.stdout.write(f"{name} {shown} {figures[3]}\n")
    if asked.out:
        write(asked.out, {"scored_forecast": found.scored, "refused": found.refused, **named(made)})


def why_none(found: Games) -> str:
    """What keeps a file without a single forecast from having one."""
    reasons = found.refused.group_by("reason").len().sort("len", "reason", descending=[True, False]).rows()
    told = ", ".join(f"{lines} {reason}" for reason, lines in reasons) or "it has a header alone"
    return f"expected a line that can be scored, with chances from 0 to 1 and dates such as 2022-06-16, found none: {told}"


def words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("league", help="a word for the ids, such as nba or nfl")
    parser.add_argument("file", type=Path, help="season, date, two teams, the chance and the outcome of each")
    parser.add_argument("--draws", type=int, default=1000, help="of the cluster bootstrap")
    parser.add_argument("--out", type=Path, help="a folder for the tables")
    return parser.parse_args()


def named(made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    tables = {"metric": "metrics", "reliability_bin": "reliability_bins", "corp_curve": "corp_curves"}
    return {name: made[table] for name, table in tables.items()}


def write(folder: Path, tables: dict[str, pl.DataFrame]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        rows.write_parquet(folder / f"{name}.parquet")


if __name__ == "__main__":
    main()
