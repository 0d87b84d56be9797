"""What vendors delivered: the raw files of each (symbol, UTC date), and their content, hashed once."""

import hashlib
import os
from pathlib import Path

from lakeflow.catalog import Dataset
from lakeflow.ledger import Ledger
from lakeflow.partition import Partition, decode, encode
from lakeflow.shelf import folders


class Deliveries:
    """The raw side of the lake; nothing here is ever made or changed by a run."""

    def __init__(self, root: Path, ledger: Ledger, first: str = "", last: str = "9999") -> None:
        self._root = root
        self._ledger = ledger
        self._bounds = (first, last)
        self._found: dict[str, dict[tuple[str, str], Path]] = {}
        self._contents: dict[tuple[str, str, str], str] = {}
        self._hashes: dict[str, tuple[int, int, int, str]] | None = None
        self._hashed: dict[
            tuple[int, int, int], str
        ] = {}  # a file may lie in several deliveries: it is hashed once

    def of(self, dataset: Dataset) -> dict[tuple[str, str], Path]:
        """The folder of every delivered (symbol, date) within the bounds that holds a file."""
        if dataset.key not in self._found:
            base = folder(self._root, dataset)
            self._found[dataset.key] = {
                (decode(symbol), dt): path
                for symbol in folders(base, "symbol=")
                for dt in folders(base / f"symbol={symbol}", "dt=")
                if self._bounds[0] <= dt <= self._bounds[1]
                and delivered_names(str(path := base / f"symbol={symbol}" / f"dt={dt}"))
            }
        return self._found[dataset.key]

    def content(self, dataset: Dataset, symbol: str, dt: str) -> str:
        """The digest of a delivery: the names and bytes of its files."""
        key = (dataset.key, symbol, dt)
        if key not in self._contents:
            path = self.of(dataset)[symbol, dt]
            start = len(str(path)) + 1
            lines = [f"{file[start:]} {self.file_hash(file)}" for file in delivered_names(str(path))]
            self._contents[key] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        return self._contents[key]

    def file_hash(self, file: str) -> str:
        """A raw file's sha256, remembered by its size, time and inode."""
        stat = os.stat(file)
        name = file[len(str(self._root)) + 1 :]
        mark = (stat.st_size, stat.st_mtime_ns, stat.st_ino)
        if self._hashes is None:
            self._hashes = self._ledger.raw_hashes()
        known = self._hashes.get(name)
        if known is not None and known[:3] == mark:
            return known[3]
        if mark not in self._hashed:
            with open(file, "rb") as opened:  # noqa: PTH123  a name, as everywhere here
                self._hashed[mark] = hashlib.file_digest(opened, "sha256").hexdigest()
        found = self._hashed[mark]
        self._hashes[name] = (*mark, found)
        self._ledger.put_raw_hashes([(name, *mark, found)])
        return found

    def forget(self, dataset: Dataset, symbol: str, dt: str) -> None:
        """Look at a delivery's files again when next asked: they may have been replaced."""
        self._contents.pop((dataset.key, symbol, dt), None)


def folder(root: Path, dataset: Dataset) -> Path:
    """Where a raw dataset's deliveries lie."""
    return root / "raw" / f"source={dataset.table}" / f"product_type={dataset.product_type}"


def delivery_folder(root: Path, dataset: Dataset, partition: Partition) -> Path:
    return folder(root, dataset) / f"symbol={encode(partition.symbol)}" / f"dt={partition.dt}"


def delivered(path: Path) -> list[Path]:
    """The files of a delivery in the order that a stage reads them."""
    return [Path(name) for name in delivered_names(str(path))]


def delivered_names(path: str) -> list[str]:
    """The same as text; hidden files are someone's half-copied work."""
    found = []
    for base, names, files in os.walk(path):
        names[:] = [name for name in names if not name.startswith(".")]
        found += [f"{base}/{name}" for name in files if not name.startswith(".")]
    return sorted(found)
