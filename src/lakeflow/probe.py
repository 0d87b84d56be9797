"""What each value of a column must satisfy: a rule, its words, and the rows of a batch that break it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from lakeflow import avro
from lakeflow.contract import Column
from lakeflow.order import NO
from lakeflow.types import arrow_field


@dataclass(frozen=True)
class Probe:
    """`bad` marks the rows that break the rule; a null breaks nothing but the rule against nulls."""

    rule: str
    expected: str
    bad: Callable[[pa.Array], pa.Array]
    bound: int | float | None = None  # of the rules min and max, which a footer's statistics can settle


def probes(column: Column) -> Iterator[Probe]:
    """Every rule of one column that needs its values; a rule on an array is about its items."""
    if not column.nullable:
        yield Probe("null", "a value in every row", pc.is_null)
    if column.symbols:
        yield Probe("enum", f"one of {', '.join(column.symbols)}", unknown_symbols(column.symbols))
    held = arrow_field(column).type
    within = _in_items if column.word == "array" else _as_is
    for probe in _item_probes(column, held.value_type if column.word == "array" else held):
        yield Probe(probe.rule, probe.expected, within(probe.bad), probe.bound)


def unknown_symbols(symbols: tuple[str, ...]) -> Callable[[pa.Array], pa.Array]:
    known = frozenset(symbols)

    def bad(values: pa.Array) -> pa.Array:
        strange = [code for code, symbol in enumerate(values.dictionary.to_pylist()) if symbol not in known]
        if not strange:  # the dictionary of a batch settles it: no row is looked at
            return pa.repeat(NO, len(values))
        return pc.is_in(values.indices, pa.array(strange, values.indices.type), skip_nulls=True)

    return bad


def _as_is(bad: Callable[[pa.Array], pa.Array]) -> Callable[[pa.Array], pa.Array]:
    return bad


def _in_items(bad: Callable[[pa.Array], pa.Array]) -> Callable[[pa.Array], pa.Array]:
    def rows(values: pa.Array) -> pa.Array:
        parents = pc.list_parent_indices(values).filter(bad(pc.list_flatten(values)))
        return pc.is_in(pa.array(np.arange(len(values))), parents)

    return rows


def _item_probes(column: Column, held: pa.DataType) -> Iterator[Probe]:
    if pa.types.is_floating(held) and not column.allow_nan:
        yield Probe("NaN", "no NaN", pc.is_nan)
    ends = avro.INSTANTS if pa.types.is_timestamp(held) else (None, None)
    for rule, words, bound, end, test in (
        ("min", "at least", column.min, ends[0], pc.less),
        ("max", "at most", column.max, ends[1], pc.greater),
    ):
        limit = end if bound is None else bound
        if limit is not None:
            yield Probe(rule, f"{words} {limit}", _beyond(test, _scalar(limit, held)), limit)
    if column.multiple_of is not None:
        yield Probe("multipleOf", f"a multiple of {column.multiple_of}", _off_step(column.multiple_of))


def _beyond(
    test: Callable[[pa.Array, pa.Scalar], pa.Array], limit: pa.Scalar
) -> Callable[[pa.Array], pa.Array]:
    return lambda values: test(values, limit)


def _scalar(bound: float, held: pa.DataType) -> pa.Scalar:
    """A bound in a column's type; made of its bytes, for pa.scalar imports pandas (lakeflow.order)."""
    if pa.types.is_decimal(held):
        return pa.scalar(Decimal(str(bound)), held)
    kind = f"i{held.bit_width // 8}" if pa.types.is_temporal(held) else held.to_pandas_dtype()
    return pa.Array.from_buffers(held, 1, [None, pa.py_buffer(np.array([bound], kind))])[0]


def _off_step(step: int) -> Callable[[pa.Array], pa.Array]:
    def bad(values: pa.Array) -> pa.Array:
        whole = values.view(pa.int64()) if pa.types.is_timestamp(values.type) else values
        return (pl.Series(whole).fill_null(0) % step != 0).to_arrow()

    return bad
