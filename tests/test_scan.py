"""A partition streamed: the same rows whether it is read ahead or not, and what is wrong with it reaches whoever reads."""

import json
import threading

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakeflow.avsc import enum, field, record
from lakeflow.contract import read_contract
from lakeflow.machine import SHARE
from lakeflow.scan import STREAM_ROWS, stream_file
from lakeflow.types import arrow_schema, polars_schema

CONTRACT = read_contract(
    json.dumps(record("bronze/ticks", [field("row", "long"), field("side", enum("Side", "A", "B"))])),
    "bronze/ticks",
)
ROWS = 5 * STREAM_ROWS + 7


@pytest.fixture(params=["1", "2"], ids=["at once", "ahead"])
def share(request, monkeypatch):
    """How many threads the process may use; a second one only where the machine has a core for it."""
    monkeypatch.setenv(SHARE, request.param)


@pytest.fixture
def ticks(tmp_path):
    side = pa.DictionaryArray.from_arrays(pa.array([n % 2 for n in range(ROWS)], pa.int32()), ["A", "B"])
    table = pa.table({"row": pa.array(range(ROWS)), "side": side}).cast(arrow_schema(CONTRACT))
    pq.write_table(table, tmp_path / "ticks", row_group_size=100_000)
    return tmp_path / "ticks"


@pytest.mark.usefixtures("share")
def test_the_rows_come_in_order_in_pieces_of_bounded_size(ticks):
    pieces = list(stream_file(ticks, CONTRACT))
    assert max(piece.height for piece in pieces) <= STREAM_ROWS
    whole = pl.concat(pieces)
    assert whole.schema == polars_schema(CONTRACT)
    assert whole["row"].to_list() == list(range(ROWS))
    assert (whole["side"].cast(pl.String) == pl.Series(["A", "B"] * ROWS).head(ROWS)).all()


@pytest.mark.usefixtures("share")
def test_a_file_damaged_in_its_middle_fails_where_it_is_read(ticks):
    raw = bytearray(ticks.read_bytes())
    start = pq.read_metadata(ticks).row_group(1).column(0).data_page_offset
    raw[start : start + 64] = bytes(64)
    ticks.write_bytes(raw)
    with pytest.raises((OSError, pa.ArrowException)):
        list(stream_file(ticks, CONTRACT))


@pytest.mark.usefixtures("share")
def test_whoever_stops_early_leaves_no_thread_behind(ticks):
    stream = stream_file(ticks, CONTRACT)
    next(stream)
    stream.close()
    assert not [each for each in threading.enumerate() if each.name == "ahead"]
