"""What a worker loads to write and check a table: pandas is not needed, and costs 40 MiB and half a second of each."""

import json
import subprocess
import sys

from lakeflow.avsc import NANOS, enum, field, record

PROMISE = record(
    "silver/t",
    [
        field("ts_second", NANOS),
        field("side", enum("Side", "A", "B")),
        field("size", "long", min=0, max=9, multipleOf=1),
        field("price", ["null", "double"], min=0.5),
    ],
    key=["ts_second", "side"],
    sort=["ts_second", "side"],
    rules=[{"name": "known", "expr": "size > 0 OR price IS NULL"}],
)
WORKER = """
import sys
from pathlib import Path
import polars as pl
from lakeflow.check import check_file
from lakeflow.contract import read_contract
from lakeflow.draft import Draft
from lakeflow.scan import stream_file
from lakeflow.types import polars_schema

contract, path = read_contract(sys.argv[1], "silver/t"), Path(sys.argv[2])
rows = {"ts_second": [0, 0, 1], "side": ["A", "B", "A"], "size": [1, 2, 3], "price": [0.5, None, 1.5]}
draft = Draft(path, contract)
draft.write(pl.DataFrame(rows).cast(polars_schema(contract)))
draft.content()
draft.close({})
assert not check_file(path, contract).errors
assert sum(piece.height for piece in stream_file(path, contract)) == 3
print(*sorted({"pandas", "duckdb", "databento", "numba"} & set(sys.modules)))
"""


def test_a_worker_that_writes_and_checks_a_table_loads_no_library_that_it_does_not_use(tmp_path):
    command = [sys.executable, "-c", WORKER, json.dumps(PROMISE), str(tmp_path / "draft")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
