"""Files that the vendor and others wrote: versions of one file agree, and so do two schemas of one stretch of the market."""

import numpy as np
import polars as pl
import pytest

from lakeflow.vendors.databento.header import read_header
from lakeflow.vendors.databento.records import records
from lakeflow.vendors.databento.tables import TABLES
from lakeflow.vendors.errors import ForeignFile


def rows(path, schema):
    return np.concatenate(list(records(path, schema)))


def frame(path, schema) -> pl.DataFrame:
    read = rows(path, schema)
    return TABLES[schema](read, np.zeros(len(read), np.int32), ["X"])


@pytest.mark.parametrize(("schema", "versions"), [("statistics", (1, 2, 3)), ("status", (2, 3))])
def test_every_version_of_one_file_is_the_same_table(vendor, schema, versions):
    paths = [vendor(f"dbn_fixtures/test_data.{schema}.v{n}.dbn.zst") for n in versions]
    first, *others = (frame(path, schema) for path in paths)
    assert first.height > 0
    assert all(first.equals(other) for other in others)


def test_definitions_of_three_versions_differ_only_in_what_the_older_do_not_hold(vendor):
    paths = [vendor(f"dbn_fixtures/test_data.definition.v{n}.dbn.zst") for n in (1, 2, 3)]
    first, second, third = (frame(path, "definition") for path in paths)
    assert first.equals(second)
    told = [name for name in first.columns if not first[name].equals(third[name])]
    assert all(name.startswith("leg_") or first[name].null_count() for name in told), told


def test_the_trades_in_top_of_book_records_are_those_of_the_trades_file(vendor):
    quotes = rows(vendor("futures_mbo/esu4-20240701.mbp-1.dbn.zst"), "mbp-1")
    trades = rows(vendor("futures_mbo/esu4-20240701.trades.dbn.zst"), "trades")
    traded = quotes[quotes["action"] == b"T"]
    names = [name for name in trades.dtype.names if name not in ("length", "rtype")]
    assert len(trades) == 120
    assert all(np.array_equal(traded[name], trades[name]) for name in names)


@pytest.mark.parametrize("kind", ["futspread", "opt"])
def test_a_real_file_whose_symbols_were_not_all_resolved_is_refused(vendor, kind):
    path = vendor(f"futures_mbo/definition-glbx-es-{kind}.dbn.zst")
    header = read_header(path)
    assert header.partial or header.not_found
    with pytest.raises(
        ForeignFile, match=r"every symbol resolved on every day, found \d+ (partial|not_found)"
    ):
        rows(path, "definition")


def test_a_month_of_definitions_of_one_contract_is_read_whole(vendor):
    made = frame(vendor("futures_mbo/definition-glbx-es-fut.dbn.zst"), "definition")
    assert set(made["raw_symbol"]) == {"ESM3"}
    assert set(made["instrument_class"]) == {"F"}
