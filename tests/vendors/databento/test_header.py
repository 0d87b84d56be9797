"""The header, read and written, against the vendor's own decoder."""

import io
from dataclasses import replace
from datetime import date

import pytest
from databento_dbn import Metadata
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.vendors.databento.codes import SCHEMAS, STYPES
from lakeflow.vendors.databento.encode import encode
from lakeflow.vendors.databento.header import Header, Interval, read_header, take_header
from lakeflow.vendors.databento.stream import Source
from lakeflow.vendors.errors import DamagedFile, ForeignFile

symbols = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=21)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
headers = st.builds(
    Header,
    version=st.sampled_from([1, 2, 3]),
    dataset=st.sampled_from(["GLBX.MDP3", "XNAS.ITCH"]),
    schema=st.sampled_from(SCHEMAS),
    start=st.integers(0, 2**62),
    end=st.none() | st.integers(1, 2**62),
    limit=st.none() | st.integers(1, 2**62),
    stype_in=st.none() | st.sampled_from(STYPES),
    stype_out=st.sampled_from(STYPES),
    ts_out=st.booleans(),
    symbols=st.lists(symbols, max_size=3).map(tuple),
    partial=st.lists(symbols, max_size=3).map(tuple),
    not_found=st.lists(symbols, max_size=3).map(tuple),
    mappings=st.dictionaries(
        symbols, st.lists(st.builds(Interval, days, days, symbols), max_size=3).map(tuple), max_size=3
    ),
)


def read(raw, path) -> Header:
    return take_header(Source(path, io.BytesIO(raw), None))


@given(headers)
def test_a_header_that_we_write_is_read_back_as_it_was(tmp_path_factory, header):
    raw = encode(header)
    assert read(raw, tmp_path_factory.getbasetemp()) == replace(header, length=len(raw))


@given(headers)
def test_the_vendor_reads_what_we_write(header):
    theirs = Metadata.decode(encode(header))
    assert (theirs.dataset, str(theirs.schema)) == (header.dataset, header.schema)
    assert (theirs.start, theirs.end, theirs.limit) == (header.start, header.end, header.limit)
    assert tuple(theirs.symbols) == header.symbols
    assert {k: [tuple(i.values()) for i in v] for k, v in theirs.mappings.items()} == {
        k: [tuple(i) for i in v] for k, v in header.mappings.items()
    }


@pytest.mark.parametrize(
    "name", ["mbo.v1.dbn.zst", "mbo.v2.dbn.zst", "mbo.v3.dbn.zst", "definition.v1.dbn.zst", "mbo.dbn"]
)
def test_we_read_what_the_vendor_writes(vendor, name):
    path = vendor(f"dbn_fixtures/test_data.{name}")
    header = read_header(path)
    assert header.stype_in == "raw_symbol"
    assert header.schema == name.split(".")[0]
    assert header.symbols == (("ESH1",) if header.schema == "mbo" else ("MSFT",))


def test_the_end_of_an_interval_is_the_first_day_without_the_symbol(vendor):
    header = read_header(vendor("dbn_fixtures/test_data.mbo.v3.dbn.zst"))
    assert header.mappings == {"ESH1": (Interval(date(2020, 12, 28), date(2020, 12, 29), "5482"),)}


def test_a_header_cut_anywhere_is_refused(dbn, tmp_path):
    whole = dbn().read_bytes()
    for size in range(1, len(whole)):
        cut = tmp_path / "cut.dbn"
        cut.write_bytes(whole[:size])
        with pytest.raises((DamagedFile, ForeignFile)):
            read_header(cut)


@pytest.mark.parametrize(
    ("at", "value", "told"), [(3, 4, "version"), (4, 1, "header of 100"), (25, 1, "schema code")]
)
def test_a_header_that_is_wrong_says_where(dbn, tmp_path, at, value, told):
    raw = bytearray(dbn().read_bytes())
    raw[at : at + 4 if at == 4 else at + 1] = value.to_bytes(4 if at == 4 else 1, "little")
    path = tmp_path / "wrong.dbn"
    path.write_bytes(raw)
    with pytest.raises((DamagedFile, ForeignFile), match=told):
        read_header(path)
