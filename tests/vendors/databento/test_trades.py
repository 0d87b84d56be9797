"""The vendor's trades schema as a table: exact, alike in every version, and what cannot be a row refused."""

from datetime import date

import databento
import numpy as np
import polars as pl
import pytest

from lakeflow.simulate.wire import filled
from lakeflow.vendors.databento.codes import UNDEF_ORDER_SIZE, UNDEF_PRICE
from lakeflow.vendors.databento.delivered import Delivered
from lakeflow.vendors.databento.delivery import Delivery, describe
from lakeflow.vendors.databento.records import records
from lakeflow.vendors.databento.schemas import LAYOUTS
from lakeflow.vendors.databento.tables import TABLES
from lakeflow.vendors.databento.verdict import REASONS, judge_beside

DAY = 1_767_657_600 * 10**9  # 2026-01-06
EXACT = ("publisher_id", "instrument_id", "price", "size", "flags", "depth", "sequence")
ESU4 = "futures_mbo/esu4-20240701.trades.dbn.zst"


def table(path) -> pl.DataFrame:
    """The rows of a file over all its deliveries."""
    frames = []
    for delivery in describe(path):
        chunks = list(Delivered([path], delivery, "test").tables())
        assert not any("rejects" in chunk for chunk in chunks)
        frames += [chunk["trades"].drop("row") for chunk in chunks if "trades" in chunk]
    return pl.concat(frames)


def test_versions_1_to_3_give_the_same_rows(vendor):
    one, two, three = (table(vendor(f"dbn_fixtures/test_data.trades.v{v}.dbn.zst")) for v in (1, 2, 3))
    assert one.equals(two)
    assert one.equals(three)
    assert one["raw_symbol"].to_list() == ["ESH1", "ESH1"]


def test_the_rows_are_what_the_vendors_client_reads(vendor):
    frame = table(vendor(ESU4))
    theirs = databento.DBNStore.from_bytes(vendor(ESU4).read_bytes()).to_ndarray()
    assert all(frame[name].to_list() == theirs[name].tolist() for name in EXACT)
    assert frame["in_delta_ns"].to_list() == theirs["ts_in_delta"].tolist()
    for name in ("ts_event", "ts_recv"):
        assert frame[name].dt.epoch("ns").to_list() == theirs[name].tolist()
    for name in ("action", "side"):
        assert frame[name].cast(pl.String).to_list() == [each.decode() for each in theirs[name].tolist()]


@pytest.mark.filterwarnings("ignore")  # the client's, about its pandas
def test_trades_kept_as_parquet_are_the_same_records_on_the_same_days(vendor, tmp_path):
    kept = tmp_path / "kept.parquet"
    databento.DBNStore.from_bytes(vendor(ESU4).read_bytes()).to_parquet(kept, price_type="fixed")
    whole = [np.concatenate(list(records(path, "trades"))).tobytes() for path in (kept, vendor(ESU4))]
    assert whole[0] == whole[1]
    assert describe(kept) == [Delivery("future_mbo", "ES", day) for day in ("2024-07-01", "2024-07-02")]


def test_undefined_is_null_and_letters_or_times_that_cannot_be_are_refused():
    good = {
        "ts_recv": DAY,
        "ts_event": DAY,
        "price": UNDEF_PRICE,
        "size": UNDEF_ORDER_SIZE,
        "action": "T",
        "side": "N",
    }
    bad = [{"action": "Z"}, {"side": "Q"}, {"ts_event": 2**63}, {"ts_recv": DAY - 1}]
    rows = filled(LAYOUTS["trades"][3], [good, *({**good, **each} for each in bad)])
    verdict = judge_beside(rows, date(2026, 1, 6))
    assert [REASONS[reason] for reason in verdict.tolist()] == [
        "", "b02_unknown_action", "b02_unknown_side", "b01_impossible_time", "b01_outside_date"
    ]  # fmt: skip
    frame = TABLES["trades"](rows[:1], np.array([0], np.int32), ["ESH6"])
    assert frame.select("price", "size", "raw_symbol", "flags").row(0) == (None, None, "ESH6", 0)
