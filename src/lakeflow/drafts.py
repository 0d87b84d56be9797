"""The drafts of one step: rows in, sorted out by table and symbol, filtered, counted, written, checked."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from lakeflow.behind import Behind
from lakeflow.catalog import REJECTS
from lakeflow.check import check_file
from lakeflow.complaint import Complaint
from lakeflow.contract import Contract
from lakeflow.draft import Draft
from lakeflow.errors import ContractBroken, StepFailed
from lakeflow.job import Counts, Job, Made, Staged
from lakeflow.keeping import Keeping
from lakeflow.manifest import KEY, Manifest
from lakeflow.partition import Partition

READ = "read"  # a stage over raw files yields, beside its tables, how many records it read
Address = tuple[str, str]  # name under makes, symbol


class Drafts:
    """Everything that a step has made so far; what it makes is filtered, typed and written behind it (lakeflow.behind)."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._keeping = Keeping(job)
        self._behind = Behind()
        self._drafts: dict[Address, Draft] = {}
        self._rows: dict[str, int] = dict.fromkeys(job.stage.makes, 0)
        self._rejected: dict[str, int] = {}
        self._warnings: dict[Path, tuple[str, ...]] = {}
        self.read: int | None = None

    def take(self, chunk: Mapping[str, Any]) -> None:
        """Rows for some of the step's tables, by the names under `makes`; what is wrong with them is raised by then or later."""
        size = sum(each.estimated_size() for each in chunk.values() if isinstance(each, pl.DataFrame))
        self._behind.put(partial(self._take, chunk), int(size))

    def _take(self, chunk: Mapping[str, Any]) -> None:
        for name, value in chunk.items():
            if name == READ:
                self.read = (self.read or 0) + int(value)
            elif name not in self._job.stage.makes:
                raise StepFailed(
                    f"{self._job.key}: expected tables {sorted(self._job.stage.makes)}, found {name!r}"
                )
            else:
                self._take_table(name, value)

    def finish(self, rows_in: int) -> Made:
        """Close and check every draft, the anchor last: it names its siblings by what they hold."""
        self._behind.settle()
        counts = self._account(rows_in)
        stage, asked = self._job.stage, self._job.key.symbol
        for name in stage.makes:
            if name not in stage.fans_out:
                self._draft(name, asked)  # a table without rows is still a table
        anchor = next((name, asked) for name, key in stage.makes.items() if key == stage.anchor)
        staged = [self._close(a, counts=None, siblings=None) for a in sorted(self._drafts) if a != anchor]
        siblings = sorted([s.partition.dataset, s.partition.symbol, s.manifest.content] for s in staged)
        staged.append(self._close(anchor, counts=counts, siblings=siblings))
        self._behind.settle()
        self._behind.close()
        warned = [replace(each, warnings=self._warnings[each.path]) for each in staged]
        return Made(tuple(warned), counts)

    def abandon(self) -> None:
        """Let go of every file; the run removes the folder."""
        self._behind.close()
        for draft in self._drafts.values():
            with suppress(OSError):  # the disk may be full: what went wrong first is what the user must see
                draft.abandon()

    def _take_table(self, name: str, frame: Any) -> None:
        if isinstance(frame, pl.LazyFrame):
            frame = frame.collect()
        if not isinstance(frame, pl.DataFrame):
            raise StepFailed(
                f"{self._job.key}: {name}: expected a polars frame, found {type(frame).__name__}"
            )
        if (name in self._job.stage.fans_out) != ("symbol" in frame.columns):
            expected = (
                "a symbol column (it fans out)" if name in self._job.stage.fans_out else "no symbol column"
            )
            raise StepFailed(f"{self._job.key}: {name}: expected {expected}, found {frame.columns}")
        kept, refused = self._keeping.split(name, frame)
        for rejects in refused:
            self._refuse(rejects)
        if name == REJECTS:
            self._count_rejects(kept)
        self._rows[name] += kept.height
        for symbol, part in by_symbol(kept, self._job.key.symbol):
            self._write(name, symbol, self._keeping.mark(name, part))

    def _refuse(self, rejects: pl.DataFrame) -> None:
        self._count_rejects(rejects)
        self._rows[REJECTS] += rejects.height
        self._write(REJECTS, self._job.key.symbol, rejects)

    def _count_rejects(self, rejects: pl.DataFrame) -> None:
        for reason, count in rejects.group_by("reason").len().iter_rows():
            self._rejected[reason] = self._rejected.get(reason, 0) + count

    def _write(self, name: str, symbol: str, frame: pl.DataFrame) -> None:
        draft = self._draft(name, symbol)
        try:
            draft.write(frame)
        except ContractBroken as broken:
            raise ContractBroken(self._placed(c, name, symbol, draft.rows) for c in broken.faults) from None

    def _placed(self, complaint: Any, name: str, symbol: str, rows_before: int) -> Any:
        if not isinstance(complaint, Complaint):
            return complaint
        first = None if complaint.first_row is None else complaint.first_row + rows_before
        where = str(Partition(self._job.stage.makes[name], symbol, self._job.key.dt))
        return replace(complaint, first_row=first, where=where)

    def _draft(self, name: str, symbol: str) -> Draft:
        if (name, symbol) not in self._drafts:
            path = self._job.folder / f"{len(self._drafts):05d}.inprogress"
            self._drafts[name, symbol] = Draft(path, self._contract(name))
        return self._drafts[name, symbol]

    def _contract(self, name: str) -> Contract:
        return self._job.contracts[self._job.stage.makes[name]]

    def _account(self, rows_in: int) -> Counts:
        job, read = self._job, rows_in if self.read is None else self.read
        accounted = {name: n for name, n in self._rows.items() if name not in job.stage.apart}
        if job.stage.accounts == "rows" and read != sum(accounted.values()):
            kept = sum(n for name, n in accounted.items() if name != REJECTS)
            raise StepFailed(
                f"{job.key}: expected rows in = kept + rejected, found {read} in, {kept} kept and "
                f"{self._rows.get(REJECTS, 0)} rejected: {job.stage.run} lost or invented rows"
            )
        return Counts(
            read,
            dict(self._rows),
            dict(sorted(self._rejected.items())),
            dict(sorted(self._keeping.flagged.items())),
        )

    def _close(self, address: Address, counts: Counts | None, siblings: list[list[str]] | None) -> Staged:
        name, symbol = address
        draft, job, contract = self._drafts[address], self._job, self._contract(name)
        manifest = Manifest(
            dataset=job.stage.makes[name],
            symbol=symbol,
            dt=job.key.dt,
            stage=job.stage.key,
            asked=job.key.symbol,
            recipe=job.recipe,
            contract=contract.name,
            version=contract.version,
            schema_digest=contract.schema_digest,
            rules_digest=contract.rules_digest,
            code=dict(job.sources),
            params=dict(job.stage.params),
            keep={k: list(v) for k, v in job.stage.keep.items()},
            flag={k: list(v) for k, v in job.stage.flag.items()},
            inputs=[list(each) for each in job.inputs],
            counts=asdict(counts) if counts else {},
            content=draft.content(),
            rows=draft.rows,
            siblings=siblings,
        )
        draft.close({KEY: manifest.to_json()})
        self._behind.put(partial(self._check, draft, address))  # while the next one is closed
        return Staged(Partition(manifest.dataset, symbol, job.key.dt), draft.path, manifest)

    def _check(self, draft: Draft, address: Address) -> None:
        """The verdict on the staged file itself, as it will be read."""
        verdict = check_file(draft.path, draft.contract, draft.without_nan)
        if verdict.errors:
            raise ContractBroken(self._placed(c, *address, 0) for c in verdict.errors)
        self._warnings[draft.path] = tuple(str(self._placed(c, *address, 0)) for c in verdict.warnings)


def by_symbol(frame: pl.DataFrame, asked: str) -> list[tuple[str, pl.DataFrame]]:
    """A frame's rows by its symbol column, which the path holds and the file does not."""
    if "symbol" not in frame.columns:
        return [(asked, frame)]
    symbol = frame.get_column("symbol")
    if isinstance(symbol.dtype, pl.Enum) and len(symbol.dtype.categories) == 1:
        columns = [column for column in frame.get_columns() if column.name != "symbol"]
        return [(symbol.dtype.categories[0], pl.DataFrame(columns))]  # one instrument, even one without a row
    parts = frame.partition_by("symbol", as_dict=True, maintain_order=True, include_key=False)
    return [(str(key[0]), part) for key, part in parts.items()]
