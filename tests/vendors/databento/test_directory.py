"""Symbols by id and date."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from lakeflow.vendors.databento.directory import DAY_NS, EPOCH, Directory
from lakeflow.vendors.databento.header import Header, Interval, read_header
from lakeflow.vendors.errors import DamagedFile, ForeignFile

FIRST, SECOND, THIRD = date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)


def directory(**mappings: list[tuple[date, date, str]]) -> Directory:
    intervals = {symbol: tuple(Interval(*each) for each in given) for symbol, given in mappings.items()}
    about = {"stype_in": "raw_symbol", "stype_out": "instrument_id", "start": 0, "end": None, "limit": None}
    return Directory(Path("day.dbn"), Header(3, "GLBX.MDP3", "mbo", mappings=intervals, **about))


def symbols(of: Directory, *records: tuple[int, date]) -> list[str | None]:
    ids = np.array([instrument_id for instrument_id, _ in records], np.uint32)
    received = np.array([(day - EPOCH).days * DAY_NS + 7 for _, day in records], np.uint64)
    return [of.symbols[code] if code >= 0 else None for code in of.codes(ids, received)]


def test_the_last_day_of_an_interval_is_the_one_before_its_end():
    of = directory(ESH6=[(FIRST, THIRD, "11")])
    assert symbols(of, (11, FIRST), (11, SECOND), (11, THIRD)) == ["ESH6", "ESH6", None]


def test_an_id_that_passes_to_another_symbol_is_told_by_the_date():
    of = directory(ESH6=[(FIRST, SECOND, "11"), (SECOND, THIRD, "12")], ESM6=[(SECOND, THIRD, "11")])
    assert symbols(of, (11, FIRST), (11, SECOND), (12, SECOND), (12, FIRST)) == ["ESH6", "ESM6", "ESH6", None]


def test_an_id_that_is_not_listed_has_no_symbol():
    of = directory(ESH6=[(FIRST, THIRD, "11")], ESM6=[(FIRST, THIRD, "13")])
    assert symbols(of, (10, FIRST), (12, FIRST), (14, FIRST), (2**32 - 1, FIRST)) == [None] * 4
    assert symbols(of) == []


def test_two_symbols_of_one_id_on_one_day_are_refused():
    of = directory(ESH6=[(FIRST, THIRD, "11")], ESM6=[(SECOND, THIRD, "11")])
    with pytest.raises(DamagedFile, match="one symbol for id 11 on 2026-01-06, found ESH6 and ESM6"):
        symbols(of, (11, SECOND))


@pytest.mark.parametrize("stype", ["continuous", "instrument_id", None])
def test_symbols_that_are_no_contracts_are_refused(dbn, stype):
    path = dbn(stype_in=stype)
    with pytest.raises(ForeignFile, match=f"found {stype} to instrument_id"):
        Directory(path, read_header(path))


def test_thousands_of_real_options_are_told_apart(vendor):
    path = vendor("futures_mbo/definition-glbx-es-opt.dbn.zst")
    known = Directory(path, read_header(path)).on(date(2023, 8, 7))
    assert known[2848915] == "UD:1V: 13 2848915"
    assert len(known) == 4_566
