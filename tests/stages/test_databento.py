"""Bronze from Databento: every record in one table or in rejects, by symbol, in file order, exact."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import databento
import numpy as np
import polars as pl
import pytest

from lakeflow.vendors.databento.encode import dbn_file
from lakeflow.vendors.databento.header import Interval, read_header
from lakeflow.vendors.databento.records import records
from lakeflow.vendors.errors import ForeignFile, VendorError
from stages.bronze.databento import normalise

DAY = date(2026, 1, 6)


def made(files, symbol="ES", dt=DAY, product_type="future_mbo") -> dict[str, pl.DataFrame]:
    """Every table whole, with the records counted as the engine counts them."""
    tables: dict[str, list[pl.DataFrame]] = {}
    read = 0
    for chunk in normalise(files, symbol, dt, product_type):
        read += chunk.pop("read", 0)
        for name, frame in chunk.items():
            tables.setdefault(name, []).append(frame)
    for frames in tables.values():
        frames[:] = [
            f.with_columns(pl.col("symbol").cast(pl.String)) if "symbol" in f.columns else f for f in frames
        ]
    coverage = tables.pop("coverage", [])  # it has no records
    whole = {name: pl.concat(frames).sort("row") for name, frames in tables.items()}
    assert read == sum(frame.height for frame in whole.values())
    return whole | ({"coverage": pl.concat(coverage)} if coverage else {})


def rewritten(path: Path, folder: Path, change, **about) -> Path:
    """A copy of an order file with its records changed, and its header where it says so."""
    rows = np.concatenate(list(records(path, "mbo")))
    with dbn_file(folder / path.name, replace(read_header(path), **about)) as file:
        file.write(change(rows).tobytes())
    return folder / path.name


def test_every_table_fits_its_contract(day_files, fits):
    tables = made(day_files)
    assert sorted(tables) == ["coverage", "definition", "orders", "statistics", "status"]
    assert all(fits(f"bronze/{name}", frame) for name, frame in tables.items())


def test_orders_are_the_vendors_records_by_symbol_in_file_order(day_files):
    frame = made(day_files)["orders"]
    theirs = databento.DBNStore.from_bytes(day_files[1].read_bytes()).to_ndarray()
    assert frame["row"].to_list() == list(range(len(theirs)))
    assert frame["order_id"].to_list() == theirs["order_id"].tolist()
    assert frame["sequence"].to_list() == theirs["sequence"].tolist()
    names = dict(made(day_files)["definition"].select("instrument_id", "raw_symbol").iter_rows())
    assert frame["symbol"].cast(pl.String).to_list() == [names[i] for i in theirs["instrument_id"].tolist()]


def test_spreads_go_under_their_own_symbol_and_keep_their_negative_prices(day_files):
    spread = made(day_files)["orders"].filter(pl.col("symbol") == "ESH6-ESM6")
    assert spread["price"].max() < 0
    assert spread.height > 600


def test_a_clear_has_no_price_and_a_snapshot_keeps_its_old_times(day_files):
    clear, order = made(day_files)["orders"].rows(named=True)[:2]
    assert (clear["action"], clear["price"], clear["flags"]) == ("R", None, 40)
    assert (order["action"], order["flags"]) == ("A", 40)
    assert order["ts_event"] < order["ts_recv"]


def test_a_record_that_cannot_be_a_row_is_a_reject_byte_for_byte(day_files, tmp_path, fits):
    def spoil(rows):
        rows["action"][5], rows["side"][7], rows["price"][9], rows[11] = b"Z", b"Q", 0, rows[10]
        return rows

    path = rewritten(day_files[1], tmp_path, spoil)
    tables = made([path, *day_files[2:]])
    rejects = tables["rejects"]
    assert fits("bronze/rejects", rejects)
    assert rejects.select("row", "reason").rows() == [
        (5, "b02_unknown_action"), (7, "b02_unknown_side"), (9, "b04_price_not_above_zero"), (11, "b06_repeated")
    ]  # fmt: skip
    raw = next(records(path, "mbo"))
    assert rejects["record"].to_list() == [raw[i].tobytes() for i in (5, 7, 9, 11)]
    assert rejects["byte_offset"].to_list() == [read_header(path).length + 56 * i for i in (5, 7, 9, 11)]
    assert rejects.select("meant_for", "origin", "file", "symbol_found").unique().rows() == [
        ("orders", "stages.bronze.databento.normalise", path.name, "ESH6")
    ]
    assert not set(rejects["row"]) & set(tables["orders"]["row"])


def test_an_instrument_that_no_definition_tells_of_is_refused(day_files, tmp_path):
    def rename(rows):
        rows["instrument_id"][rows["instrument_id"] == rows["instrument_id"][0]] = 77
        return rows

    known = {"ESH6": (Interval(DAY, date(2026, 1, 7), "77"),)}
    path = rewritten(day_files[1], tmp_path, rename, mappings=known)
    rejects = made([day_files[0], path])["rejects"]
    assert set(rejects["reason"]) == {"b02_undefined_instrument", "b02_unknown_instrument"}
    assert "orders" not in [n for n, f in made([path]).items() if not f.height]


def test_records_of_another_day_are_refused(day_files, tmp_path):
    def late(rows):
        rows["ts_recv"][-1] += 86_400_000_000_000
        return rows

    assert made([rewritten(day_files[1], tmp_path, late)])["rejects"]["reason"].to_list() == [
        "b01_outside_date"
    ]


def test_two_shards_are_one_sequence_of_rows(day_files, tmp_path):
    whole = made(day_files)["orders"]
    cut = 2_500
    for name, part in (("a", slice(0, cut)), ("b", slice(cut, None))):
        (tmp_path / name).mkdir()
        path = rewritten(day_files[1], tmp_path / name, lambda rows, part=part: rows[part])
        path.rename(tmp_path / f"{name}.mbo.dbn.zst")
    shards = [tmp_path / "a.mbo.dbn.zst", tmp_path / "b.mbo.dbn.zst"]
    assert made([*shards, day_files[0]])["orders"].equals(whole)


def test_the_same_file_under_two_names_is_refused(day_files, tmp_path):
    (tmp_path / "again.dbn.zst").write_bytes(day_files[1].read_bytes())
    with pytest.raises(ForeignFile, match="keep one of the two files"):
        made([tmp_path / "again.dbn.zst", day_files[1]])


@pytest.mark.parametrize(
    "wrong",
    [{"symbol": "NQ"}, {"dt": date(2026, 1, 7)}, {"product_type": "equity_mbo"}],
    ids=["parent", "date", "product"],
)
def test_a_file_in_the_wrong_delivery_is_refused_before_anything_is_read(day_files, wrong):
    with pytest.raises(ForeignFile, match="raw add"):
        next(normalise(day_files, **{"symbol": "ES", "dt": DAY, "product_type": "future_mbo"} | wrong))


def test_a_file_cut_in_the_middle_raises_and_says_where(day_files, tmp_path):
    cut = tmp_path / day_files[1].name
    cut.write_bytes(day_files[1].read_bytes()[:-1_000])
    with pytest.raises(VendorError, match=r"mbo\.dbn\.zst: byte \d+"):
        made([cut])


@pytest.mark.filterwarnings("ignore")  # the client's, about its pandas
def test_a_day_kept_as_parquet_gives_the_same_tables(day_files, tmp_path):
    kept = [tmp_path / path.name.replace(".dbn.zst", ".parquet") for path in day_files]
    for path, parquet in zip(day_files, kept, strict=True):
        databento.DBNStore.from_file(path).to_parquet(parquet, price_type="fixed")
    tables, theirs = made(kept), made(day_files)
    assert tables.keys() == theirs.keys()
    coverage, of_vendor = (each.pop("coverage").drop("file") for each in (tables, theirs))
    assert coverage.equals(of_vendor)
    assert all(frame.equals(theirs[name]) for name, frame in tables.items())


def test_a_holiday_is_tables_without_rows(day_files, tmp_path, fits):
    tables = made([rewritten(day_files[1], tmp_path, lambda rows: rows[:0]), day_files[0]])
    assert tables["definition"].height == 4
    assert "orders" not in tables or fits("bronze/orders", tables["orders"])


@pytest.mark.parametrize(
    ("pattern", "dt", "rows"),
    [
        ("futures_mbo/esm4-20240508.*", date(2024, 5, 8), {"ESM4": 13_796}),
        ("futures_mbo/esh4-*", date(2023, 12, 24), {"ESH4": 8_725}),
        ("dbn_fixtures/test_data.mbo.v1.dbn.zst", date(2020, 12, 28), {"ESH1": 2}),
        (
            "databento_python_fixtures/GLBX.MDP3/test_data.[dms][ebt][a-o]*.dbn.zst",
            date(2020, 12, 28),
            {"ESH1": 4},
        ),
    ],
)
def test_real_deliveries_pass_without_a_reject(vendor, fits, pattern, dt, rows):
    folder, name = pattern.rsplit("/", 1)
    files = [path for path in sorted(vendor(folder).glob(name)) if ".mbp" not in path.name]
    tables = made(files, dt=dt)
    assert "rejects" not in tables
    assert dict(tables["orders"].group_by(pl.col("symbol").cast(pl.String)).len().iter_rows()) == rows
    assert all(fits(f"bronze/{table}", frame) for table, frame in tables.items())


def test_a_share_passes_by_the_same_stage(vendor, fits):
    path = vendor("databento_python_fixtures/XNAS.ITCH/test_data.mbo.dbn.zst")
    frame = made([path], "NVDA", date(2020, 12, 28), "equity_mbo")["orders"]
    assert fits("bronze/orders", frame)
    assert set(frame["symbol"]) == {"NVDA"}
