"""How long the contract check of a partition takes, beside writing it: `contract_check.py [ROWS]`."""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from lakeflow.avsc import NANOS, enum, field, record
from lakeflow.check import check_file
from lakeflow.contract import Contract, read_contract
from lakeflow.types import arrow_schema

GROUP_ROWS = 262_144


def contract() -> Contract:
    """Sixteen columns of a market table: ranges, ticks, enums, NaN, a rule, an order and a key."""
    key = ["ts_event", "sequence"]
    rule = {"name": "not_crossed", "expr": "bid_px <= ask_px", "severity": "warn", "maxBad": 0.001}
    fields = [
        field("ts_event", NANOS, kind="key"),
        field("sequence", "long", arrowType="uint32"),
        field("ts_recv", NANOS),
        field("price", "long", scale=1e-9, min=1, multipleOf=250_000_000),
        field("size", "long", arrowType="uint32", min=1, max=10_000_000),
        field("side", enum("Side", "A", "B", "N")),
        field("order_id", "long", arrowType="uint64"),
        field("flags", "int", arrowType="uint8", bits={"crossed": 0}),
        field("bid_px", "long", min=0),
        field("ask_px", "long", min=0),
        field("bid_size", "long", arrowType="uint32"),
        field("ask_size", "long", arrowType="uint32"),
        field("imbalance", "double", min=-1, max=1),
        field("spread", ["null", "double"], min=0),
        field("depth", "double"),
        field("venue", "string"),
    ]
    avsc = record("silver/bench", fields, key=key, sort=key, rules=[rule], minRows=1)
    return read_contract(json.dumps(avsc), "silver/bench")


def rows(count: int) -> pl.DataFrame:
    """Values like a day of orders: times that ascend with ties, prices that walk, sizes that are mostly small."""
    luck = np.random.default_rng(7)
    times = np.int64(1_767_700_000_000_000_000) + np.cumsum(luck.integers(0, 2_000_000, count))
    price = 6_900_000_000_000 + 250_000_000 * np.cumsum(luck.integers(-1, 2, count))
    spread = luck.integers(1, 4, count) * 250_000_000
    return pl.DataFrame(
        {
            "ts_event": times,
            "sequence": np.arange(count, dtype=np.uint32),
            "ts_recv": times + luck.integers(1_000, 90_000, count),
            "price": price,
            "size": luck.geometric(0.3, count).astype(np.uint32),
            "side": luck.integers(0, 3, count).astype(np.uint32),
            "order_id": luck.integers(2**40, 2**41, count).astype(np.uint64),
            "flags": luck.integers(0, 2, count).astype(np.uint8) * np.uint8(128),
            "bid_px": price,
            "ask_px": price + spread,
            "bid_size": luck.integers(1, 500, count).astype(np.uint32),
            "ask_size": luck.integers(1, 500, count).astype(np.uint32),
            "imbalance": luck.uniform(-1, 1, count),
            "spread": spread / 1e9,
            "depth": luck.integers(1, 5_000, count) / 4,
        }
    ).with_columns(
        pl.col("ts_event", "ts_recv").cast(pl.Datetime("ns")).dt.replace_time_zone("UTC"),
        side=pl.Series(["A", "B", "N"])[luck.integers(0, 3, count)].cast(pl.Enum(["A", "B", "N"])),
        venue=pl.lit("XCME"),
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    promise, frame = contract(), rows(count)
    table = frame.to_arrow().cast(arrow_schema(promise))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draft"
        start = time.perf_counter()
        pq.write_table(table, path, compression="zstd", compression_level=1, row_group_size=GROUP_ROWS)
        written = time.perf_counter()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        verdict = check_file(path, promise)
        checked = time.perf_counter()
        peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"rows {count:,}  columns {table.num_columns}  errors {len(verdict.errors)}")
    print(f"write {written - start:6.2f} s")
    print(
        f"check {checked - written:6.2f} s  {(checked - written) / (written - start):6.1%} of writing, bar 25 %"
    )
    share = (checked - written) / (written - start)
    print(
        f"BAR contract check, {count:,} rows x {table.num_columns}, of writing | {share:.1%} | 25% | {share <= 0.25}"
    )
    print(f"memory the check added to the peak of writing: {peak:.0f} MiB")


if __name__ == "__main__":
    main()
