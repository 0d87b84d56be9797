"""What exchange symbols say: futures roots, months and years, spreads, and the parent that a symbol is delivered under."""

import re
from datetime import date, timedelta
from typing import NamedTuple

MONTHS = "FGHJKMNQUVXZ"  # January to December
QUARTERS = "HMUZ"
# Roots whose outright price is an index level, so that zero or less is an error; energy has traded below zero.
EQUITY_INDEX = frozenset({"ES", "MES", "NQ", "MNQ", "YM", "MYM", "RTY", "M2K", "EMD", "NKD", "NIY"})

OUTRIGHT = re.compile(rf"(?P<root>[A-Z0-9]+)(?P<month>[{MONTHS}])(?P<year>\d{{1,2}})")
COMBINATION = re.compile(
    r"(?P<root>(?!UD:)[A-Z0-9]+):[A-Z0-9]+ .+"
)  # butterflies, condors and the like: CL:BF H6-J6-K6
# Other venues put the root in front: ICE `BRN FMJ0024!`, `R   FMH0025!`, `G   FMZ0020-BRN FMZ0020`, `BRN  99   5617289`,
# Eurex and EEX `FDAX SI 20240315 PS`, Cboe `VX/M6`, `VX/N6:1:S - VX/Q6:1:B`. What names a strike is an option.
SPACED = re.compile(
    r"(?P<root>[A-Z0-9]+)(?: +(?![CP]-?\d|\d{6}[CP]\d{8}|SI \d{8} [A-Z]{2} |\S*_O[A-Z]{2})|/)[!-~][ -~]*"
)
EUREX = re.compile(r"(?P<root>[A-Z0-9]+) SI \d{8} [A-Z]{2}")
EUREX_INDEX = frozenset({"FDAX", "FDXM", "FDXS", "FESX", "FSXE", "FSMI"})
OPTION = re.compile(rf"(?P<root>[A-Z0-9]+)[{MONTHS}]\d{{1,2}} [CP]\d+")
OSI = re.compile(r"(?P<root>[A-Z0-9.]+) *\d{6}[CP]\d{8}")


class Outright(NamedTuple):
    """One contract month of a root; the year is whole."""

    root: str
    month: int
    year: int


def outright(symbol: str, on: date) -> Outright | None:
    """The contract that an outright future's symbol meant on a date; None for any other symbol.

    One digit is the year of its decade from a year before `on` to nine after: ESH6 was 2016 in 2016 and is 2026 in 2026.
    """
    found = OUTRIGHT.fullmatch(symbol)
    if found is None:
        return None
    return Outright(found["root"], MONTHS.index(found["month"]) + 1, _year(found["year"], found["month"], on))


def _year(digits: str, month: str, on: date) -> int:
    span = 10 if len(digits) == 1 else 100
    oldest = on.year - 1 if len(digits) == 1 else on.year - span // 2
    if len(digits) == 1 and MONTHS.index(month) + 1 < on.month:
        oldest += 1  # the same month a year ago is more than a year ago
    return oldest + (int(digits) - oldest) % span


def spread(symbol: str, on: date) -> tuple[Outright, Outright] | None:
    """The two legs of a calendar spread, `ESH6-ESM6`; None for any other symbol."""
    near, dash, far = symbol.partition("-")
    legs = outright(near, on), outright(far, on)
    if not dash or legs[0] is None or legs[1] is None:
        return None
    return legs[0], legs[1]


def future_parent(symbol: str) -> str | None:
    """The root that a future's symbol is delivered under: ES for `ES.FUT`, `ESH6` and `ESH6-ESM6`; None for no future."""
    if symbol.endswith(".FUT"):
        return symbol.removesuffix(".FUT") or None
    if several := COMBINATION.fullmatch(symbol) or SPACED.fullmatch(symbol):
        return several["root"]
    legs = [OUTRIGHT.fullmatch(leg) for leg in symbol.split("-")]
    roots = {leg["root"] for leg in legs if leg is not None}
    return roots.pop() if len(legs) <= 2 and None not in legs and len(roots) == 1 else None


def future_option_parent(symbol: str) -> str | None:
    """The root of an option on a future: ES for `ES.OPT` and `ESH6 C6000`; None for any other symbol."""
    if symbol.endswith(".OPT"):
        return symbol.removesuffix(".OPT") or None
    found = OPTION.fullmatch(symbol)
    return found["root"] if found else None


def equity_option_parent(symbol: str) -> str | None:
    """The root of an OCC option: AAPL for `AAPL.OPT` and `AAPL  250221C00250000`; None for any other symbol."""
    if symbol.endswith(".OPT"):
        return symbol.removesuffix(".OPT") or None
    found = OSI.fullmatch(symbol)
    return found["root"] if found else None


def is_above_zero(symbol: str) -> bool:
    """Whether a future's price must be above zero: an outright on an equity index. Spreads and energy may be below."""
    if found := OUTRIGHT.fullmatch(symbol):
        return found["root"] in EQUITY_INDEX
    european = EUREX.fullmatch(symbol)
    return european is not None and european["root"] in EUREX_INDEX


def third_friday(year: int, month: int) -> date:
    """Where the quarterly index futures expire, unless a definition says otherwise."""
    first = date(year, month, 1)
    return first + timedelta(days=(4 - first.weekday()) % 7 + 14)
