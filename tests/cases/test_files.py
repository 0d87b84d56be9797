"""Cases 26 to 35 of the vendor reference from the raw file to the lake; what reading alone shows is in tests/vendors."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
import zstandard

from lakeflow.calendar import load_calendar
from lakeflow.simulate.contracts import nanoseconds
from lakeflow.vendors.databento.header import Interval

DAY, NEXT = date(2026, 1, 6), date(2026, 1, 7)
P = 10**9
ORDERS = "bronze.future_mbo.orders"
ADDS = [("ESH6", "A", "B", n, 6_900 * P, n) for n in range(1, 21)]


def cut_at_a_flush(path, rows):
    """The file again, in one frame that was flushed after so many records, cut right there."""
    raw = zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes())
    work = zstandard.ZstdCompressor(write_checksum=True).compressobj()
    front = raw[: len(raw) - (len(ADDS) - rows) * 56]
    path.write_bytes(work.compress(front) + work.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK))


def test_case_26_a_file_cut_where_a_record_ends_makes_no_partition(vendor, lake):
    v = vendor({"ESH6": 11})
    whole = v.orders(*ADDS)
    lake.add(whole, v.definitions())
    (raw,) = lake.root.glob("raw/**/*.mbo.dbn.zst")
    cut_at_a_flush(raw, rows=10)
    summary = lake.run(ORDERS)
    assert (summary.code, [done.state for done in summary.done]) == (3, ["failed"])
    assert "the end of a zstd frame" in summary.done[0].error
    assert not list(lake.root.glob("bronze/**/*.parquet"))


def test_case_29_a_day_in_every_version_is_the_same_tables(vendor, tmp_path, lake):
    found = []
    for version in (1, 2, 3):
        v = vendor({"ESH6": 11}, version=version)
        mine = lake._replace(root=tmp_path / f"v{version}")
        mine.add(v.orders(*ADDS), v.definitions())
        assert mine.run(ORDERS).code == 0
        found.append((mine.table(ORDERS, "ESH6"), mine.table("bronze.future_mbo.definition", "ES")))
    assert found[0][0].equals(found[1][0])
    assert found[0][0].equals(found[2][0])
    told = [name for name in found[2][1].columns if not name.startswith("leg_")]
    assert all(definition.select(told).equals(found[2][1].select(told)) for _, definition in found)


@pytest.mark.parametrize(
    ("product", "symbol", "dataset"),
    [("future_mbo", "ESH6", "GLBX.MDP3"), ("equity_mbo", "SPY", "XNAS.ITCH")],
)
def test_case_30_a_day_without_an_order_is_tables_without_rows(vendor, lake, product, symbol, dataset):
    v = vendor({symbol: 11}, dataset=dataset)
    lake.add(v.orders(), v.definitions())
    assert lake.run(f"silver.{product}.bbo").code == 0
    empty = [lake.table(f"bronze.{product}.orders", symbol), lake.table(f"silver.{product}.bbo", symbol)]
    assert [table.height for table in empty] == [0, 0]
    assert all({"row", "ts_event"} <= set(table.columns) for table in empty)


def test_case_30_a_contract_without_an_order_on_a_busy_day_is_a_table_too(vendor, lake):
    v = vendor({"ESH6": 11, "ESM6": 12})
    lake.add(v.orders(*ADDS), v.definitions())
    lake.run(ORDERS)
    assert {symbol: lake.table(ORDERS, symbol).height for symbol in lake.symbols(ORDERS)} == {
        "ESH6": 20,
        "ESM6": 0,
    }


def test_case_31_prices_and_times_come_through_to_the_last_digit_and_undefined_is_null(vendor, lake):
    odd = {"ts_event": nanoseconds(DAY) + 1, "ts_recv": nanoseconds(NEXT) - 1, "order_id": 2**64 - 1}
    v = vendor({"CLH6": 11})
    extreme = [
        ("CLH6", "A", side, 7, price, 2**32 - 2, odd) for side, price in (("B", -(2**63)), ("A", 2**63 - 2))
    ]
    lake.add(v.orders(*extreme, ("CLH6", "R", "N", 0, 2**63 - 1, 0)), v.definitions())
    assert lake.run(ORDERS).code == 0
    found = lake.table(ORDERS, "CLH6")
    assert found["price"].to_list() == [-(2**63), 2**63 - 2, None]
    assert found["order_id"].to_list() == [2**64 - 1] * 2 + [0]
    assert found["ts_event"].to_physical()[0] == nanoseconds(DAY) + 1
    assert found["ts_recv"].to_physical()[0] == nanoseconds(NEXT) - 1


def test_case_32_an_action_or_a_side_that_is_none_is_a_reject_and_counted(vendor, lake):
    v = vendor({"ESH6": 11})
    lake.add(
        v.orders(*ADDS, ("ESH6", "Z", "B", 30, 6_900 * P, 1), ("ESH6", "A", "Q", 31, 6_900 * P, 1)),
        v.definitions(),
    )
    summary = lake.run(ORDERS)
    assert [done.rejected for done in summary.done] == [2]
    rejects = lake.table("bronze.future_mbo.rejects", "ES")
    assert rejects["reason"].to_list() == ["b02_unknown_action", "b02_unknown_side"]
    assert lake.table(ORDERS, "ESH6").height == 20


def test_case_33_an_id_that_passes_to_another_contract_is_told_by_the_date(vendor, lake):
    before, after = Interval(DAY - timedelta(days=30), DAY, "11"), Interval(DAY, NEXT, "11")
    mappings = {"ESH6": (before, Interval(DAY, NEXT, "12")), "ESM6": (after,)}
    v = vendor({"ESH6": 12, "ESM6": 11})
    lines = [*ADDS, ("ESM6", "A", "B", 50, 6_950 * P, 1)]
    lake.add(v.orders(*lines, mappings=mappings), v.definitions())
    assert lake.run(ORDERS).code == 0
    assert lake.table(ORDERS, "ESM6").select("instrument_id", "order_id").rows() == [(11, 50)]
    assert set(lake.table(ORDERS, "ESH6")["instrument_id"]) == {12}


def test_case_33_the_end_of_a_mapping_is_the_first_day_without_it(vendor, lake):
    v = vendor({"ESH6": 11, "ESM6": 12})
    mappings = {"ESH6": (Interval(DAY - timedelta(days=9), DAY, "11"),), "ESM6": (Interval(DAY, NEXT, "12"),)}
    lake.add(v.orders(*ADDS, mappings=mappings), v.definitions())
    assert lake.run(ORDERS).done[0].rejected == 20
    assert set(lake.table("bronze.future_mbo.rejects", "ES")["reason"]) == {"b02_unknown_instrument"}


@pytest.mark.parametrize("about", [{"partial": ("ESM6",)}, {"not_found": ("ESM6",)}])
def test_case_33_a_file_whose_symbols_were_not_all_resolved_is_refused(vendor, lake, about):
    v = vendor({"ESH6": 11, "ESM6": 12})
    lake.add(v.orders(*ADDS, **about), v.definitions())
    summary = lake.run(ORDERS)
    assert (summary.code, [done.state for done in summary.done]) == (3, ["failed"])
    assert "every symbol resolved on every day, found 1 " in summary.done[0].error


def test_case_34_an_evening_is_of_the_utc_day_it_was_received_on_and_of_the_next_days_session():
    cme, evening = load_calendar("CME_EQ"), nanoseconds(date(2026, 1, 11)) + 23 * 3_600 * P
    session = cme.session(date(2026, 1, 12))  # Monday's
    assert session.open.timestamp() * P <= evening < session.close.timestamp() * P
    assert session.trade_date == date(2026, 1, 12)
    assert cme.session(date(2026, 1, 11)) is None


def test_case_34_a_sunday_evenings_trades_are_in_sundays_partition_and_mondays_volume(vendor, lake):
    sunday, monday = date(2026, 1, 11), date(2026, 1, 12)
    for day, at in ((sunday, 23 * 3_600 * P), (monday, 12 * 3_600 * P)):
        v = vendor({"ESH6": 11}, day=day)
        lake.add(v.orders(("ESH6", "T", "B", 0, 6_900 * P, day.day), at=at), v.definitions())
    assert lake.run("silver.future_mbo.session_volume", symbols=("ES",)).code == 0
    assert [lake.table(ORDERS, "ESH6", day)["size"].to_list() for day in (sunday, monday)] == [[11], [12]]
    volume = lake.table("silver.future_mbo.session_volume", "ES", monday)
    assert volume.select("trade_date", "volume").rows() == [(monday, 23)]


def test_case_35_the_order_of_the_file_is_kept_whatever_the_times_say(vendor, lake):
    noon, rng = nanoseconds(DAY) + 12 * 3_600 * P, np.random.default_rng(3)
    events = rng.permutation(50).tolist()
    lines = [("ESH6", "A", "B", 100 - n, 6_900 * P, 1, {"ts_recv": noon, "ts_event": noon - at})
             for n, at in enumerate(events)]  # fmt: skip
    v = vendor({"ESH6": 11})
    lake.add(v.orders(*lines), v.definitions())
    lake.run(ORDERS)
    found = lake.table(ORDERS, "ESH6")
    assert found["row"].to_list() == list(range(50))
    assert found["order_id"].to_list() == [100 - n for n in range(50)]
    assert (noon - found["ts_event"].to_physical().cast(pl.Int64)).to_list() == events
