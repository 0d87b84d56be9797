"""The rules of a contract over the rows of a table: SQL booleans, false for at most the rows that each allows."""

from collections.abc import Callable, Iterator, Sequence

import polars as pl
import polars.selectors as cs
import pyarrow as pa

from lakeflow.complaint import Complaint
from lakeflow.contract import Contract, Rule
from lakeflow.errors import ConfigError
from lakeflow.expression import columns_of
from lakeflow.order import Tally
from lakeflow.types import polars_schema

SMALL = (
    1 << 53
)  # a float holds less exactly, and 64 bits hold sums of a thousand such: a fifth of the time that 128 take
Batches = Callable[[Sequence[str]], Iterator[pa.RecordBatch]]


def rule_complaints(
    height: int, batches: Batches, contract: Contract, misshapen: set[str]
) -> tuple[tuple[Complaint, ...], tuple[Complaint, ...]]:
    """Complaints of severity error, and of severity warn; rules on columns that are not there are left out."""
    if faults := rule_faults(contract):
        raise ConfigError(faults)
    found: dict[str, list[Complaint]] = {"error": [], "warn": []}
    schema = polars_schema(contract)
    for rule in contract.rules:
        read = columns_of(rule.expr)
        names = [name for name in contract.names if name in read]
        if misshapen.isdisjoint(names):
            tally = _tally(rule, batches(names), schema)
            if tally.count > rule.max_bad * height:
                found[rule.severity].append(_complaint(rule, names, tally, contract.name))
    return tuple(found["error"]), tuple(found["warn"])


def rule_faults(contract: Contract) -> list[str]:
    """Rules that read well but mean nothing for the contract's types, such as a text against a number."""
    schema = polars_schema(contract)
    return [
        f"contract {contract.name}: rule {rule.name}: {said}"
        for rule in contract.rules
        if (said := _fault(rule, schema))
    ]


def _fault(rule: Rule, schema: pl.Schema) -> str | None:
    read = columns_of(rule.expr)
    rowless = pl.Schema({name: kind for name, kind in schema.items() if name in read}).to_frame()
    try:
        kind = _exact(rowless, rule.expr).select(pl.sql_expr(rule.expr)).to_series().dtype
    except pl.exceptions.PolarsError as error:
        return f"expected types that go together in {rule.expr!r}, found {str(error).splitlines()[0]}"
    return None if kind == pl.Boolean else f"expected a boolean, found {rule.expr!r} of type {kind}"


def _tally(rule: Rule, batches: Iterator[pa.RecordBatch], schema: pl.Schema) -> Tally:
    """A rule that is null of a row says nothing of it, as in a SQL CHECK."""
    tally, offset = Tally(), 0
    broken = ~pl.sql_expr(rule.expr).fill_null(value=True)
    for batch in batches:
        frame = pl.DataFrame(pl.from_arrow(batch))
        frame = frame.cast({name: schema[name] for name in frame.columns})
        bad = _exact(frame, rule.expr).select(broken=broken).to_series()
        place = tally.add(bad.to_arrow(), offset)
        if place is not None:
            tally.found = str(frame.row(place, named=True))
        offset += batch.num_rows
    return tally


def _exact(frame: pl.DataFrame, rule: str) -> pl.DataFrame:
    """Whole numbers wide enough to compare and add: uint64 against int64 would meet as floats, uint32 would wrap."""
    whole = frame.select(cs.integer())
    ends = (*whole.min().row(0), *whole.max().row(0)) if whole.width else ()
    is_small = "*" not in rule and all(end is None or abs(end) < SMALL for end in ends)
    return frame.with_columns(cs.integer().cast(pl.Int64 if is_small else pl.Int128))


def _complaint(rule: Rule, names: Sequence[str], tally: Tally, where: str) -> Complaint:
    allowed = f" but for {rule.max_bad:.2%} of rows" if rule.max_bad else ""
    expected = f"{rule.expr}{allowed}"
    return Complaint(", ".join(names), rule.name, expected, tally.found, tally.count, tally.first_row, where)
