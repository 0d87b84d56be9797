"""A peer's trial, in a process of its own and within a time: one that hangs, crashes or ends elsewhere stays out of the race."""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from book_day import Records
from peers import fault

LIMIT = 240  # seconds; the slower of the peers takes 15 of a free core


def unfit(peers: Sequence[str], part: Records, folder: Path) -> dict[str, str]:
    """Why a peer cannot be measured on these records, for those that cannot."""
    file = folder / "part.npy"
    np.save(file, part)
    whys = {peer: fault([sys.executable, __file__, peer, str(file)], LIMIT) for peer in peers}
    return {peer: why for peer, why in whys.items() if why}


def main() -> None:
    from peers_runners import PREPARED

    peer, file = sys.argv[1:]
    for run in PREPARED[peer](np.load(file)).values():
        run()


if __name__ == "__main__":
    main()
