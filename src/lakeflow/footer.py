"""What a Parquet footer says of a file: its columns against the contract, and the rules its statistics settle."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from lakeflow import avro
from lakeflow.complaint import Complaint
from lakeflow.contract import Column, Contract
from lakeflow.probe import Probe
from lakeflow.types import arrow_field


def shape_complaints(found: pa.Schema, contract: Contract) -> Iterator[Complaint]:
    """Columns that are missing, extra, in another order, of another type, or nullable where they may not be."""
    names, given = (
        list(contract.names),
        found.names,
    )  # a list that is made anew each time that it is asked for
    for name in names:
        if name not in given:
            yield Complaint(
                name, "missing", "the column", ", ".join(given) or "no columns", where=contract.name
            )
    for name in given:
        if name not in names:
            yield Complaint(name, "extra", f"only {', '.join(names)}", name, where=contract.name)
    shared = [name for name in names if name in given]
    order = [name for name in given if name in names]
    if shared != order:
        first = next(right for right, wrong in zip(shared, order, strict=False) if right != wrong)
        yield Complaint(first, "order", ", ".join(shared), ", ".join(order), where=contract.name)
    for name in shared:
        yield from _type_complaints(found.field(name), contract.column(name), contract.name)


def _type_complaints(found: pa.Field, column: Column, where: str) -> Iterator[Complaint]:
    expected = arrow_field(column)
    if found.type != expected.type:
        yield Complaint(column.name, "type", str(expected.type), str(found.type), where=where)
    elif found.nullable and not column.nullable:
        yield Complaint(column.name, "nullability", "a required column", "an optional one", where=where)


class Footer(NamedTuple):
    """What a footer holds, looked up once: which place each column has, its row groups, and whether it is one of a file as we write them."""

    places: Mapping[str, int]
    groups: Sequence[pq.RowGroupMetaData]
    is_ours: bool


def footer_of(metadata: pq.FileMetaData) -> Footer:
    return Footer(
        {metadata.schema.column(n).path: n for n in range(metadata.num_columns)},
        [metadata.row_group(n) for n in range(metadata.num_row_groups)],
        str(metadata.created_by).startswith("parquet-cpp-arrow"),
    )


def is_settled(footer: Footer, column: Column, probe: Probe) -> bool:
    """Whether the statistics prove that no row breaks the rule; only those of files as we write them are believed."""
    if not footer.is_ours or column.word == "array":
        return False
    place = footer.places[column.name]
    return all(_is_settled(group.column(place), column, probe) for group in footer.groups)


def _is_settled(group: pq.ColumnChunkMetaData, column: Column, probe: Probe) -> bool:
    known = group.statistics
    if known is None or not known.has_null_count:
        return False
    if probe.rule == "null" or known.null_count == group.num_values:
        return bool(known.null_count == 0 or probe.rule != "null")
    if probe.bound is None or not known.has_min_max:
        return False
    # Statistics know no NaN: it has a rule of its own, and min and max let it pass.
    low, high = _extremes(known, column)
    bound = Decimal(str(probe.bound)) if column.word == "decimal" else probe.bound
    return bool(low >= bound) if probe.rule == "min" else bool(high <= bound)


def _extremes(known: pq.Statistics, column: Column) -> tuple[Any, Any]:
    """The least and the greatest value; times as the integers they are, which a datetime would round."""
    return (known.min_raw, known.max_raw) if column.word in avro.TIMES else (known.min, known.max)
