"""Definitions, statistics and status as tables, the same for every DBN version."""

import databento_dbn as dbn
import numpy as np
import polars as pl
import pytest
from databento_dbn import DBNDecoder, VersionUpgradePolicy

from lakeflow.vendors.databento.definition import V3, as_v3
from lakeflow.vendors.databento.records import records
from lakeflow.vendors.databento.tables import TABLES, definitions, statistics, statuses

NOTHING = np.full(100, -1, np.int32)


def read(path, schema):
    return np.concatenate(list(records(path, schema)))


@pytest.mark.parametrize("version", [1, 2])
def test_old_definitions_become_what_the_vendor_upgrades_them_to(vendor, version):
    path = vendor(f"dbn_fixtures/test_data.definition.v{version}.dbn.zst")
    decoder = DBNDecoder(compression=dbn.Compression.ZSTD, upgrade_policy=VersionUpgradePolicy.UPGRADE_TO_V3)
    decoder.write(path.read_bytes())
    theirs = [r for r in decoder.decode() if isinstance(r, dbn.InstrumentDefMsg)]
    ours = as_v3(read(path, "definition"))
    assert len(ours) == len(theirs) == 2
    for name in V3.names:
        if not name.startswith(("_", "leg_", "length", "rtype")):
            assert [as_text(x) for x in ours[name].tolist()] == [as_text(field(t, name)) for t in theirs], (
                name
            )


def field(record, name):
    """A field of the vendor's object: enums by their value, a class by its letter."""
    value = getattr(record, name)
    return getattr(value, "value", value)


def as_text(value) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


@pytest.mark.parametrize("schema", ["definition", "statistics", "status"])
def test_the_same_file_in_every_version_is_the_same_table(vendor, schema):
    paths = sorted(vendor("dbn_fixtures").glob(f"test_data.{schema}.v*.dbn.zst"))
    contents = [read(path, schema) for path in paths]
    first, *others = [TABLES[schema](rows, NOTHING[: len(rows)], []) for rows in contents]
    assert len(others) == len(paths) - 1 > 0
    for other in others:
        assert first.equals(other)


def test_a_real_future_is_told_without_sentinels(vendor):
    frame = definitions(
        read(vendor("futures_mbo/esm4-20240508.definition.dbn.zst"), "definition"), NOTHING[:1], []
    )
    row = frame.row(0, named=True)
    assert (row["raw_symbol"], row["instrument_class"], row["asset"], row["maturity_year"]) == (
        "ESM4",
        "F",
        "ES",
        2024,
    )
    assert (row["min_price_increment"], row["unit_of_measure_qty"]) == (250_000_000, 50_000_000_000)
    assert str(row["ts_expiration"]) == "2024-06-21 13:30:00+00:00"
    nulls = (
        "strike_price",
        "price_ratio",
        "contract_multiplier",
        "maturity_day",
        "tick_rule",
        "underlying",
        "underlying_id",
    )
    assert [row[name] for name in (*nulls, "leg_count", "leg_side")] == [None] * 9


def test_a_real_option_keeps_its_strike_and_has_no_activation(vendor):
    path = vendor("databento_python_fixtures/OPRA.PILLAR/test_data.definition.dbn.zst")
    row = definitions(read(path, "definition"), NOTHING[:1], []).row(0, named=True)
    assert (row["instrument_class"], row["strike_price"], row["underlying"]) == ("C", 250_000_000_000, "AAPL")
    assert (row["ts_activation"], row["unit_of_measure_qty"], row["min_price_increment"]) == (
        None,
        None,
        None,
    )


def test_a_statistic_is_a_price_or_a_quantity(vendor):
    path = vendor("databento_python_fixtures/GLBX.MDP3/test_data.statistics.dbn.zst")
    frame = statistics(read(path, "statistics"), np.array([0, 0, -1, 0]), ["ESH1"])
    assert frame["price"][0] == 3_707_750_000_000
    assert frame["quantity"].to_list() == frame["ts_ref"].to_list() == [None] * 4
    assert frame["raw_symbol"].to_list() == ["ESH1", "ESH1", None, "ESH1"]


def test_a_status_that_is_not_told_is_null(vendor):
    path = vendor("databento_python_fixtures/GLBX.MDP3/test_data.status.dbn.zst")
    frame = statuses(read(path, "status"), NOTHING[:4], [])
    assert frame.select("action", "is_trading", "is_short_sell_restricted").rows()[:2] == [
        (7, "Y", None),
        (1, "N", None),
    ]


@pytest.mark.parametrize("schema", ["definition", "statistics", "status"])
def test_no_records_are_a_table_of_the_same_types(vendor, schema):
    rows = read(vendor(f"dbn_fixtures/test_data.{schema}.v3.dbn.zst"), schema)
    full, empty = (TABLES[schema](part, NOTHING[: len(part)], ["A"]) for part in (rows, rows[:0]))
    assert empty.schema == full.schema
    assert not any(isinstance(kind, pl.Null) for kind in full.schema.values())
