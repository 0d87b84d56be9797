"""Writes days of the simulated venue as shards: `python -m lakeflow.simulate.polymarket FOLDER [--days 3] [--walks 48] [--deadlines 24] [--archive 3 18] [--seed 7]`."""

import argparse
import sys
from datetime import date, timedelta
from pathlib import Path

from lakeflow.simulate.demo import SEED, VENUE_DAYS, VENUE_FIRST, VENUE_WALKS
from lakeflow.simulate.polymarket.recorders import write_day
from lakeflow.simulate.polymarket.truth import venue


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=date.fromisoformat, default=VENUE_FIRST)
    parser.add_argument("--days", type=int, default=VENUE_DAYS)
    parser.add_argument(
        "--walks", type=int, default=VENUE_WALKS, help="hidden values that questions are about"
    )
    parser.add_argument("--deadlines", type=int, default=24, help="questions that end as soon as it happens")
    parser.add_argument(
        "--archive",
        type=int,
        nargs="*",
        default=[3],
        metavar="HOUR",
        help="hours that the public archive has",
    )
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    made = venue(asked.first, asked.days, asked.walks, asked.seed, asked.deadlines)
    for day in range(asked.days):
        for path in write_day(asked.folder, made, asked.first + timedelta(days=day), asked.archive):
            sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
