"""What differs between two contracts of one table, each difference judged by what it does to the older one's files."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lakeflow import avro
from lakeflow.contract import Column, Contract


class Change(NamedTuple):
    """One difference; `verdict` is breaking, additive, compatible, rules or doc."""

    column: str
    what: str
    verdict: str
    why: str

    def __str__(self) -> str:
        return f"{self.column or 'the table'}: {self.what}: {self.verdict}, {self.why}"


def changes(old: Contract, new: Contract) -> Iterator[Change]:
    """Every difference, breaking where code of the new contract could not read a file of the old one."""
    if old.name != new.name:
        yield Change("", f"{old.name} became {new.name}", "breaking", "it is another table")
    before = {column.name: column for column in old.columns}
    renamed: dict[str, str] = {}
    for column in new.columns:
        name = former(column, before)
        if name is None:
            yield _added(column)
        else:
            renamed[name] = column.name
            yield from _column_changes(before[name], column)
    for name in before:
        if name not in renamed:
            yield Change(name, "dropped", "compatible", "the reader ignores it")
    yield from _table_changes(old, new, renamed)


def _added(column: Column) -> Change:
    if column.has_default:
        return Change(column.name, "added", "additive", f"old rows read as {column.default!r}")
    return Change(column.name, "added", "breaking", "old files have no value for it: give it a default")


def former(column: Column, names: Mapping[str, Any]) -> str | None:
    """What a column is called in an older file: its name, or else an alias of it."""
    return next((name for name in (column.name, *column.aliases) if name in names), None)


def _column_changes(old: Column, new: Column) -> Iterator[Change]:
    name = new.name
    if old.name != name:
        yield Change(name, f"renamed from {old.name}", "compatible", "its alias finds it")
    yield from _type_change(old, new)
    if old.nullable and not new.nullable:
        yield Change(name, "nullable became required", "breaking", "old files may have nulls")
    if new.nullable and not old.nullable:
        yield Change(name, "required became nullable", "additive", "old files have no null")
    for what in ("unit", "scale"):
        if getattr(old, what) != getattr(new, what):
            changed = f"{what} {getattr(old, what)} became {getattr(new, what)}"
            yield Change(name, changed, "breaking", "the same number would mean another amount")
    yield from _bit_changes(old, new)
    if old.encoding != new.encoding:
        yield Change(name, "encoding", "compatible", "every reader knows every encoding")
    yield from _soft_changes(old, new)


def _type_change(old: Column, new: Column) -> Iterator[Change]:
    before, after = avro.canonical(old.type, old.arrow_type), avro.canonical(new.type, new.arrow_type)
    if before == after:
        return
    what = f"type {_words(before)} became {_words(after)}"
    if is_wider(before, after):
        yield Change(new.name, what, "additive", "every old value is one of the new type")
    else:
        yield Change(new.name, what, "breaking", "old values may not be of the new type")


def is_wider(before: list[Any], after: list[Any]) -> bool:
    """Whether every value of one canonical type is the same value of another."""
    if before == after or (before, after) == (["float"], ["double"]):
        return True
    if before[0] == after[0] == "array":
        return is_wider(before[1], after[1])
    if before[0] == after[0] == "enum":
        return set(before[1:]) <= set(after[1:])
    narrow, wide = avro.WHOLE.get(before[0]), avro.WHOLE.get(after[0])
    return narrow is not None and wide is not None and wide.low <= narrow.low and narrow.high <= wide.high


def _bit_changes(old: Column, new: Column) -> Iterator[Change]:
    if old.bits == new.bits:
        return
    meant = {bit: name for name, bit in old.bits.items()}
    moved = [
        name
        for name, bit in new.bits.items()
        if meant.get(bit, name) != name or old.bits.get(name, bit) != bit
    ]
    if moved:
        yield Change(
            new.name,
            f"bits {', '.join(sorted(moved))} moved",
            "breaking",
            "old rows would say something else",
        )
    else:
        yield Change(new.name, "bits", "additive", "no bit changed its meaning")


def _soft_changes(old: Column, new: Column) -> Iterator[Change]:
    for what, verdict, why in (
        ("min", "rules", "old files are validated again"),
        ("max", "rules", "old files are validated again"),
        ("multiple_of", "rules", "old files are validated again"),
        ("allow_nan", "rules", "old files are validated again"),
        ("kind", "doc", "no value changes"),
        ("doc", "doc", "no value changes"),
        ("default", "compatible", "old files read the new default"),
    ):
        if getattr(old, what) != getattr(new, what):
            yield Change(new.name, f"{what} {getattr(old, what)} became {getattr(new, what)}", verdict, why)


def _table_changes(old: Contract, new: Contract, renamed: Mapping[str, str]) -> Iterator[Change]:
    key, sort = ([renamed.get(name, name) for name in names] for names in (old.key, old.sort))
    if set(key) != set(new.key):
        became = f"key {', '.join(key)} became {', '.join(new.key)}"
        yield Change("", became, "breaking", "a row is another thing")
    yield from _sort_changes(sort, new.sort)
    yield from _enum_order(old, new, renamed)
    for what, verdict, why in (
        ("unique", "rules", "old files are validated again"),
        ("rules", "rules", "old files are validated again"),
        ("min_rows", "rules", "old files are validated again"),
        ("compat", "doc", "files stay as they are"),
        ("doc", "doc", "files stay as they are"),
    ):
        if getattr(old, what) != getattr(new, what):
            yield Change("", what, verdict, why)
    order = [renamed[name] for name in old.names if name in renamed]
    if order != [name for name in new.names if name in order]:
        yield Change("", "columns in another order", "compatible", "columns are read by name")


def _sort_changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Files that are sorted by more columns are sorted by the first of them too."""
    became = f"sort {', '.join(old)} became {', '.join(new)}"
    if tuple(old[: len(new)]) != tuple(new):
        yield Change("", became, "breaking", "old files are not so sorted")
    elif len(old) > len(new):
        yield Change("", became, "compatible", "old files are so sorted")


def _enum_order(old: Contract, new: Contract, renamed: Mapping[str, str]) -> Iterator[Change]:
    """An enum sorts as its symbols are listed, so old files stay sorted only if their symbols keep their order."""
    back = {after: before for before, after in renamed.items()}
    for name in new.sort:
        before, after = old.column(back[name]).symbols if name in back else (), new.column(name).symbols
        if [symbol for symbol in after if symbol in before] != list(before):
            yield Change(
                name, "symbols in another order", "breaking", "old files are sorted by the old order"
            )


def _words(canonical: list[Any]) -> str:
    name, *rest = canonical
    return (
        f"{name}({', '.join(_words(r) if isinstance(r, list) else str(r) for r in rest)})"
        if rest
        else str(name)
    )
