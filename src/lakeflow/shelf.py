"""What the lake holds: one entry a partition, from the ledger where the file is the one it knows, else from the file.

The files are the truth. A file that the ledger does not know by size, time and inode is read again, so a lake
that was copied, restored or edited by hand is seen as it is.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from lakeflow.catalog import Dataset
from lakeflow.ledger import Ledger
from lakeflow.ledger_tables import Entry
from lakeflow.partition import FILE, Partition, decode

DAMAGED = "damaged"  # the recipe and the content of a file that is no whole partition of ours
Shelf = dict[tuple[str, str], Entry]  # (symbol, dt) -> entry


class Shelves:
    """The entries of each dataset, loaded once and kept current by what a run commits."""

    def __init__(self, root: Path, ledger: Ledger, first: str = "", last: str = "9999") -> None:
        self._root = root
        self._ledger = ledger
        self._bounds = (first, last)
        self._shelves: dict[str, Shelf] = {}

    def of(self, dataset: Dataset) -> Shelf:
        """Every partition of a dataset within the bounds."""
        if dataset.key not in self._shelves:
            self._shelves[dataset.key] = self._load(dataset)
        return self._shelves[dataset.key]

    def path(self, partition: Partition) -> Path:
        """Where a partition's file is."""
        return self._root / partition.path

    def put(self, entry: Entry) -> None:
        self._shelves.setdefault(entry.dataset, {})[entry.symbol, entry.dt] = entry

    def drop(self, partition: Partition) -> None:
        self._shelves.get(partition.dataset, {}).pop((partition.symbol, partition.dt), None)

    def refresh(self, dataset: Dataset, symbol: str, dt: str) -> None:
        """Look at one file again: another run may have committed it since."""
        shelf = self.of(dataset)
        partition = Partition(dataset.key, symbol, dt)
        known = shelf.get((symbol, dt))
        try:
            stat = (self._root / partition.path).stat()
        except FileNotFoundError:
            shelf.pop((symbol, dt), None)
            return
        if known is None or (known.size, known.mtime_ns, known.inode) != (
            stat.st_size,
            stat.st_mtime_ns,
            stat.st_ino,
        ):
            self._learn([partition], [], [], shelf)

    def _load(self, dataset: Dataset) -> Shelf:
        known = {(e.symbol, e.dt): e for e in self._ledger.entries(dataset=dataset.key)}
        shelf: Shelf = {}
        unknown, edited = [], []
        for symbol, dt, path in files(self._root, dataset, *self._bounds):
            try:
                stat = os.stat(path)
            except FileNotFoundError:
                continue
            entry = known.pop((symbol, dt), None)
            if entry and (entry.size, entry.mtime_ns, entry.inode) == (
                stat.st_size,
                stat.st_mtime_ns,
                stat.st_ino,
            ):
                shelf[symbol, dt] = entry
            elif entry and entry.inode == stat.st_ino:
                edited.append(Partition(dataset.key, symbol, dt))
            else:
                unknown.append(Partition(dataset.key, symbol, dt))
        gone = [Partition(dataset.key, s, d) for s, d in known if self._bounds[0] <= d <= self._bounds[1]]
        self._learn(unknown, edited, gone, shelf)
        return shelf

    def _learn(
        self, unknown: list[Partition], edited: list[Partition], gone: list[Partition], shelf: Shelf
    ) -> None:
        """A commit replaces a file by another; the same file with another time was written into, so all of it is read."""
        if unknown or edited:
            from lakeflow.manifest import read_entry

            entries = [read_entry(self._root, partition) for partition in unknown]
            entries += [read_entry(self._root, partition, whole=True) for partition in edited]
            shelf.update({(e.symbol, e.dt): e for e in entries})
            self._ledger.put_entries([e for e in entries if e.recipe != DAMAGED])
        if gone:
            self._ledger.drop_entries(gone)


def files(root: Path, dataset: Dataset, first: str, last: str) -> Iterator[tuple[str, str, str]]:
    """The symbol, date and file path of every partition folder of a dataset within the bounds."""
    base = root / dataset.layer / f"product_type={dataset.product_type}"
    for symbol_folder in folders(base, "symbol="):
        table = f"{base}/symbol={symbol_folder}/table={dataset.table}"
        symbol = decode(symbol_folder)
        for dt in folders(Path(table), "dt="):
            if first <= dt <= last:
                yield symbol, dt, f"{table}/dt={dt}/{FILE}"


def folders(path: Path, prefix: str) -> list[str]:
    """The values of the `key=value` folders in a folder, sorted; none when it is not there."""
    try:
        with os.scandir(path) as found:
            return sorted(item.name[len(prefix) :] for item in found if item.name.startswith(prefix))
    except FileNotFoundError:
        return []
