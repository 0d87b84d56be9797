"""Where a file belongs, by its own header."""

from datetime import date

import databento
import pytest

from lakeflow.vendors.databento.delivery import Delivery, describe, refuse_stranger
from lakeflow.vendors.databento.header import Interval, read_header
from lakeflow.vendors.databento.products import PRODUCTS
from lakeflow.vendors.errors import ForeignFile

SECOND = 1_000_000_000
# Indices, and Japan's exchanges, whose calendars are not here.
NONE_OF_OURS = {
    *("CCCY.CGIF", "CGI.CGIF", "DBIX.CORE", "FTSE.CGIF", "INAV.CGIF", "MAIN.CGIF", "MSCI.CGIF", "MSTAR.CGIF"),
    *("XOSE.ITCH", "XTKS.FLEX", "XTKT.ITCH"),
}


@pytest.mark.parametrize(
    ("dataset", "symbols", "schema", "expected"),
    [
        ("GLBX.MDP3", ("ES.FUT",), "mbo", ("future_mbo", "ES")),
        ("GLBX.MDP3", ("ESH6", "ESM6", "ESH6-ESM6"), "status", ("future_mbo", "ES")),
        ("GLBX.MDP3", ("ES.OPT",), "definition", ("future_option_mbo", "ES")),
        ("GLBX.MDP3", ("ESH6 C6000", "ESH6 P6000"), "mbo", ("future_option_mbo", "ES")),
        ("XNAS.ITCH", ("NVDA",), "mbo", ("equity_mbo", "NVDA")),
        ("OPRA.PILLAR", ("SPY.OPT",), "cmbp-1", ("equity_option_cmbp_1", "SPY")),
        ("GLBX.MDP3", ("ESH6",), "trades", ("future_mbo", "ES")),
        ("EQUS.MINI", ("QQQ",), "trades", ("equity_mbo", "QQQ")),
        ("IFEU.IMPACT", ("BRN.FUT",), "mbo", ("future_mbo", "BRN")),
        ("IFEU.IMPACT", ("BRN FMJ0024!",), "mbo", ("future_mbo", "BRN")),
        ("NDEX.IMPACT", ("TFM FMH0024!",), "statistics", ("future_mbo", "TFM")),
        ("XEUR.EOBI", ("FDAX SI 20240315 PS",), "mbo", ("future_mbo", "FDAX")),
    ],
)
def test_a_file_belongs_where_its_header_says(dbn, dataset, symbols, schema, expected):
    path = dbn(dataset=dataset, symbols=symbols, schema=schema)
    assert describe(path) == [Delivery(*expected, "2026-01-06")]


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"dataset": "XOSE.ITCH"}, "expected a dataset of .*GLBX.MDP3.*found XOSE.ITCH"),
        (
            {"schema": "tbbo"},
            r"schema of \['definition', 'mbo', 'statistics', 'status', 'trades'\], found tbbo",
        ),
        ({"symbols": ()}, "the symbols it was asked for, found none"),
        ({"symbols": ("ES.v.0",)}, "found ES.v.0"),
        ({"symbols": ("ES.FUT", "ES.OPT")}, "found a mix of them"),
        ({"dataset": "XNAS.ITCH", "symbols": ("ALL_SYMBOLS",)}, "found ALL_SYMBOLS"),
        (
            {"start": 1767657600 * SECOND, "end": 1767830401 * SECOND, "mappings": {}},
            "symbols on some day of 2026-01-06 to 2026-01-08, found none",
        ),
    ],
)
def test_a_file_that_belongs_nowhere_says_why(dbn, about, told):
    with pytest.raises(ForeignFile, match=told):
        describe(dbn(**about))


TUESDAY = 1767657600 * SECOND  # 2026-01-06
DAYS = ["2026-01-06", "2026-01-07", "2026-01-08"]


def listed(first, last, instrument_id) -> Interval:
    return Interval(date(2026, 1, first), date(2026, 1, last), str(instrument_id))


def test_a_file_of_several_days_and_parents_is_of_each_on_the_days_that_the_header_lists_it(dbn):
    known = {"ESH6": (listed(5, 9, 1),), "NQH6": (listed(6, 7, 2), listed(8, 9, 3))}
    path = dbn(symbols=("ESH6", "NQH6"), start=TUESDAY, end=TUESDAY + 2 * 86_400 * SECOND + 1, mappings=known)
    found = [(each.symbol, each.dt) for each in describe(path)]
    assert found == [("ES", DAYS[0]), ("NQ", DAYS[0]), ("ES", DAYS[1]), ("ES", DAYS[2]), ("NQ", DAYS[2])]


def test_days_without_a_listing_are_no_deliveries_however_long_the_range_is(dbn):
    path = dbn(start=0, end=TUESDAY * 2, mappings={"ESH6": (listed(6, 7, 1),)})
    assert [each.dt for each in describe(path)] == ["2026-01-06"]


def test_a_symbol_that_no_grammar_knows_is_of_the_parent_that_was_asked_for(dbn):
    known = {"UD:1V: VT 12": (listed(6, 7, 1),), "ESH6-NQH6": (listed(6, 7, 2),)}
    assert describe(dbn(symbols=("NQ.FUT",), mappings=known)) == [("future_mbo", "NQ", "2026-01-06")]


def test_a_file_of_several_deliveries_that_cannot_be_used_is_refused_before_it_is_in_any(dbn):
    known = {"ESH6": (listed(6, 8, 1),)}
    with pytest.raises(ForeignFile, match="found 1 partial: ESZ5"):
        describe(dbn(end=TUESDAY + 86_401 * SECOND, partial=("ESZ5",), mappings=known))


def test_what_the_vendor_puts_beside_the_data_is_no_delivery(tmp_path):
    (tmp_path / "manifest.json").write_text("{}")
    assert describe(tmp_path / "manifest.json") == []


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
    ("name", "first", "last", "count"),
    [
        ("esu4-20240701.definition", ("ES", "2024-07-01"), ("NQ", "2024-07-01"), 2),
        ("esu4-20240701.trades", ("ES", "2024-07-01"), ("ES", "2024-07-02"), 2),
        ("definition-glbx-es-fut", ("ES", "2023-04-01"), ("ES", "2023-04-30"), 30),
    ],
)
def test_real_files_of_several_deliveries_are_of_each(vendor, name, first, last, count):
    found = describe(vendor(f"futures_mbo/{name}.dbn.zst"))
    assert (found[0][1:], found[-1][1:], len(found)) == (first, last, count)


def test_every_dataset_of_the_vendor_has_a_product_or_is_known_to_have_none():
    ours = {name for product in PRODUCTS for name in product.datasets}
    assert {str(each) for each in databento.Dataset} - ours == NONE_OF_OURS
