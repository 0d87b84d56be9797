"""Prints datasets.yaml with one more venue of prediction markets: `python scripts/add_venue.py kalshi > new.yaml`.

The venue is a product of its own. Whatever is made of `prediction_market` is named again for it, but for what reads its
deliveries: `stages.bronze.VENUE.describe` says what a file is, `stages.silver.VENUE.read` makes the silver tables of answers.
"""

import argparse
import re
import sys
from pathlib import Path

OLD = "prediction_market"
ENTRY = re.compile(r"^  [^ #\n].*\n(?:(?: {3,}.*)?\n)*", re.MULTILINE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "venue", help="a word in small letters: the product, its symbol and the name of its stages' modules"
    )
    parser.add_argument("--registry", type=Path, default=Path("datasets.yaml"))
    asked = parser.parse_args()
    if not re.fullmatch(r"[a-z][a-z0-9_]*", asked.venue):
        parser.error(f"{asked.venue}: expected a word in small letters, such as kalshi")
    sys.stdout.write(with_venue(asked.registry.read_text(encoding="utf-8"), asked.venue))


def with_venue(registry: str, venue: str) -> str:
    """The registry with the venue's entries after those that they are copied from, map by map."""
    maps = re.split(r"^(?=\w+:)", registry, flags=re.MULTILINE)
    return "".join(named_again(each, venue) for each in maps)


def named_again(part: str, venue: str) -> str:
    """A map with the venue's entries at its end."""
    if not part.startswith(("products:", "datasets:", "stages:", "reports:")):
        return part
    own = [entry for entry in ENTRY.findall(part) if OLD in entry]
    return part.rstrip("\n") + "\n" + "".join(of(entry.rstrip("\n") + "\n", venue) for entry in own) + "\n"


def of(entry: str, venue: str) -> str:
    """An entry as it is for the venue."""
    said = entry.replace(f"raw.{OLD}.polymarket", f"raw.{venue}.{venue}").replace(OLD, venue)
    said = said.replace("(?P<parent>polymarket)", f"(?P<parent>{venue})").replace(
        "  calibration:", f"  calibration_{venue}:"
    )
    said = re.sub(r"describe: \S+", f"describe: stages.bronze.{venue}.describe", said)
    said = re.sub(
        r"      addresses:.*\n(?: {8}- .*\n)+",
        "      addresses: [] # where the venue tells of a market\n",
        said,
    )
    if said.startswith(f"  silver.{venue}.read:"):
        said = said[: said.index("    params:")]
        said = re.sub(
            r"^ +earlier: .*\n", "", said, flags=re.MULTILINE
        )  # the day before is of listings that run over midnight
        said = re.sub(r"run: \S+", f"run: stages.silver.{venue}.read", said)
    return said


if __name__ == "__main__":
    main()
