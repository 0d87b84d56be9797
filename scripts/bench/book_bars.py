"""What the book's race has to show: a table of speeds, and the bars with what was measured."""

from collections.abc import Iterator, Mapping

from book_race import Race
from book_runners import C_TEN, C_TOUCH, OURS, OURS_TEN, SHORT, SHORT_TEN

# Name, measured, limit, whether it holds; None where it was not measured.
Bar = tuple[str, str, str, bool | None]

KINDS = ("bare", "touch", "ten")
RUNNERS = ("lakeflow", "C", "lakeflow, the peers' records", "nautilus", "hftbacktest", "documented")


def table(race: Race, missing: Mapping[str, str]) -> str:
    """Millions of records a second, the best turn of each; a peer that is missing says why."""
    lines = [f"{'M records/s':<32}{'no read-out':>14}{'touch':>14}{'ten levels':>14}"]
    for runner in RUNNERS:
        speeds = [race.speed(f"{runner} {kind}") for kind in KINDS]
        cells = "".join(f"{'-' if speed is None else f'{speed:.4g}':>14}" for speed in speeds)
        why = f"  not measured: {missing[runner]}" if runner in missing else ""
        lines.append(f"{runner:<32}{why or cells}")
    return "\n".join(lines)


def bars(race: Race) -> Iterator[Bar]:
    """Every bar of the race; one whose runner is not there is not measured, and does not hold."""
    yield at_least("book: touch on change", race.speed(OURS), 20, "M/s")
    yield at_least("book: ten levels on change", race.speed(OURS_TEN), 15, "M/s")
    yield at_most("book: touch, time of C", race.longer(OURS, C_TOUCH), 1.4, "x")
    yield at_most("book: ten levels, time of C", race.longer(OURS_TEN, C_TEN), 1.6, "x")
    yield at_least("book: touch, over nautilus' bare apply", race.longer("nautilus bare", SHORT), 10, "x")
    yield at_least("book: ten levels, over nautilus'", race.longer("nautilus ten", SHORT_TEN), 100, "x")
    yield at_least("book: touch, over hftbacktest's bare", race.longer("hftbacktest bare", SHORT), 10, "x")
    yield at_least("book: touch, over the documented bare", race.longer("documented bare", OURS), 50, "x")


def at_least(name: str, measured: float | None, limit: float, unit: str) -> Bar:
    return (
        name,
        shown(measured, unit),
        f">= {limit:g} {unit}",
        None if measured is None else measured >= limit,
    )


def at_most(name: str, measured: float | None, limit: float, unit: str) -> Bar:
    return (
        name,
        shown(measured, unit),
        f"<= {limit:g} {unit}",
        None if measured is None else measured <= limit,
    )


def shown(measured: float | None, unit: str) -> str:
    if measured is None:
        return "not measured"
    return f"{measured:.0f} {unit}" if measured >= 100 else f"{measured:.2f} {unit}"
