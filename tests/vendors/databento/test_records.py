"""Records, read strictly: what is whole comes out byte for byte, and what is not is refused with its place."""

from pathlib import Path

import databento
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lakeflow.vendors.databento.encode import encode
from lakeflow.vendors.databento.header import read_header
from lakeflow.vendors.databento.records import chunks, records
from lakeflow.vendors.errors import DamagedFile, ForeignFile, VendorError
from tests.vendors.databento.dbn_bytes import SKIPPABLE, flushed, frame

ORDERS = [{"order_id": n, "size": n % 7 + 1} for n in range(1, 1001)]


def whole(path: Path, schema: str = "mbo", rows: int = 7) -> bytes:
    return b"".join(chunk.tobytes() for chunk in records(path, schema, rows))


def theirs(path: Path) -> bytes:
    return databento.DBNStore.from_bytes(path.read_bytes()).to_ndarray().tobytes()


def changed(path: Path, at: int, value: bytes) -> Path:
    raw = bytearray(path.read_bytes())
    raw[at : at + len(value)] = value
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("schema", ["mbo", "definition", "statistics", "status"])
def test_every_vendor_file_is_read_as_the_vendor_reads_it(vendor, schema):
    for path in sorted(vendor("dbn_fixtures").rglob(f"*.{schema}*.dbn*")):
        if ".frag" not in path.name:
            assert whole(path, schema, 1) == theirs(path), path.name


def test_a_real_day_is_read_as_the_vendor_reads_it(vendor):
    path = vendor("futures_mbo/esm4-20240508.mbo.dbn.zst")
    assert whole(path, rows=1000) == theirs(path)


def test_three_versions_of_one_file_hold_the_same_orders(vendor):
    read = [whole(vendor(f"dbn_fixtures/test_data.mbo.v{n}.dbn.zst")) for n in (1, 2, 3)]
    assert read[0] == read[1] == read[2] != b""


def test_every_chunk_but_the_last_is_full_and_knows_its_place(dbn):
    path = dbn(*ORDERS[:10])
    found = list(chunks(path, "mbo", 4))
    start = read_header(path).length
    assert [(chunk.offset - start, len(chunk.rows)) for chunk in found] == [(0, 4), (4 * 56, 4), (8 * 56, 2)]


def test_chunks_are_no_views_of_one_buffer(dbn):
    first, second = records(dbn(*ORDERS[:2]), "mbo", 1)
    assert (first["order_id"][0], second["order_id"][0]) == (1, 2)


def test_a_header_alone_is_a_day_without_records(dbn):
    assert list(records(dbn(name="holiday.dbn.zst"), "mbo")) == []


def test_frames_and_skippable_frames_and_a_split_header_change_nothing(dbn, tmp_path):
    raw = dbn(*ORDERS).read_bytes()
    path = tmp_path / "frames.dbn.zst"
    pieces = [raw[:50], raw[50:300], raw[300:20_001], raw[20_001:]]
    path.write_bytes(SKIPPABLE + b"".join(frame(piece) + SKIPPABLE for piece in pieces))
    assert whole(path) == whole(dbn(*ORDERS))


def test_a_compressed_file_cut_anywhere_is_refused(dbn, tmp_path):
    raw = dbn(*ORDERS, name="day.dbn.zst").read_bytes()
    cut = tmp_path / "cut.dbn.zst"
    for size in range(0, len(raw), max(1, len(raw) // 97)):
        cut.write_bytes(raw[:size])
        with pytest.raises(VendorError, match=r"cut\.dbn\.zst: byte \d+"):
            whole(cut)


def test_a_file_cut_where_a_record_ends_is_refused(dbn, tmp_path):
    raw = dbn(*ORDERS).read_bytes()
    start = len(raw) - 1000 * 56
    path = tmp_path / "cut.dbn.zst"
    path.write_bytes(flushed(raw[: start + 560], raw[start + 560 :])[:-4])  # the checksum is missing
    with pytest.raises(DamagedFile, match="the end of a zstd frame"):
        whole(path)
    path.write_bytes(flushed(raw[: start + 560])[:-7])  # cut at the flush: ten whole records came out
    with pytest.raises(DamagedFile, match=r"byte \d+ .*the end of a zstd frame"):
        whole(path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_flipped_bit_is_refused_or_changes_nothing(dbn, tmp_path, data):
    path = dbn(*ORDERS[:50], name="day.dbn.zst")
    sound, raw = whole(path), bytearray(path.read_bytes())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    flipped = tmp_path / "flipped.dbn.zst"
    flipped.write_bytes(raw)
    try:
        assert whole(flipped) == sound
    except VendorError as error:
        assert "flipped.dbn.zst" in str(error)  # noqa: PT017  either outcome is right


def test_bytes_after_the_last_record_are_refused(dbn):
    path = dbn(*ORDERS[:3])
    end = path.stat().st_size
    path.write_bytes(path.read_bytes() + b"\x0e" * 13)
    with pytest.raises(DamagedFile, match=rf"byte {end} .*a whole record of 56 bytes, found 13 bytes"):
        whole(path)


@pytest.mark.parametrize("tail", [b"garbage", b"\x28\xb5", frame(b"x" * 13)])
def test_bytes_after_the_last_frame_are_refused(dbn, tail):
    path = dbn(*ORDERS[:3], name="day.dbn.zst")
    path.write_bytes(path.read_bytes() + tail)
    with pytest.raises(DamagedFile):
        whole(path)


@pytest.mark.parametrize("count", [0, 3])
def test_a_second_file_glued_on_is_refused(dbn, count):
    first = dbn(*ORDERS[:3])
    end = first.stat().st_size
    first.write_bytes(first.read_bytes() + dbn(*ORDERS[:count], name="other.dbn").read_bytes())
    with pytest.raises(DamagedFile, match=rf"byte {end} .*the header of another file"):
        whole(first)


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (b"\0\xa0", "a record of length zero"),
        (b"\x0e\x17", "56 bytes of system message"),
        (b"\x0e\x77", "56 bytes of record type 119"),
        (b"\x10\xa0", "ts_out record"),
        (b"\x0f\xa0", "60 bytes of mbo"),
    ],
)
def test_a_record_that_does_not_belong_is_refused_where_it_stands(dbn, head, told):
    path = dbn(*ORDERS[:9])
    at = read_header(path).length + 5 * 56
    with pytest.raises(VendorError, match=rf"day\.mbo\.dbn: byte {at} .*{told}"):
        whole(changed(path, at, head))


def test_definitions_of_one_version_under_the_header_of_another_are_refused(vendor, tmp_path):
    path = vendor("dbn_fixtures/test_data.definition.v3.dbn.zst")
    body = whole(path, "definition")
    wrong = tmp_path / "wrong.dbn"
    header = read_header(vendor("dbn_fixtures/test_data.definition.v1.dbn.zst"))
    wrong.write_bytes(encode(header) + body)
    with pytest.raises(DamagedFile, match="the records are DBN v3 and the header is v1"):
        whole(wrong, "definition")


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"ts_out": True}, "without ts_out"),
        ({"partial": ("ESM6",)}, "1 partial: ESM6"),
        ({"not_found": ("ESM6", "ESU6")}, "2 not_found: ESM6, ESU6"),
        ({"schema": "trades"}, "schema mbo, found trades"),
        ({"schema": None}, "schema mbo, found mixed"),
    ],
)
def test_a_whole_file_that_is_not_what_was_asked_for_is_refused(dbn, about, told):
    with pytest.raises(ForeignFile, match=told):
        whole(dbn(*ORDERS[:3], **about))


@pytest.mark.parametrize("raw", [b"", b"PAR1....", b"\x0e\xa0\x01\x00", b"DB"])
def test_what_is_no_dbn_is_refused(tmp_path, raw):
    path = tmp_path / "day.dbn"
    path.write_bytes(raw)
    with pytest.raises(VendorError, match=r"day\.dbn: byte 0"):
        whole(path)


def test_a_fragment_without_a_header_is_refused(vendor):
    for path in vendor("dbn_fixtures").glob("*.frag*"):
        with pytest.raises(ForeignFile):
            whole(path, "definition")


def test_arrays_have_the_layout_of_their_version(vendor):
    sizes = [
        next(records(vendor(f"dbn_fixtures/test_data.definition.v{n}.dbn.zst"), "definition"))
        for n in (1, 2, 3)
    ]
    assert [array.dtype.itemsize for array in sizes] == [360, 400, 520]
    assert np.unique([array["raw_symbol"][0] for array in sizes]).tolist() == [b"MSFT"]
