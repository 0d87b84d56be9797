"""Stretches of time, from one nanosecond to another: joined where they lie close, and what they leave uncovered."""

from collections.abc import Iterable, Iterator

Stretch = tuple[int, int]  # from and to, in nanoseconds


def joined(stretches: Iterable[Stretch], apart: int) -> Iterator[Stretch]:
    """Stretches in their order, those that lie no further apart as one."""
    held: Stretch | None = None
    for first, last in stretches:
        if held and first - held[1] <= apart:
            held = (held[0], max(held[1], last))
            continue
        if held:
            yield held
        held = (first, last)
    if held:
        yield held


def between(stretches: Iterable[Stretch], since: int, end: int) -> Iterator[Stretch]:
    """What no stretch covers, from an instant to another."""
    until = since
    for first, last in [*sorted(stretches), (end, end)]:
        if first > until:
            yield until, first
        until = max(until, last)
