"""Where a file belongs, by its own header."""

import pytest

from lakeflow.vendors.databento.delivery import Delivery, describe, refuse_stranger
from lakeflow.vendors.databento.header import read_header
from lakeflow.vendors.errors import ForeignFile

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("dataset", "symbols", "schema", "expected"),
    [
        ("GLBX.MDP3", ("ES.FUT",), "mbo", ("future_mbo", "ES")),
        ("GLBX.MDP3", ("ESH6", "ESM6", "ESH6-ESM6"), "status", ("future_mbo", "ES")),
        ("GLBX.MDP3", ("ES.OPT",), "definition", ("future_option_mbo", "ES")),
        ("GLBX.MDP3", ("ESH6 C6000", "ESH6 P6000"), "mbo", ("future_option_mbo", "ES")),
        ("XNAS.ITCH", ("NVDA",), "mbo", ("equity_mbo", "NVDA")),
        ("OPRA.PILLAR", ("SPY.OPT",), "cmbp-1", ("equity_option_cmbp_1", "SPY")),
    ],
)
def test_a_file_belongs_where_its_header_says(dbn, dataset, symbols, schema, expected):
    path = dbn(dataset=dataset, symbols=symbols, schema=schema)
    assert describe(path) == [Delivery(*expected, "2026-01-06")]


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"dataset": "XEUR.EOBI"}, "expected a dataset of .*GLBX.MDP3.*found XEUR.EOBI"),
        ({"schema": "trades"}, r"schema of \['definition', 'mbo', 'statistics', 'status'\], found trades"),
        ({"symbols": ()}, "the symbols it was asked for, found none"),
        ({"symbols": ("ES.v.0",)}, "found ES.v.0"),
        ({"symbols": ("ES.FUT", "ES.OPT")}, "found a mix of them"),
        ({"symbols": ("ESH6", "NQH6")}, "one parent, found 2: ES, NQ; download them one parent at a time"),
    ],
)
def test_a_file_that_belongs_nowhere_says_why(dbn, about, told):
    with pytest.raises(ForeignFile, match=told):
        describe(dbn(**about))


def test_a_file_of_several_days_is_refused_with_advice(dbn):
    days = {"start": 1767657600 * SECOND, "end": 1767830400 * SECOND + 1}
    with pytest.raises(
        ForeignFile, match="found 2026-01-06 to 2026-01-08; download it with split_duration=day"
    ):
        describe(dbn(**days))


def test_a_part_of_a_day_is_of_that_day(dbn):
    part = {"start": 1767657600 * SECOND + 5, "end": 1767744000 * SECOND}
    assert describe(dbn(**part))[0].dt == "2026-01-06"


def test_mappings_say_the_day_of_a_file_without_an_end(dbn):
    assert describe(dbn(end=None))[0].dt == "2026-01-06"


def test_a_file_in_the_wrong_folder_is_refused(dbn):
    path = dbn()
    with pytest.raises(
        ForeignFile, match="expected future_mbo NQ 2026-01-06, found future_mbo ES 2026-01-06"
    ):
        refuse_stranger(path, read_header(path), Delivery("future_mbo", "NQ", "2026-01-06"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("futures_mbo/esm4-20240508.mbo.dbn.zst", ("future_mbo", "ES", "2024-05-08")),
        ("futures_mbo/esh4-glbx-mdp3-20231224.mbo.dbn.zst", ("future_mbo", "ES", "2023-12-24")),
        ("databento_python_fixtures/IFEU.IMPACT/test_data.mbo.dbn.zst", ("future_mbo", "BRN", "2024-01-18")),
        ("databento_python_fixtures/XNAS.ITCH/test_data.mbo.dbn.zst", ("equity_mbo", "NVDA", "2020-12-28")),
        (
            "databento_python_fixtures/OPRA.PILLAR/test_data.definition.dbn.zst",
            ("equity_option_cmbp_1", "AAPL", "2025-02-20"),
        ),
    ],
)
def test_real_files_belong_where_they_should(vendor, name, expected):
    assert describe(vendor(name)) == [expected]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("esu4-20240701.definition", "found 2: ES, NQ"),
        ("esu4-20240701.trades", "found trades"),
        ("definition-glbx-es-futspread", "found 2023-08-01 to 2023-08-31"),
        ("definition-glbx-es-opt", "found 2023-08-01 to 2023-08-31"),
    ],
)
def test_real_files_that_are_no_delivery_say_why(vendor, name, told):
    with pytest.raises(ForeignFile, match=told):
        describe(vendor(f"futures_mbo/{name}.dbn.zst"))
