"""A contract of some fields, a file of some values, and what its check says of it."""

import json

import pyarrow as pa
import pyarrow.parquet as pq

from lakeflow.avsc import field, record
from lakeflow.check import check_file
from lakeflow.contract import Contract, read_contract
from lakeflow.types import arrow_schema

KEY = field("seq", "long")


def contract(*fields, **promise) -> Contract:
    return read_contract(json.dumps(record("silver/t", fields, **promise)), "silver/t")


def written(tmp_path, values: dict, promise: Contract, **how):
    """A file of these values in the contract's types, whatever they break."""
    schema = (
        pa.schema([each.with_nullable(True) for each in arrow_schema(promise)])
        if how.pop("nulls", False)
        else arrow_schema(promise)
    )
    path = tmp_path / "draft"
    pq.write_table(pa.table(values, schema=schema), path, **{"row_group_size": 2, **how})
    return path


def errors(path, promise: Contract) -> list[str]:
    return [str(each).removeprefix("silver/t ") for each in check_file(path, promise).errors]
