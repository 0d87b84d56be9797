"""A verdict is true: where it says that old files can be read, hypothesis finds none that cannot."""

import json
import tempfile
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from polars.testing.parametric import column, dataframes

from lakeflow.avsc import array, enum, field, record
from lakeflow.changes import former
from lakeflow.compatibility import can_read, read_as
from lakeflow.contract import Contract, read_contract
from lakeflow.errors import ContractBroken
from lakeflow.types import conform, polars_schema


def contract(*fields, **promise) -> Contract:
    return read_contract(json.dumps(record("silver/t", fields, **promise)), "silver/t")


TYPES = [
    "int",
    "long",
    "float",
    "double",
    "string",
    "uint8",
    "uint32",
    "uint64",
    "int16",
    "XY",
    "YXZ",
    "list",
    "longer list",
]


def typed(name: str, kind: str, *, nullable: bool, **more) -> dict:
    known = {
        "XY": enum("E", "X", "Y"),
        "YXZ": enum("E", "Y", "X", "Z"),
        "list": array("int"),
        "longer list": array("long"),
    }
    if kind.startswith("uint") or kind == "int16":
        more["arrowType"] = kind
    base = known.get(kind) or {"uint8": "int", "int16": "int", "uint32": "long", "uint64": "long"}.get(
        kind, kind
    )
    more |= {"allowNaN": True} if base in ("float", "double") else {}
    return field(name, ["null", base] if nullable else base, **more)


@st.composite
def generations(draw) -> tuple[Contract, Contract]:
    """A contract and what might have become of it; most changes are ones that a person would make."""
    old, new = [], []
    for name in draw(st.permutations("abc")):
        kind, nullable = draw(st.sampled_from(TYPES)), draw(st.booleans())
        old.append(typed(name, kind, nullable=nullable))
        later = draw(st.sampled_from([kind, kind, *TYPES]))
        how = draw(st.sampled_from(["keep", "keep", "rename", "drop"]))
        alias = {"aliases": [name]} if how == "rename" else {}
        if how != "drop":
            new.append(
                typed(
                    f"{name}_new" if alias else name, later, nullable=nullable or draw(st.booleans()), **alias
                )
            )
    if draw(st.booleans()) or not new:
        new.append(field("d", "long", default=-1) if draw(st.booleans()) else field("d", ["null", "string"]))
    return contract(*old), contract(*draw(st.permutations(new)))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_where_the_verdict_is_yes_any_old_file_is_read_with_its_values(data):
    old, new = data.draw(generations().filter(lambda pair: not can_read(*pair)))
    columns = [column(c.name, dtype=polars_schema(old)[c.name], allow_null=c.nullable) for c in old.columns]
    rows = data.draw(dataframes(columns, max_size=4))
    rows = rows.with_columns(pl.col(pl.List(pl.Int32), pl.List(pl.Int64)).list.drop_nulls())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "part-0.parquet"
        pq.write_table(conform(rows, old), path)
        found = read_as(pl.scan_parquet(path), new, pl.read_parquet_schema(path)).collect()
    assert found.schema == polars_schema(new)
    conform(found, new)
    for c in new.columns:
        before = former(c, dict.fromkeys(rows.columns))
        expected = rows[before].to_list() if before else [c.default] * rows.height
        assert_frame_equal(pl.DataFrame({"v": found[c.name].to_list()}), pl.DataFrame({"v": expected}))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_verdict_and_reader_agree_on_every_pair_of_types(data):
    kinds = st.sampled_from(TYPES)
    old, new = (contract(typed("a", data.draw(kinds), nullable=False)) for _ in range(2))
    scan = pl.LazyFrame(schema=polars_schema(old))
    if not can_read(old, new):
        assert read_as(scan, new, polars_schema(old)).collect().schema == polars_schema(new)
    else:
        with pytest.raises(ContractBroken):
            read_as(scan, new, polars_schema(old))
