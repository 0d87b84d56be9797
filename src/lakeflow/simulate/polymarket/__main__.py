"""Writes days of the simulated venue as shards: `python -m lakeflow.simulate.polymarket FOLDER [--days 3] [--walks 48] [--deadlines 24] [--archive 3 18] [--seed 7]`."""

import argparse
import sys
from datetime import date, timedelta
from pathlib import Path

from lakeflow.simulate.demo import SEED, VENUE_DAYS, VENUE_FIRST, VENUE_WALKS
from lakeflow.simulate.polymarket.recorders import write_day
from lakeflow.simulate.polymarket.truth import venue

HOURS = 24


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
    if wrong := refused(asked):
        parser.error(wrong)
    made = venue(asked.first, asked.days, asked.walks, asked.seed, asked.deadlines)
    for day in range(asked.days):
        for path in write_day(asked.folder, made, asked.first + timedelta(days=day), asked.archive):
            sys.stdout.write(f"{path}\n")


def refused(asked: argparse.Namespace) -> str:
    """What is said that no venue can have; nothing where all fits."""
    if asked.days < 1:
        return f"--days: expected at least 1, found {asked.days}"
    if min(asked.walks, asked.deadlines) < 0 or not asked.walks + asked.deadlines:
        return f"--walks and --deadlines: expected questions, found {asked.walks} and {asked.deadlines}"
    if beyond := [str(hour) for hour in asked.archive if not 0 <= hour < HOURS]:
        return f"--archive: expected hours from 0 to {HOURS - 1}, found {', '.join(beyond)}"
    return ""


if __name__ == "__main__":
    main()
