"""Any frame that fits a contract survives a commit, and is read back exactly by everyone who reads the lake."""

import json
import math
import struct
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lakeflow.avsc import NANOS, array, decimal, enum, field, record
from lakeflow.commit import Committer, Intent, Move
from lakeflow.contract import read_contract
from lakeflow.draft import Draft
from lakeflow.manifest import KEY, Manifest, body_digest, content_digest, manifest_at
from lakeflow.partition import Partition, decode, encode
from lakeflow.scan import scan_file, stream_file
from lakeflow.types import polars_schema

CONTRACT = read_contract(
    json.dumps(
        record(
            "silver/any",
            [
                field("ts_event", NANOS),
                field("signed", ["null", "long"]),
                field("unsigned", "long", arrowType="uint64"),
                field("number", "double", allowNaN=True),
                field("text", ["null", "string"]),
                field("raw", "bytes"),
                field("side", enum("Side", "A", "B", "N")),
                field("price", decimal(18, 4)),
                field("levels", array("long")),
            ],
        )
    ),
    "silver/any",
)
ROW = st.tuples(
    st.integers(-(2**63) + 2, 2**63 - 2),
    st.none() | st.integers(-(2**63), 2**63 - 1) | st.sampled_from([-(2**63), 2**63 - 1]),
    st.integers(0, 2**64 - 1) | st.just(2**64 - 1),
    st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from([-0.0, 0.0, math.nan]),
    st.none() | st.text(max_size=8),
    st.binary(max_size=5),
    st.sampled_from("ABN"),
    st.decimals("-1000000", "1000000", places=4),
    st.lists(st.integers(-(2**63), 2**63 - 1), max_size=3),
)
SYMBOLS = st.sampled_from(["0050", "6EH6", "A/B", "..", " ", "ESH6-ESM6", "Ü=é%", "AAPL  250221C00250000"])
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def frame_of(rows: list[tuple]) -> pl.DataFrame:
    columns = list(zip(*rows, strict=True)) or [()] * 9
    series = []
    for (name, kind), values in zip(polars_schema(CONTRACT).items(), columns, strict=True):
        if name == "ts_event":
            series.append(pl.Series(name, values, dtype=pl.Int64).cast(kind))
        else:
            series.append(pl.Series(name, values, dtype=kind))
    return pl.DataFrame(series)


def committed(lake: Path, symbol: str, frame: pl.DataFrame, cuts: list[int]) -> Path:
    """The frame as a partition of a lake, written in pieces of these sizes."""
    partition = Partition("silver.toy.any", symbol, "2026-01-06")
    (lake / ".lakeflow/staging/r/s").mkdir(parents=True, exist_ok=True)
    draft = Draft(lake / ".lakeflow/staging/r/s/0.inprogress", CONTRACT)
    start = 0
    for size in [*cuts, frame.height]:
        draft.write(frame.slice(start, size))
        start += min(size, frame.height - start)
    content = draft.content()
    manifest = Manifest(
        *partition,
        "stage",
        symbol,
        "recipe",
        "silver/any",
        "1.0.0",
        CONTRACT.schema_digest,
        "",
        content=content,
        rows=draft.rows,
    )
    draft.close({KEY: manifest.to_json()})
    Committer(lake, lake / ".lakeflow/staging/r").commit(
        Intent("step", (Move(str(draft.path.relative_to(lake)), partition.path, content),))
    )
    return lake / partition.path


def bits(values: list[float]) -> list[bytes]:
    """A float as its bits, so that -0.0 is not 0.0; any NaN is as good as another."""
    return [b"nan" if math.isnan(v) else struct.pack("<d", v) for v in values]


def plain(frame: pl.DataFrame) -> list[list]:
    """Every column as Python values that compare exactly; times as integers."""
    frame = frame.with_columns(pl.col("ts_event").cast(pl.Int64), pl.col("side").cast(pl.String))
    return [bits(c.to_list()) if c.name == "number" else c.to_list() for c in frame]


@SLOW
@given(rows=st.lists(ROW, max_size=12), symbol=SYMBOLS, cuts=st.lists(st.integers(0, 5), max_size=4))
def test_any_frame_survives_a_commit_and_every_reader(tmp_path_factory, rows, symbol, cuts):
    lake, frame = tmp_path_factory.mktemp("lake"), frame_of(rows)
    file = committed(lake, symbol, frame, cuts)
    expected = plain(frame)
    assert plain(scan_file(file, CONTRACT).collect()) == expected
    streamed = list(stream_file(file, CONTRACT))
    assert plain(pl.concat(streamed) if streamed else frame.clear()) == expected
    assert plain(pl.read_parquet(file, hive_partitioning=False)) == expected
    assert plain(pl.DataFrame(pl.from_arrow(pq.ParquetFile(file).read()))) == expected
    told = duckdb.connect().execute(
        "SELECT epoch_ns(ts_event), signed, unsigned, number, text, raw, side::VARCHAR, price, levels FROM read_parquet(?)", [str(file)]
    ).fetchall()  # fmt: skip
    columns = [list(column) for column in zip(*told, strict=True)] or [[] for _ in expected]
    columns[3] = bits(columns[3])
    assert columns == expected


@SLOW
@given(
    rows=st.lists(ROW, max_size=30),
    first=st.lists(st.integers(0, 9), max_size=5),
    second=st.lists(st.integers(0, 9), max_size=5),
)
def test_a_partition_is_the_same_bytes_however_its_rows_came(tmp_path_factory, rows, first, second):
    frame = frame_of(rows)
    one, two = (committed(tmp_path_factory.mktemp("lake"), "A", frame, cuts) for cuts in (first, second))
    assert one.read_bytes() == two.read_bytes()


@SLOW
@given(rows=st.lists(ROW, max_size=12))
def test_the_manifest_names_what_the_file_holds(tmp_path_factory, rows):
    file = committed(tmp_path_factory.mktemp("lake"), "A", frame_of(rows), [])
    manifest = manifest_at(file)
    assert manifest.content == content_digest(body_digest(file), CONTRACT.schema_digest, len(rows))


@given(st.text(min_size=1, max_size=12))
def test_any_symbol_is_one_folder_and_comes_back(symbol):
    folder = encode(symbol)
    assert decode(folder) == symbol
    assert "/" not in folder
    assert folder not in (".", "..")


@pytest.mark.parametrize("symbol", ["0050", "6EH6", "A/B", "ESH6-ESM6"])
def test_hive_readers_see_the_symbol_as_it_is(tmp_path, symbol):
    committed(tmp_path, symbol, frame_of([]).clear(), [])
    row = frame_of([(0, 1, 1, 1.0, "x", b"", "A", 1, [])])
    committed(tmp_path, symbol, row, [])
    keys = {"product_type": pl.String, "symbol": pl.String, "table": pl.String, "dt": pl.Date}
    found = pl.scan_parquet(
        f"{tmp_path}/silver/**/*.parquet", hive_schema=keys, hive_partitioning=True
    ).collect()
    assert found["symbol"].to_list() == [symbol]
    con = duckdb.connect()
    glob = f"{tmp_path}/silver/product_type=*/symbol=*/table=*/dt=*/*.parquet"
    query = f"SELECT symbol FROM read_parquet('{glob}', hive_partitioning = true, hive_types = {{'symbol': VARCHAR}})"
    assert con.execute(query).fetchall() == [(symbol,)]


def test_nanoseconds_are_kept_to_the_last():
    moment = datetime(2026, 1, 6, 14, 30, tzinfo=UTC)
    frame = frame_of([(int(moment.timestamp()) * 10**9 + 123_456_789, 1, 1, 0.0, "", b"", "A", 0, [])])
    assert frame["ts_event"].dt.nanosecond().to_list() == [123_456_789]
