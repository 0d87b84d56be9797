"""When the book of a token stops being known, by nothing but what had come until then: no instant is judged by what came after it."""

from collections.abc import Iterable, Iterator, Sequence

from lakeflow.vendors.polymarket.connections import SECOND, Connections, Line
from lakeflow.vendors.polymarket.stretches import Stretch, between

FOREVER = 2**62
Marks = dict[
    str, list[int]
]  # of each token, the instants after which its book is not known until a new one comes


def marks(heard: Connections, tokens: Iterable[str]) -> Marks:
    """Of the tokens that connections told of, and of others whose books nobody goes on with."""
    found = {token: [heard.begin] for token in tokens}
    for keys, carried in heard.by_tokens().items():
        lines = [heard.lines[key] for key in sorted(keys)]
        deaths = list(ends(lines, heard))
        for token in carried:
            since = [line.told.get(token, line.first) for line in lines]
            found[token] = sorted({*dead(deaths, since), *taken_over(token, lines, since)})
    return found


def nobody(heard: Connections) -> list[int]:
    """The instants after which no connection at all could be believed to be alive."""
    lines = list(heard.lines.values())
    return sorted(dead(list(ends(lines, heard)), [line.first for line in lines]))


def dead(deaths: Iterable[tuple[int, int, list[int]]], since: Sequence[int]) -> Iterator[int]:
    """When the last of some lines died that told of a token by then; `since` when each does."""
    for at, own, others in deaths:
        if since[own] <= at and not any(since[other] <= at for other in others):
            yield at


def ends(lines: Sequence[Line], heard: Connections) -> Iterator[tuple[int, int, list[int]]]:
    """Each instant of the day at which a line is no longer believed to be alive, which it is, and which others are alive then."""
    lasting = [list(believed(line, heard)) for line in lines]
    for own, stretches in enumerate(lasting):
        for at in {max(last, heard.begin) for _, last in stretches if last < heard.end}:
            yield at, own, [each for each, other in enumerate(lasting) if any(a <= at < b for a, b in other)]


def believed(line: Line, heard: Connections) -> Iterator[Stretch]:
    """While a line is believed to be alive: until it has told nothing for `silent_s`, or nothing at all came for too long."""
    off = [(begins + limit, ends) for begins, ends, limit in line.holes(heard.stale, heard.silent)]
    off.append((line.frame + line.limit(line.frame, heard.stale, heard.silent), FOREVER))
    for first, last in line.spells:
        until = last + heard.silent
        yield from between([(a, b) for a, b in off if a < until and b > first], first, until)


def taken_over(token: str, lines: Sequence[Line], since: Sequence[int]) -> Iterator[int]:
    """Before a line goes on with a token's book that another had, of which nothing was heard since it began: what it missed is not known."""
    for line, at in zip(lines, since, strict=True):
        others = [other for other, begun in zip(lines, since, strict=True) if begun < at]
        if (
            token in line.went_on
            and others
            and not any(other.was_heard(line.first - SECOND, at) for other in others)
        ):
            yield at - 1
