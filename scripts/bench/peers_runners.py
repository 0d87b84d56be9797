"""The runs of each peer in the book's race, everything that can be prepared done before; where a peer ends is where we end."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from book_day import Records
from book_race import Run, last_touch, pace
from peers_orders import followable
from peers_trial import unfit

PART = 500_000  # records that are made into objects for the peers


def entrants(part: Records, folder: Path, alone: str | None) -> tuple[dict[str, Run], dict[str, str]]:
    """The peers that come to their end on these records; why not, for those that do not."""
    missing = dict.fromkeys(PREPARED, alone) if alone else unfit(tuple(PREPARED), part, folder)
    runners: dict[str, Run] = {}
    for peer, prepared in PREPARED.items():
        runners |= {} if peer in missing else prepared(part)
    return runners, missing


def of_nautilus(part: Records) -> dict[str, Run]:
    """Its bare apply is one call of Rust; its ten levels are read out after some thousand of the records alone."""
    from peers_nautilus import READ_OUTS, Nautilus  # what is not installed is missed here

    simple = followable(part)
    share = len(part) / len(simple)  # it is spared trades and fills, and every record counts as done
    peer = Nautilus(simple)
    _end_alike("nautilus_trader", peer.best(), part)

    def ten() -> float:
        book = peer.filled()
        taken: float = pace(lambda: peer.ten_levels(book), READ_OUTS)
        return taken / share

    return {
        "nautilus bare": lambda: pace(peer.apply, len(part)),
        "nautilus touch": lambda: pace(peer.touch, len(part)),
        "nautilus ten": ten,
    }


def of_hftbacktest(part: Records) -> dict[str, Run]:
    """Every run begins with a market of its own: one that has come to its end cannot go back."""
    from peers_hftbacktest import Hftbacktest, apply, ten_levels, touch

    peer = Hftbacktest(followable(part))
    _end_alike("hftbacktest", peer.best(), part)

    def of(run: Callable[[Any], object]) -> float:
        market = peer.fresh()
        taken: float = pace(lambda: run(market), len(part))
        return taken

    return {
        "hftbacktest bare": lambda: of(apply),
        "hftbacktest touch": lambda: of(touch),
        "hftbacktest ten": lambda: of(ten_levels),
    }


def _end_alike(name: str, best: tuple[Decimal, Decimal], part: Records) -> None:
    wanted = tuple(Decimal(price) / 10**9 for price in last_touch(part))
    assert best == wanted, f"{name} ends at {best[0]} and {best[1]}, we end at {wanted[0]} and {wanted[1]}"


PREPARED: dict[str, Callable[[Records], dict[str, Run]]] = {
    "nautilus": of_nautilus,
    "hftbacktest": of_hftbacktest,
}
