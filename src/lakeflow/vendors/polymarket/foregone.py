"""When the book of a token stops being known, by nothing but what had come until then: no instant is judged by what came after it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lakeflow.vendors.polymarket.connections import SECOND, Connections, Line
from lakeflow.vendors.polymarket.stretches import Stretch, between

FOREVER = 2**62
Key = tuple[str, str]  # recorder and connection
Marks = dict[
    str, list[int]
]  # of each token, the instants after which its book is not known until a new one comes


def marks(heard: Connections, tokens: Iterable[str]) -> Marks:
    """Of the tokens that connections told of, and of others whose books nobody goes on with."""
    found = {token: [heard.begin] for token in tokens}
    for keys, carried in heard.by_tokens().items():
        lines = {key: heard.lines[key] for key in sorted(keys)}
        lasting = {key: list(believed(line, heard)) for key, line in lines.items()}
        deaths = list(ends(list(lasting.values()), heard))
        for token in carried:
            since = {key: line.told.get(token, line.first) for key, line in lines.items()}
            new = (
                at - 1
                for key, at in since.items()
                if token in lines[key].went_on and took_over(key, lines, since, lasting)
            )
            found[token] = sorted({*dead(deaths, list(since.values())), *new})
    return found


def nobody(heard: Connections) -> list[int]:
    """The instants after which no connection at all could be believed to be alive."""
    lines = list(heard.lines.values())
    lasting = [list(believed(line, heard)) for line in lines]
    return sorted(dead(list(ends(lasting, heard)), [line.first for line in lines]))


def dead(deaths: Iterable[tuple[int, int, list[int]]], since: Sequence[int]) -> Iterator[int]:
    """When the last of some lines died that told of a token by then; `since` when each does."""
    for at, own, others in deaths:
        if since[own] <= at and not any(since[other] <= at for other in others):
            yield at


def ends(lasting: Sequence[Sequence[Stretch]], heard: Connections) -> Iterator[tuple[int, int, list[int]]]:
    """Each instant of the day at which a line is no longer believed to be alive, which it is, and which others are alive then."""
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


def took_over(
    own: Key, lines: Mapping[Key, Line], since: Mapping[Key, int], lasting: Mapping[Key, Sequence[Stretch]]
) -> bool:
    """Whether a line went on with a book that only lines had which it may have come for: what was told between the two is not known.

    It comes for another of its recorder of which nothing was heard since it began. Another recorder, or the archive, that begins ends nothing.
    """
    at, begins = since[own], lines[own].first - SECOND
    others = [key for key in lines if since[key] < at]
    went_on = (
        lines[key].was_heard(begins, at) if key[0] == own[0] else any(a <= at < b for a, b in lasting[key])
        for key in others
    )
    return bool(others) and not any(went_on)
