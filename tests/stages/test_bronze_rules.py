"""The hard rejects end to end: a delivery with every fault, through the engine, each record in orders or in rejects."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from lakeflow.execution import Terms, execute
from lakeflow.project import open_project
from lakeflow.request import Request
from lakeflow.vendors.databento.codes import UNDEF_ORDER_SIZE, UNDEF_PRICE, UNDEF_TIMESTAMP
from lakeflow.vendors.databento.encode import dbn_file
from lakeflow.vendors.databento.header import Header, Interval, read_header
from lakeflow.vendors.databento.layouts import MBO

ROOT = Path(__file__).parents[2]
DAY = date(2026, 1, 6)
MIDNIGHT = (DAY - date(1970, 1, 1)).days * 86_400_000_000_000
NVDA, BRK = 11, 12
FAULTS = [
    ({"ts_recv": MIDNIGHT - 1}, "b01_outside_date"),
    ({"ts_recv": UNDEF_TIMESTAMP}, "b01_outside_date"),
    ({"ts_event": UNDEF_TIMESTAMP}, "b01_has_event_time"),
    ({"ts_event": 2**63}, "b01_impossible_time"),
    ({"action": b"Z"}, "b02_unknown_action"),
    ({"side": b"Q"}, "b02_unknown_side"),
    ({"instrument_id": 99}, "b02_unknown_instrument"),
    ({"price": UNDEF_PRICE}, "b03_has_price"),
    ({"price": 0}, "b04_price_not_above_zero"),
    ({"size": 0}, "b05_has_size"),
    ({"size": UNDEF_ORDER_SIZE}, "b05_has_size"),
    ({"order_id": 1, "sequence": 1, "ts_event": MIDNIGHT + 1}, "b06_repeated"),
]


def adds(count: int):
    """Adds by two publishers, a microsecond apart, no two alike."""
    rows = np.zeros(count, MBO)
    rows["length"], rows["rtype"], rows["action"], rows["side"] = 14, 160, b"A", b"B"
    rows["order_id"] = rows["sequence"] = np.arange(1, count + 1)
    rows["publisher_id"], rows["instrument_id"] = 2, NVDA
    rows["price"], rows["size"], rows["flags"] = 100_000_000_000, 5, 130
    rows["ts_event"] = MIDNIGHT + np.arange(1, count + 1)
    rows["ts_recv"] = rows["ts_event"] + 1_000
    return rows


def share(folder: Path, rows, symbol: str = "NVDA", instrument_id: int = NVDA) -> Path:
    """A day's file of one share."""
    known = {symbol: (Interval(DAY, date(2026, 1, 7), str(instrument_id)),)}
    header = Header(
        3, "XNAS.ITCH", "mbo", MIDNIGHT, MIDNIGHT + 86_400_000_000_000, None, "raw_symbol", "instrument_id"
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "xnas-itch-20260106.mbo.dbn.zst"
    with dbn_file(path, replace(header, symbols=(symbol,), mappings=known)) as file:
        file.write(rows.tobytes())
    return path


def made(lake: Path, symbol: str, rows, instrument_id: int = NVDA) -> dict[str, pl.DataFrame]:
    """Orders and rejects of a share, made by the engine from these records."""
    folder = lake / f"raw/source=databento/product_type=equity_mbo/symbol={symbol}/dt={DAY}"
    share(folder, rows, symbol, instrument_id)
    with open_project(ROOT, lake) as project:
        summary = execute(project, Request(frozenset({"bronze.equity_mbo.orders"})), Terms(workers=1))
    assert summary.code == 0, summary.done
    path = f"bronze/product_type=equity_mbo/symbol={symbol}/table={{}}/dt={DAY}/part-0.parquet"
    return {name: pl.read_parquet(lake / path.format(name)) for name in ("orders", "rejects")}


def test_each_fault_is_refused_for_its_reason_and_nothing_else_is(tmp_path):
    rows = adds(2 * len(FAULTS) + 2)
    for n, (fault, _) in enumerate(FAULTS):
        for name, value in fault.items():
            rows[name][2 * n + 2] = value
    tables = made(tmp_path, "NVDA", rows)
    found = dict(tables["rejects"].select("row", "reason").iter_rows())
    assert found == {2 * n + 2: reason for n, (_, reason) in enumerate(FAULTS)}
    assert sorted([*tables["orders"]["row"], *found]) == list(range(len(rows)))


def test_a_refused_record_is_kept_byte_for_byte_with_its_place(tmp_path):
    rows = adds(40_000)
    rows["side"][[3, 39_999]] = b"Q"
    rejects = made(tmp_path, "NVDA", rows)["rejects"].sort("row")
    assert rejects["record"].to_list() == [rows[n].tobytes() for n in (3, 39_999)]
    path = next((tmp_path / "raw").rglob("*.zst"))
    assert rejects["byte_offset"].to_list() == [read_header(path).length + 56 * n for n in (3, 39_999)]
    assert rejects["file"].to_list() == [path.name] * 2


def test_repeats_are_found_across_blocks_and_trades_never_are_repeats(tmp_path):
    rows = np.concatenate([adds(20_000), adds(20_000)[-7:], adds(3)])
    rows["action"][-3:] = b"T"
    again = np.concatenate([rows, rows[-3:]])
    tables = made(tmp_path, "NVDA", again)
    assert tables["rejects"]["row"].sort().to_list() == list(range(20_000, 20_007))
    assert tables["orders"].height == 20_006


def test_publishers_of_a_share_are_kept_and_its_symbol_may_have_a_dot(tmp_path):
    rows = adds(10)
    rows["instrument_id"], rows["publisher_id"][::2] = BRK, 43
    orders = made(tmp_path, "BRK.B", rows, BRK)["orders"]
    assert orders["publisher_id"].to_list() == [43, 2] * 5
    assert orders["price"].to_list() == [100_000_000_000] * 10
