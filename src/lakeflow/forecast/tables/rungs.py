"""The numbers that a market's name within its group says: 20°F, 21-22°F, $90k or below, 50+ bps decrease, No change."""

import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl

THOUSANDS = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mm": 1e6, "mn": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9, "t": 1e12, "tn": 1e12,
    "trillion": 1e12,
}  # fmt: skip
# A number begins no word and ends at none of its digits; a minus between two numbers parts them.
AMOUNT = re.compile(
    r"(?P<minus>(?<![\w%°])-)?(?<![\w.,])(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?![\d.,]*\d)"
    rf"(?:\s*(?P<times>{'|'.join(sorted(THOUSANDS, key=len, reverse=True))})(?![a-z]))?"
)
UP = re.compile(
    r"[↑>≥]=?|(?<=[\w%°])\s*\+|\b(?:or|and)\s(?:more|higher|above|greater|over|up)\b|\b(?:above|over|at least|(?:more|greater|higher) than|exceeds?|reach(?:es)?|hits?)\b"
)
DOWN = re.compile(
    r"[↓<≤]=?|\b(?:or|and)\s(?:less|lower|below|under|fewer)\b|\b(?:below|under|(?:less|lower|fewer) than|at most|up to|(?:dips?|drops?|falls?) to)\b"
)
FALL = re.compile(r"\b(?:decrease|cut|drop|decline|loss|fall|down|lower)s?\b")
RISE = re.compile(r"\b(?:increase|hike|raise|rise|gain|up|higher)s?\b")
PLUS, BESIDE = re.compile(r"(?<![\w%°])\+(?=[\d.])"), re.compile(r"\([^)]*\)")
WORD = re.compile(r"°\s?[cf]\b|[%°]|[^\W\d_]+")
NOTHING = re.compile(r"(?:no (?:change|cuts?|hikes?|increase|decrease)|unchanged)")
MONTHS = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
DATED = re.compile(rf"\b(?:{MONTHS})\.? \d|\d (?:{MONTHS})\b|\b\d{{4}}-\d\d-\d\d\b|\b\d+:\d\d\b")
# Every dash and minus is "-", the sign of an ordinal one of degrees, and what money it is says nothing.
SIGNS = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | {"\u00ba": "°"}
    | dict.fromkeys("$€£¥₹~'", "")
)
PARTED = re.compile(r"(?P<unit>.*?)\s*(?:-|\bto\b|\band\b|\bthrough\b)\s*")
BEHIND = re.compile(rf"(?:{UP.pattern}|{DOWN.pattern})\s*{AMOUNT.pattern}")
BEFORE = re.compile(rf"{AMOUNT.pattern}\s*(?:{UP.pattern}|{DOWN.pattern})")
FILLING = frozenset({"between", "exactly", "by", "to", "and", "the", "of", "a"})
SHAPE: dict[str, Any] = {"low": pl.Float64, "high": pl.Float64, "words": pl.String, "way": pl.Int8}


class Rung(NamedTuple):
    """From where to where; what else is said, which is a unit at best; and whether it is a fall (-1), a rise (1) or neither."""

    low: float
    high: float
    words: str
    way: int


def rung(text: str) -> Rung | None:
    """The numbers of a name, or None where it says none, more than a range, or a date."""
    said = " ".join(BESIDE.sub(" ", text.lower().translate(SIGNS)).split())
    if NOTHING.fullmatch(said):
        return Rung(0.0, 0.0, "", 0)
    if DATED.search(said):
        return None
    is_up, is_down = UP.search(said) is not None, DOWN.search(said) is not None
    rest = DOWN.sub(" ", UP.sub(" ", PLUS.sub("", said)))
    way = (RISE.search(rest) is not None) - (FALL.search(rest) is not None)
    rest = FALL.sub(" ", RISE.sub(" ", rest))
    found = list(AMOUNT.finditer(rest))
    if (is_up and is_down) or len(found) > 2 or (len(found) == 2 and (is_up or is_down)):
        return None
    ends = range_of(rest, found, way)
    if ends is None:
        return None
    low, high = (-math.inf if is_down else ends[0]), (math.inf if is_up else ends[1])
    return Rung(low, high, " ".join(sorted(set(others(rest)))), way)


def range_of(rest: str, found: list[re.Match[str]], way: int) -> tuple[float, float] | None:
    """The two ends that are named, or one twice; a fall or a rise without a number is any."""
    if not found:
        return (0.0, math.inf) if way and not list(others(rest)) else None
    first, last = found[0], found[-1]
    if first is last:
        return amount(first), amount(first)
    if not PARTED.fullmatch(rest[first.end() : last.start()]):
        return None
    times = last["times"] if first["times"] is None else None  # 80-90k are both thousands
    low, high = amount(first) * THOUSANDS.get(times or "", 1.0), amount(last)
    return (low, high) if low < high else None


def amount(found: re.Match[str]) -> float:
    """What a number is worth."""
    value = float(found["number"].replace(",", "")) * THOUSANDS.get(found["times"] or "", 1.0)
    return -value if found["minus"] else value


def others(rest: str) -> Iterator[str]:
    """The words beside the numbers, without their plural."""
    for word in WORD.findall(AMOUNT.sub(" ", rest)):
        if word not in FILLING:
            yield word[:-1] if word.endswith("s") and len(word) > 3 else word.replace(" ", "")


def read(names: pl.Series) -> pl.DataFrame:
    """A row a name: its numbers and words, null where it says none."""
    unique = names.drop_nulls().unique()
    told = {name: rung(name) for name in unique}
    rows = [(name, *found) for name, found in told.items() if found]
    table = pl.DataFrame(rows, schema={"name": pl.String} | SHAPE, orient="row")
    return (
        names.alias("name")
        .to_frame()
        .join(table, on="name", how="left", maintain_order="left")
        .select(*SHAPE)
    )


def side(question: str) -> tuple[bool | None, float | None]:
    """Whether a question asks if something is above (or below) a number, None where it says neither or both; and the number behind that word."""
    said = question.lower().translate(SIGNS)
    is_up, is_down = UP.search(said) is not None, DOWN.search(said) is not None
    found = (BEHIND.search(said) or BEFORE.search(said)) if is_up != is_down else None
    return (is_up if is_up != is_down else None), (amount(found) if found else None)
