"""What filters do to rows on their way to a table: `keep` refuses and counts, `flag` sets bits and counts."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from lakeflow.catalog import REJECTS
from lakeflow.contract import Contract
from lakeflow.errors import ConfigError
from lakeflow.functions import load_function
from lakeflow.job import Job

FLAGS = "flags"


def expression(dotted: str, root: Path) -> pl.Expr:
    """The boolean expression that a filter's function gives."""
    made = load_function(dotted, root)()
    if not isinstance(made, pl.Expr):
        raise ConfigError([f"{dotted}: expected a pl.Expr, found {type(made).__name__}"])
    return made


class Keeping:
    """The filters of one step, sorted out by the table they apply to."""

    def __init__(self, job: Job) -> None:
        self._job = job
        stage = job.stage
        named = {n for names in [*stage.keep.values(), *stage.flag.values()] for n in names}
        self._expressions = {dotted: expression(dotted, job.project) for dotted in sorted(named)}
        contracts = {name: job.contracts[key] for name, key in stage.makes.items()}
        self._keep = {name: self._filters(stage.keep, name, contract) for name, contract in contracts.items()}
        self._flag = {
            name: self._together(self._filters(stage.flag, name, contract))
            for name, contract in contracts.items()
        }
        self._bits = {name: bits(contract) for name, contract in contracts.items()}
        self.flagged: dict[str, int] = {}

    def split(self, name: str, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
        """The rows that every keep filter wants, and the others as rejects, each with the first filter it failed."""
        refused: list[pl.DataFrame] = []
        if not frame.height or not self._keep[name] or self._is_wanted(name, frame):
            return frame, refused
        for dotted in self._keep[name]:
            mask = frame.select(self._wanted(dotted)).to_series()
            if not mask.all():
                refused.append(self._rejects(name, dotted, frame.filter(~mask)))
                frame = frame.filter(mask)
        return frame, refused

    def _is_wanted(self, name: str, frame: pl.DataFrame) -> bool:
        """Whether every filter wants every row, asked of all filters at once: nearly always so, and then nothing moves."""
        return all(frame.select(self._wanted(dotted).all() for dotted in self._keep[name]).row(0))

    def _wanted(self, dotted: str) -> pl.Expr:
        return self._expressions[dotted].fill_null(value=False).alias(dotted)

    def mark(self, name: str, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with the bits of its flag filters set in `flags`; no row goes."""
        for together in self._flag[name]:
            wanted = {dotted: self._wanted(dotted) for dotted in together}
            found = frame.select(each.sum() for each in wanted.values()).row(0)
            word = pl.col(FLAGS).cast(pl.UInt32)
            for (dotted, hit), count in zip(wanted.items(), found, strict=True):
                flag = dotted.rpartition(".")[2]
                self.flagged[flag] = self.flagged.get(flag, 0) + int(count)
                if count:
                    word |= pl.when(hit).then(1 << self._bits[name][flag]).otherwise(0).cast(pl.UInt32)
            frame = frame.with_columns(word.alias(FLAGS))
        return frame

    def _together(self, filters: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """Filters in groups that one pass answers: one that reads `flags` sees the bits of those before it."""
        groups: list[tuple[str, ...]] = []
        for dotted in filters:
            reads_flags = FLAGS in self._expressions[dotted].meta.root_names()
            if groups and not reads_flags:
                groups[-1] += (dotted,)
            else:
                groups.append((dotted,))
        return tuple(groups)

    def _filters(
        self, given: Mapping[str, tuple[str, ...]], name: str, contract: Contract
    ) -> tuple[str, ...]:
        """Those said for this table, and those said for every table that has their columns."""
        if name == REJECTS:
            return ()
        everywhere = [
            dotted
            for dotted in given.get("*", ())
            if set(self._expressions[dotted].meta.root_names()) <= set(contract.names)
        ]
        return tuple(dict.fromkeys((*everywhere, *given.get(name, ()))))

    def _rejects(self, name: str, dotted: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Refused rows in the form of the `rejects` table: why, by whom, and the row itself as JSON."""
        binary = [c for c, kind in rows.schema.items() if kind == pl.Binary]
        readable = rows.with_columns(pl.col(c).bin.encode("hex") for c in binary)
        return readable.select(
            meant_for=pl.lit(name),
            reason=pl.lit(dotted.rpartition(".")[2]),
            origin=pl.lit(dotted),
            symbol_found=pl.col("symbol").cast(pl.String)
            if "symbol" in rows.columns
            else pl.lit(self._job.key.symbol),
            file=pl.lit(None, pl.String),
            byte_offset=pl.lit(None, pl.Int64),
            row=pl.col("row").cast(pl.Int64) if "row" in rows.columns else pl.lit(None, pl.Int64),
            record=pl.struct(pl.all()).struct.json_encode().cast(pl.Binary),
        )


def bits(contract: Contract) -> Mapping[str, int]:
    """The bit of each flag, as the contract's `flags` column names them."""
    return contract.column(FLAGS).bits if FLAGS in contract.names else {}
