"""Order records as columns, against a dull twin, and against the vendor's own frame."""

import databento
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakeflow.simulate.wire import filled
from lakeflow.vendors.databento.codes import ACTIONS, SIDES, UNDEF_PRICE, UNDEF_TIMESTAMP
from lakeflow.vendors.databento.layouts import MBO
from lakeflow.vendors.databento.orders import NONE, Columns, columns, empty, split, table, words
from lakeflow.vendors.databento.records import records
from lakeflow.vendors.databento.schemas import LAYOUTS

raw_records = st.binary(min_size=0, max_size=560).map(
    lambda raw: np.frombuffer(raw[: len(raw) // 56 * 56], MBO)
)


def twin(rows) -> dict[str, list[object]]:
    """The same columns by numpy's own names, a letter at a time."""
    found = {name: rows[name].tolist() for name in Columns._fields if name not in ("action", "side")}
    for name, letters in (("action", ACTIONS), ("side", SIDES)):
        found[name] = [
            letters.index(x.decode()) if x and x in letters.encode() else NONE for x in rows[name].tolist()
        ]
    return found


@settings(deadline=None)  # the first call compiles
@given(raw_records)
def test_any_bytes_come_apart_as_the_layout_says(rows):
    assert {name: column.tolist() for name, column in columns(rows)._asdict().items()} == twin(rows)


def test_a_real_day_is_the_vendors_own_frame(vendor):
    path = vendor("futures_mbo/esm4-20240508.mbo.dbn.zst")
    rows = np.concatenate(list(records(path, "mbo")))
    ours = table(columns(rows), np.arange(len(rows)))
    theirs = databento.DBNStore.from_bytes(path.read_bytes()).to_ndarray()
    for name in ours.columns[1:]:
        expected = theirs["ts_in_delta" if name == "in_delta_ns" else name]
        if name in ("action", "side"):
            assert ours[name].cast(pl.String).to_list() == expected.astype(str).tolist()
        else:
            assert ours[name].to_physical().fill_null(UNDEF_PRICE).to_list() == expected.tolist(), name


def test_what_is_undefined_is_null_and_what_is_extreme_is_exact(dbn):
    rows = [
        {
            "price": UNDEF_PRICE,
            "ts_event": UNDEF_TIMESTAMP,
            "order_id": 2**64 - 1,
            "action": "R",
            "side": "N",
        },
        {
            "price": -(2**63),
            "ts_event": 2**63 - 1,
            "order_id": 2**63,
            "sequence": 2**32 - 1,
            "ts_in_delta": -(2**31),
        },
    ]
    frame = table(columns(next(records(dbn(*rows), "mbo"))), np.array([5, 9]))
    assert frame["row"].to_list() == [5, 9]
    assert frame["price"].to_list() == [None, -(2**63)]
    assert frame["ts_event"].to_physical().to_list() == [None, 2**63 - 1]
    assert frame["order_id"].to_list() == [2**64 - 1, 2**63]
    assert (frame["sequence"][1], frame["in_delta_ns"][1]) == (2**32 - 1, -(2**31))
    assert frame.select("action", "side").rows() == [("R", "N"), ("A", "B")]


def test_some_records_can_be_put_behind_those_that_are_there():
    records = np.frombuffer(bytes(range(168)), MBO)
    whole, out = columns(records), empty(3)
    numbers = np.empty(3, np.int64)
    split(words(records), np.array([1]), out, numbers, 0, 100)
    split(words(records), np.array([0, 2]), out, numbers, 1, 200)
    assert out.order_id.tolist() == whole.order_id[[1, 0, 2]].tolist()
    assert out.side.tolist() == whole.side[[1, 0, 2]].tolist()
    assert numbers.tolist() == [101, 200, 202]


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ({}, False),
        ({"price": UNDEF_PRICE}, True),
        ({"ts_event": UNDEF_TIMESTAMP}, True),
        ({"ts_recv": UNDEF_TIMESTAMP}, True),
    ],
)
def test_splitting_tells_whether_anything_is_undefined(what, told):
    records = filled(LAYOUTS["mbo"][3], [{"price": 1}, {"price": 1, **what}, {"price": 1}])
    assert split(words(records), np.arange(3), empty(3), np.empty(3, np.int64), 0, 0) == told
    assert split(words(records), np.array([0, 2]), empty(3), np.empty(3, np.int64), 0, 0) is False


def test_no_records_are_an_empty_table_with_every_column():
    frame = table(columns(np.empty(0, MBO)), np.empty(0, np.int64))
    assert frame.height == 0
    assert frame.schema["action"] == pl.Enum(list(ACTIONS))
    assert frame.schema["ts_recv"] == pl.Datetime("ns", "UTC")
