"""The view of every contract of the project answers `SELECT *`, each scaled value as its stored integer times the scale."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakeflow.contract import Column, Contract, read_contract
from lakeflow.partition import Partition
from lakeflow.types import arrow_schema
from lakeflow.views import Table
from tests.sql import ask_text

CONTRACTS = Path(__file__).parent.parent / "contracts"
NAMES = sorted(f"{path.parent.name}/{path.stem}" for path in CONTRACTS.rglob("*.avsc"))
WHOLE = {8: 2**7 - 1, 16: 2**15 - 1, 32: 2**31 - 1, 64: 2**63 - 1}


def value(kind: pa.DataType) -> Any:
    """Something that a type holds; of a whole number the largest, of a list two."""
    if pa.types.is_large_list(kind):
        return [value(kind.value_type)] * 2
    if pa.types.is_integer(kind):
        return WHOLE[kind.bit_width]
    if pa.types.is_temporal(kind):
        return 1
    return kind == pa.bool_() or (0.5 if pa.types.is_floating(kind) else "a")


def rows(contract: Contract) -> pa.Table:
    """A row with a value in every column, and one with nulls where they may be."""
    schema = arrow_schema(contract)
    full = {field.name: value(field.type) for field in schema}
    bare = {
        field.name: None if field.nullable else [] if pa.types.is_large_list(field.type) else full[field.name]
        for field in schema
    }
    return pa.Table.from_pylist([full, bare], schema=schema)


def human(stored: Any, column: Column) -> Any:
    if isinstance(stored, list):
        return [human(each, column) for each in stored]
    return None if stored is None else stored * Decimal(repr(column.scale))


@pytest.mark.parametrize("name", NAMES)
def test_every_column_of_a_contract_can_be_asked_for(tmp_path, name):
    layer, table = name.split("/")
    contract = read_contract((CONTRACTS / f"{name}.avsc").read_text(), name)
    partition = Partition(f"{layer}.a.{table}", "X", "2026-01-06")
    path = tmp_path / partition.path
    path.parent.mkdir(parents=True)
    stored = rows(contract)
    pq.write_table(stored, path)
    held = [Table(partition.dataset, contract, [(partition, path)])]
    with ask_text(f"SELECT * FROM {partition.dataset}", held, tmp_path) as answer:
        frame = answer.frame()
        assert frame.height == len(list(answer.rows())) == 2
    for column in (each for each in contract.columns if each.scale is not None):
        expected = [human(each, column) for each in stored[column.name].to_pylist()]
        assert frame[column.name].to_list() == expected, column.name
