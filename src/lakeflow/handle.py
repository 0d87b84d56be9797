"""A table in the hands of Python: a lazy scan, a frame, SQL over it, and what made it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from lakeflow.contract import Contract
from lakeflow.dates import EVERY_DATE, parse_dates
from lakeflow.errors import MissingInput, UsageError
from lakeflow.manifest import Manifest, read_manifest
from lakeflow.partition import Partition
from lakeflow.scan import addressed, scan_file
from lakeflow.steady import steadily
from lakeflow.tables import partitions_of
from lakeflow.types import polars_schema

if TYPE_CHECKING:
    from lakeflow.project import Project

Day = str | date | None


class Table:
    """One dataset of a project; asking for less opens fewer files."""

    def __init__(self, project: Project, key: str) -> None:
        self._project = project
        self.key = key

    @cached_property
    def contract(self) -> Contract:
        return self._project.contract(self.key)

    def partitions(self, symbol: str | Sequence[str] | None = None, dt: Day = None) -> list[Partition]:
        """What the lake holds of the table, by symbols (globs too) and dates (`A..B`, both ends inclusive)."""
        symbols = named(symbol)
        dates = EVERY_DATE if dt is None else parse_dates(str(dt), datetime.now(UTC).date())
        return partitions_of(self._project, self.key, symbols, dates)

    def files(self, symbol: str | Sequence[str] | None = None, dt: Day = None) -> list[Path]:
        return [self._project.lake / partition.path for partition in self.partitions(symbol, dt)]

    def scan(self, symbol: str | Sequence[str] | None = None, dt: Day = None) -> pl.LazyFrame:
        """The rows as stored, `symbol` and `dt` first, oldest day first; nothing is read until collected."""
        partitions = self.partitions(symbol, dt)
        order = ["symbol", "dt", *self.contract.names]
        if not partitions:
            return pl.LazyFrame(
                schema=pl.Schema({"symbol": pl.String(), "dt": pl.Date(), **polars_schema(self.contract)})
            )
        scans = [
            addressed(scan_file(self._project.lake / p.path, self.contract), p.symbol, p.dt)
            for p in partitions
        ]
        return pl.concat(scans).select(order)

    @property
    def frame(self) -> pl.DataFrame:
        """The whole table in memory, each partition of one generation even while a run commits."""
        return steadily(self.files, lambda: self.scan().collect())

    def sql(self, query: str, symbol: str | Sequence[str] | None = None, dt: Day = None) -> pl.DataFrame:
        """DuckDB's answer to SQL in human units over this table's chosen partitions and all else in the project."""
        return self._project.sql(query, {self.key: self.partitions(symbol, dt)})

    def manifest(self, symbol: str, dt: Day) -> Manifest:
        """What one partition was made by and from."""
        partition = Partition(self.key, symbol, str(dt))
        if not (self._project.lake / partition.path).exists():
            raise MissingInput(
                f"{partition} is not made; make it with: lakeflow run {self.key} --symbol {symbol} --dt {dt}"
            )
        return read_manifest(self._project.lake, partition)


def named(symbol: str | Sequence[str] | None) -> tuple[str, ...]:
    """The symbols or globs that a caller asked for; none of them when all are meant."""
    said = () if symbol is None else tuple(symbol) if isinstance(symbol, list | tuple | set) else (symbol,)
    for each in said:
        if not isinstance(each, str) or not each:
            raise UsageError(f"symbol: expected a symbol or a glob as text, found {each!r}")
    return tuple(map(str, said))
