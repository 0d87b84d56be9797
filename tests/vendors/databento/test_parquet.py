"""Deliveries kept as the vendor's Parquet: the same records as in the DBN file, or a refusal that says why."""

import databento
import numpy as np
import polars as pl
import pytest

from lakeflow.vendors.databento.delivered import Delivered
from lakeflow.vendors.databento.delivery import Delivery, describe
from lakeflow.vendors.databento.header import read_header
from lakeflow.vendors.databento.records import blocks, records
from lakeflow.vendors.errors import DamagedFile, ForeignFile

ESM4 = "futures_mbo/esm4-20240508.mbo.dbn.zst"


@pytest.fixture
def kept(vendor, tmp_path):
    """A vendor file as its own client writes it to Parquet, changed where the test says so."""

    def write(name=ESM4, change=None, **how):
        path = tmp_path / "kept.parquet"
        store = databento.DBNStore.from_file(vendor(name))
        store.to_parquet(path, **{"price_type": "fixed", **how})
        if change is not None:
            pl.read_parquet(path).with_columns(**change).write_parquet(path)
        return path

    return write


def whole(path, rows=4_096) -> bytes:
    return b"".join(chunk.tobytes() for chunk in records(path, "mbo", rows))


@pytest.mark.filterwarnings("ignore")  # the client's, about its pandas
@pytest.mark.parametrize("how", [{}, {"pretty_ts": False}], ids=["times", "integers"])
def test_the_records_are_those_of_the_dbn_file(kept, vendor, how):
    path = kept(**how)
    assert whole(path) == whole(path, 7) == whole(vendor(ESM4))
    assert describe(path) == describe(vendor(ESM4)) == [Delivery("future_mbo", "ES", "2024-05-08")]


@pytest.mark.filterwarnings("ignore")
def test_a_share_is_told_by_its_publisher(kept, vendor):
    path = kept("databento_python_fixtures/XNAS.ITCH/test_data.mbo.dbn.zst")
    assert describe(path) == [Delivery("equity_mbo", "NVDA", "2020-12-28")]
    assert read_header(path).dataset == "XNAS.ITCH"


@pytest.mark.filterwarnings("ignore")
def test_prices_as_floats_are_refused_since_they_are_rounded(kept):
    with pytest.raises(
        ForeignFile, match=r"price as int64, exact .* found double, which is rounded; .*fixed"
    ):
        describe(kept(price_type="float"))


@pytest.mark.filterwarnings("ignore")
def test_a_file_without_symbols_is_refused(kept):
    with pytest.raises(ForeignFile, match=r"found no symbol; .*map_symbols=True"):
        describe(kept(map_symbols=False))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rtype": pl.lit(23, pl.UInt8)}, "byte 0 .*found system message"),
        ({"action": pl.lit("AA")}, "one letter as action, found 'AA'"),
        ({"publisher_id": pl.lit(9_999, pl.UInt16)}, "publishers that the vendor lists, found .*9999"),
        ({"size": pl.lit(1, pl.Int64)}, "size as uint32, found int64"),
        ({"symbol": pl.lit(None, pl.String)}, "rows with their symbol, found a row without one"),
        (
            {"size": pl.when(pl.col("sequence") != pl.col("sequence").first()).then("size")},
            "a number as size, found null",
        ),
    ],
)
def test_what_the_vendor_would_not_write_is_refused(kept, change, told):
    path = kept(change=change)
    with pytest.raises(ForeignFile, match=told):
        print(read_header(path), whole(path))


@pytest.mark.filterwarnings("ignore")
def test_a_letter_that_is_none_is_handed_on_to_be_rejected(kept):
    first = next(blocks(kept(change={"side": pl.lit(None, pl.String), "action": pl.lit("Z")}), "mbo")).rows
    assert np.unique(first["action"]).tolist() == [b"Z"]
    assert np.unique(first["side"]).tolist() == [b""]


@pytest.mark.filterwarnings("ignore")
def test_a_cut_file_is_refused(kept):
    path = kept()
    raw = path.read_bytes()
    for size in range(5, len(raw), len(raw) // 40):
        path.write_bytes(raw[:size])
        with pytest.raises(DamagedFile, match=r"kept\.parquet: byte 0 .*Parquet as it was written"):
            read_header(path)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("how", [{}, {"pretty_ts": False}], ids=["times", "integers"])
@pytest.mark.parametrize(
    "name",
    [
        "futures_mbo/esm4-20240508.definition.dbn.zst",
        "databento_python_fixtures/GLBX.MDP3/test_data.definition.dbn.zst",
        "databento_python_fixtures/GLBX.MDP3/test_data.statistics.dbn.zst",
        "databento_python_fixtures/GLBX.MDP3/test_data.status.dbn.zst",
    ],
)
def test_what_is_delivered_beside_the_orders_gives_the_same_rows_as_its_dbn_file(kept, vendor, name, how):
    path, (delivery,) = kept(name, **how), describe(vendor(name))
    assert describe(path) == [delivery]
    tables = [list(Delivered([file], delivery, "test").tables()) for file in (path, vendor(name))]
    frames = [[value for chunk in each for value in chunk.values()] for each in tables]
    assert all(
        mine.equals(theirs) if isinstance(mine, pl.DataFrame) else mine == theirs
        for mine, theirs in zip(*frames, strict=True)
    )


@pytest.mark.filterwarnings("ignore")
def test_a_file_of_one_schema_is_not_read_as_another(kept):
    with pytest.raises(ForeignFile, match="expected schema definition, found mbo; deliver one schema a file"):
        next(blocks(kept(), "definition"))
