"""What makes a day hard to follow, by name: each can be switched on alone, and `ALL` is every one of them."""

from collections.abc import Iterable

# In the order of their bits.
MEANINGS = {
    "hidden": "icebergs: fills that name orders nobody was told of",
    "unprinted": "fills without a trade, which the venue does not print",
    "unsided": "trades whose aggressor is not told, some without a fill: implied orders took part",
    "mixed": "a cancel in the event of a fill that takes more than was filled",
    "notes": "records that say nothing, with and without the end of an event",
    "stubs": "quotes thousands of ticks away",
    "torn": "events that are received across seconds",
    "backwards": "receipts that go back in time, flagged",
    "crossed": "venues of a share that quote through one another for a moment, so that their common book is locked or crossed",
    "bare": "snapshots without a clear, as files before February 2024 have them, that end no event",
    "recovery": "a clear and a snapshot in the middle of the session",
    "clears": "a clear that no snapshot follows: the book is built anew",
    "gap": "records lost, and the next ones flagged as maybe of a bad book",
    "halt": "minutes of a halt, told by status records",
    "preopen": "minutes before the open in which orders cross, then an uncrossing",
    "repeats": "records that the file says twice",
    "woven": "events of two instruments told a line of each in turn, as when one event is of both",
    "roll": "trading moves from the front contract to the next within the days before an expiry",
}
ALL = frozenset(MEANINGS)
BITS = {name: 1 << n for n, name in enumerate(MEANINGS)}
HIDDEN, UNPRINTED, UNSIDED, MIXED, NOTES, STUBS, TORN, BACKWARDS = (1 << n for n in range(8))


def chosen(names: Iterable[str] | str) -> frozenset[str]:
    """The hazards that are meant: names, or the word `all`."""
    wanted = ALL if names == "all" else frozenset([names] if isinstance(names, str) else names)
    if strange := sorted(wanted - ALL):
        raise ValueError(
            f"no hazard {', '.join(strange)}; there are {', '.join(sorted(ALL))}, or all of them: all"
        )
    return wanted


def bits(names: Iterable[str]) -> int:
    """The hazards as a kernel takes them."""
    return sum(BITS[name] for name in names)
