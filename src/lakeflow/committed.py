"""The tables of a committed step, as it made them and as it read them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from lakeflow.calendar import Session
from lakeflow.catalog import Read, Stage
from lakeflow.errors import LakeflowError
from lakeflow.manifest import Manifest
from lakeflow.partition import Partition
from lakeflow.project import Project
from lakeflow.reading import address, nothing
from lakeflow.recipe import Input
from lakeflow.scan import addressed, scan_file
from lakeflow.shelf import Shelves


class Lacking(LakeflowError):
    """A table is not in the lake as it was when the step was made."""


@dataclass(frozen=True)
class Committed:
    """A step of the past; the manifest of its anchor says what it was made with and from."""

    project: Project
    shelves: Shelves
    stage: Stage
    symbol: str
    dt: str
    manifest: Manifest

    def argument(self, name: str) -> Any:
        """What a name stands for: a table by its name under makes or reads, or something told of the step."""
        specials: dict[str, Callable[[], Any]] = {
            "symbol": lambda: self.symbol,
            "dt": lambda: date.fromisoformat(self.dt),
            "params": lambda: self.manifest.params,
            "sessions": self.sessions,
            "tables": lambda: {each: self.made(each) for each in self.stage.makes},
        }
        if name in specials:
            return specials[name]()
        return self.made(name) if name in self.stage.makes else self.read(name)

    def sessions(self) -> tuple[Session, ...]:
        """The sessions of which some part lies on the step's date."""
        calendar = self.project.days.calendar(self.stage.product_type)
        return calendar.sessions_touching(date.fromisoformat(self.dt))

    def made(self, name: str) -> pl.LazyFrame:
        """A table that the step made; one that fans out has the rows of all its symbols, and says whose each is."""
        contract = self.project.contract(self.stage.makes[name])
        files = {partition.symbol: self.file(partition) for partition in self.partitions(name)}
        if name not in self.stage.fans_out:
            return scan_file(files[self.symbol], contract)
        scans = [addressed(scan_file(file, contract), symbol, None) for symbol, file in files.items()]
        return pl.concat(scans) if scans else nothing(Read(name, self.stage.makes[name], "*"), contract)

    def partitions(self, name: str) -> list[Partition]:
        """Where a table that the step made lies."""
        key = self.stage.makes[name]
        if name not in self.stage.fans_out:
            return [Partition(key, self.symbol, self.dt)]
        family = self.manifest.siblings or ()
        return [Partition(key, symbol, self.dt) for dataset, symbol, _ in family if dataset == key]

    def read(self, name: str) -> pl.LazyFrame:
        """A table that the step read, of the very partitions that it was made from."""
        given = next(each for each in self.stage.reads if each.name == name)
        contract = self.project.contract(given.dataset)
        inputs = [Input(*each) for each in self.manifest.inputs if each[0] == name]
        scans = [
            addressed(scan_file(self.file(partition_of(each), each.content), contract), *address(given, each))
            for each in inputs
        ]
        return pl.concat(scans) if scans else nothing(given, contract)

    def file(self, partition: Partition, content: str | None = None) -> Path:
        """A partition's file; with a content, only while it holds that."""
        entry = self.shelves.of(self.project.catalog.datasets[partition.dataset]).get(partition[1:])
        if entry is None:
            raise Lacking(f"no {partition}")
        if content is not None and entry.content != content:
            raise Lacking(f"{partition}, made anew since; make this again")
        return self.shelves.path(partition)


def partition_of(given: Input) -> Partition:
    return Partition(given.dataset, given.symbol, given.dt)
