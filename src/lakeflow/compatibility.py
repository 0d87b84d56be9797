"""Whether code of one contract reads files of another, the reader that makes it so, and the version a change asks for."""

from collections.abc import Mapping

import polars as pl

from lakeflow.changes import Change, changes, former
from lakeflow.complaint import Complaint
from lakeflow.contract import Column, Contract
from lakeflow.errors import ContractBroken
from lakeflow.types import polars_type

BUMPS = ("none", "patch", "minor", "major")
ASKS = {"breaking": "major", "additive": "minor", "compatible": "minor", "rules": "patch", "doc": "patch"}


def can_read(old: Contract, new: Contract) -> list[str]:
    """Why code of the new contract cannot read partitions of the old one; nothing means that `read_as` does."""
    return [str(change) for change in changes(old, new) if change.verdict == "breaking"]


def compare(old: Contract, new: Contract) -> list[Change]:
    """Every change, judged by what the new contract promises: BACKWARD, FORWARD, FULL or NONE."""
    found = list(changes(old, new))
    if new.compat not in ("BACKWARD", "FULL"):
        found = [c._replace(verdict="compatible") if c.verdict == "breaking" else c for c in found]
    if new.compat in ("FORWARD", "FULL"):
        back = (c for c in changes(new, old) if c.verdict == "breaking")
        found += [c._replace(why=f"code of the old contract cannot read new files: {c.why}") for c in back]
    return found


def required_bump(found: list[Change]) -> str:
    """The least step of the version that the changes ask for: none, patch, minor or major."""
    return max((ASKS[change.verdict] for change in found), key=BUMPS.index, default="none")


def version_faults(old: Contract, new: Contract) -> list[str]:
    """A version that moved less than the changes ask for, or backwards."""
    needed, before, after = required_bump(compare(old, new)), _numbers(old), _numbers(new)
    steps = {"none": before, "patch": (*before[:2], before[2] + 1)}
    least = steps | {"minor": (before[0], before[1] + 1, 0), "major": (before[0] + 1, 0, 0)}
    if after >= least[needed]:
        return []
    expected = ".".join(map(str, least[needed]))
    return [
        f"contract {new.name}: version: expected at least {expected} for a {needed} change, found {new.version}"
    ]


def _numbers(contract: Contract) -> tuple[int, ...]:
    return tuple(int(part) for part in contract.version.split("."))


def read_as(scan: pl.LazyFrame, contract: Contract, file_schema: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    """Rows of a file of an older contract as today's columns; where `can_read` has no objection, no value is lost.

    A file that cannot be read so raises ContractBroken, as far as its schema shows it.
    """
    complaints = []
    columns = {}
    for column in contract.columns:
        name = former(column, file_schema)
        if name is None and not column.has_default:
            found = ", ".join(file_schema) or "no columns"
            complaints.append(Complaint(column.name, "missing", "the column", found, where=contract.name))
        elif name is not None and not _is_readable(file_schema[name], polars_type(column)):
            expected, found = str(polars_type(column)), str(file_schema[name])
            complaints.append(Complaint(column.name, "type", expected, found, where=contract.name))
        columns[column.name] = _default(column) if name is None else _cast(name, column, file_schema[name])
    if complaints:
        raise ContractBroken(complaints)
    # with_columns before select: a table of nothing but defaults has as many rows as the file.
    return scan.with_columns(**columns).select(contract.names)


def _is_readable(found: pl.DataType, wanted: pl.DataType) -> bool:
    if isinstance(found, pl.List) and isinstance(wanted, pl.List):
        held, asked = found.inner, wanted.inner
        return isinstance(held, pl.DataType) and isinstance(asked, pl.DataType) and _is_readable(held, asked)
    if isinstance(wanted, pl.Enum):
        known = set(found.categories) if isinstance(found, pl.Enum) else set()
        return isinstance(found, pl.Enum | pl.Categorical) and known <= set(wanted.categories)
    if found.is_integer() and wanted.is_integer():
        return _range(wanted)[0] <= _range(found)[0] and _range(found)[1] <= _range(wanted)[1]
    return found == wanted or (found, wanted) == (pl.Float32(), pl.Float64())


def _range(kind: pl.DataType) -> tuple[int, int]:
    bits = int(str(kind).lstrip("UInt"))
    return (0, 2**bits - 1) if kind.is_unsigned_integer() else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _cast(name: str, column: Column, found: pl.DataType) -> pl.Expr:
    """By way of text where symbols change: Polars maps an Enum to another by its place in the list."""
    wanted, values = polars_type(column), pl.col(name)
    if found == wanted:
        return values
    return values.cast(pl.String).cast(wanted) if column.symbols else values.cast(wanted)


def _default(column: Column) -> pl.Expr:
    """The default of every row; a date or a time is given as the integer that Avro stores."""
    wanted = polars_type(column)
    if column.default is None or not isinstance(wanted, pl.Date | pl.Datetime):
        return pl.lit(column.default, wanted)
    return pl.lit(column.default, pl.Int32 if isinstance(wanted, pl.Date) else pl.Int64).cast(wanted)
