"""Writes days of the simulated venue as shards: `python -m lakeflow.simulate.polymarket FOLDER [--days 3] [--walks 48] [--seed 7]`."""

import argparse
import sys
from datetime import date
from pathlib import Path

from lakeflow.simulate.demo import SEED, VENUE_DAYS, VENUE_FIRST, VENUE_WALKS, deliver_venue


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=date.fromisoformat, default=VENUE_FIRST)
    parser.add_argument("--days", type=int, default=VENUE_DAYS)
    parser.add_argument(
        "--walks", type=int, default=VENUE_WALKS, help="hidden values that questions are about"
    )
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    for path in deliver_venue(asked.folder, asked.first, asked.days, asked.walks, asked.seed):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
