"""The inputs of a step as its function wants them: whole, lazy, streamed, or as files; and whether they held still."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from lakeflow.catalog import Read
from lakeflow.contract import Contract
from lakeflow.errors import LakeflowError
from lakeflow.functions import parameter_kinds
from lakeflow.job import Job
from lakeflow.recipe import Input
from lakeflow.scan import addressed, scan_file, scan_files, stream_file
from lakeflow.steady import mark


class InputChanged(LakeflowError):
    """An input was replaced while it was read; the step is tried again from the new one."""

    transient = True
    code = 75


class Reading:
    """One step's inputs, and the rows read so far."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._marks = {file: mark(file) for files in job.files.values() for file in files}
        self.rows = 0

    def arguments(self, function: Callable[..., Any]) -> dict[str, Any]:
        """Every argument the function takes: its reads, its params, and what the engine fills in."""
        job = self._job
        kinds = parameter_kinds(function)
        given: dict[str, Any] = dict(job.stage.params)
        specials = {"symbol": job.key.symbol, "dt": date.fromisoformat(job.key.dt), "session": job.session}
        given |= {name: value for name, value in specials.items() if name in kinds}
        for read in job.stage.reads:
            inputs = [each for each in job.inputs if each.name == read.name]
            given[read.name] = self._open(read, inputs, kinds[read.name])
        return given

    def held_still(self) -> None:
        """Raise if an input is no longer the file it was when the step began."""
        for file, known in self._marks.items():
            if mark(file) != known:
                raise InputChanged(f"{self._job.key}: {file.name} of an input was replaced while it was read")

    def _open(self, read: Read, inputs: Sequence[Input], kind: str) -> Any:
        job = self._job
        raw = [file for each in inputs for file in job.files[each]]
        if read.dataset.startswith("raw."):
            if kind != "files":
                raise wrong_kind(job, read, "Sequence[Path] (a delivery is files)")
            return raw
        if read.previous and not inputs:
            return None
        if kind == "stream":
            return self._stream(read, inputs)
        if kind not in ("frame", "lazy"):
            raise wrong_kind(job, read, "pl.DataFrame, pl.LazyFrame or Iterator[pl.DataFrame]")
        contract = job.contracts[read.dataset]
        scans = [addressed(scan_file(job.files[i][0], contract), *address(read, i)) for i in inputs]
        scan = (scans[0] if len(scans) == 1 else pl.concat(scans)) if scans else nothing(read, contract)
        self._count(read, raw)
        return scan.collect() if kind == "frame" else scan

    def _stream(self, read: Read, inputs: Sequence[Input]) -> Iterator[pl.DataFrame]:
        for each in inputs:
            for frame in stream_file(self._job.files[each][0], self._job.contracts[read.dataset]):
                if self._job.stage.driver and read.name == self._job.stage.driver.name:
                    self.rows += frame.height
                symbol, dt = address(read, each)
                yield frame if symbol is dt is None else addressed(frame.lazy(), symbol, dt).collect()

    def _count(self, read: Read, files: Sequence[Path]) -> None:
        driver = self._job.stage.driver
        if driver and read.name == driver.name:
            self.rows += sum(pq.read_metadata(file).num_rows for file in files)


def address(read: Read, given: Input) -> tuple[str | None, str | None]:
    """What a read that spans symbols or sessions adds to its rows, so that the stage can tell them apart."""
    return given.symbol if read.is_of_many else None, given.dt if read.days else None


def nothing(read: Read, contract: Contract) -> pl.LazyFrame:
    """A window without a partition, with the columns that its rows would have."""
    nowhere = Input(read.name, read.dataset, "", "1970-01-01", "")
    return addressed(scan_files([], contract), *address(read, nowhere))


def wrong_kind(job: Job, read: Read, expected: str) -> LakeflowError:
    return LakeflowError(
        f"{job.stage.key}: {job.stage.run}: expected the parameter {read.name} to be annotated {expected}, "
        "found another type"
    )
