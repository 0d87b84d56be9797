"""Writes days of the simulated venue as shards: `python -m lakeflow.simulate.polymarket FOLDER [--days 5] [--walks 18] [--seed 7]`."""

import argparse
import sys
from datetime import date, timedelta
from pathlib import Path

from lakeflow.simulate.polymarket.recorders import write_day
from lakeflow.simulate.polymarket.truth import venue


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=date.fromisoformat, default=date(2026, 1, 5))
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--walks", type=int, default=18, help="hidden values that questions are about")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    made = venue(asked.first, asked.days, asked.walks, asked.seed)
    for day in range(asked.days):
        for path in write_day(asked.folder, made, asked.first + timedelta(days=day)):
            sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
