"""Damaged files, as many as hypothesis finds: what comes out is the rows of the sound file, or a refusal with its place.

What no reader can see is told here by name: the format has no count of records and no checksum of its own.
"""

import io
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from lakeflow.vendors.databento.header import take_header
from lakeflow.vendors.databento.records import records
from lakeflow.vendors.databento.schemas import VERSIONS
from lakeflow.vendors.databento.stream import Source
from lakeflow.vendors.errors import FileRefused
from tests.vendors.databento.dbn_bytes import SKIPPABLE, frame, frames, plain

TOLD = re.compile(r"day\.dbn: byte \d+ \(decompressed\): expected .+, found .+; .+", re.DOTALL)


files = st.builds(
    plain,
    st.sampled_from(["mbo", "definition", "statistics", "status"]),
    st.sampled_from(VERSIONS),
    st.integers(0, 40),
)
full = files.filter(lambda file: bool(file.rows))


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes, str], bytes | FileRefused]:
    """The rows that a file's bytes are read as, or the refusal, which tells file, place, what was expected and found."""
    path = tmp_path_factory.mktemp("damage") / "day.dbn"

    def outcome(raw: bytes, schema: str) -> bytes | FileRefused:
        path.write_bytes(raw)
        try:
            return b"".join(rows.tobytes() for rows in records(path, schema, 16))
        except FileRefused as error:
            refused = error
        assert TOLD.search(str(refused)), refused
        return refused

    return outcome


def flipped(raw: bytes, bit: int) -> bytes:
    made = bytearray(raw)
    made[bit // 8 % len(raw)] ^= 1 << bit % 8
    return bytes(made)


bits = st.integers(0, 2**32)


@given(files, st.lists(st.integers(0), max_size=3), bits)
def test_one_bit_of_a_compressed_file_changes_nothing_or_is_refused(read, file, cuts, bit):
    raw = b"".join(frames(file.raw, cuts))
    assert read(raw, file.schema) == file.rows
    found = read(flipped(raw, bit), file.schema)
    assert isinstance(found, FileRefused) or found == file.rows


@given(files, bits)
def test_one_bit_of_a_compressed_file_of_one_frame_changes_nothing_or_is_refused(read, file, bit):
    found = read(flipped(frame(file.raw), bit), file.schema)
    assert isinstance(found, FileRefused) or found == file.rows


@given(files, st.integers(0))
def test_a_frame_that_is_cut_is_refused(read, file, size):
    raw = frame(file.raw)
    assert isinstance(read(raw[: size % len(raw)], file.schema), FileRefused)


@given(files, st.lists(st.integers(0), min_size=1, max_size=3), st.integers(0))
def test_of_frames_that_are_cut_only_what_ends_with_a_frame_and_a_record_is_not_refused(
    read, file, cuts, size
):
    """A file cut between two frames is a shorter file to any reader: that it is all of the day, only its digest can tell."""
    parts = frames(file.raw, cuts)
    ends = {len(b"".join(parts[:n])) - tail for n in range(1, len(parts)) for tail in (0, len(SKIPPABLE))}
    raw = b"".join(parts)
    size %= len(raw)
    found = read(raw[:size], file.schema)
    if size not in ends | {len(raw) - len(SKIPPABLE)}:
        assert isinstance(found, FileRefused)
    elif not isinstance(found, FileRefused):
        assert file.rows.startswith(found)
        assert len(found) % file.size == 0


@given(files, st.integers(0))
def test_a_plain_file_that_is_cut_is_refused_unless_a_record_ends_there(read, file, size):
    """DBN has no count of its records, so nothing in a plain file tells that whole ones are missing at its end."""
    size %= len(file.raw)
    found = read(file.raw[:size], file.schema)
    if size >= file.start and (size - file.start) % file.size == 0:
        assert found == file.rows[: size - file.start]
    else:
        assert isinstance(found, FileRefused)


@given(files, st.binary(min_size=1, max_size=80), st.booleans())
def test_bytes_after_the_end_are_refused(read, file, tail, compressed):
    raw = frame(file.raw) if compressed else file.raw
    assert isinstance(read(raw + tail, file.schema), FileRefused)


@given(files, files, st.booleans(), st.booleans())
def test_two_files_in_one_are_refused(read, file, other, first, second):
    """Each as it is or as a frame; also where the second has no records."""
    raw = (frame(file.raw) if first else file.raw) + (frame(other.raw) if second else other.raw)
    found = read(raw, file.schema)
    assert isinstance(found, FileRefused)
    if first == second:
        assert found.offset == len(file.raw)
        assert "the header of another file" in str(found)


@given(full, st.integers(0), st.integers(0, 255), st.sampled_from([0, 1]), st.booleans())
def test_a_record_of_another_length_or_type_is_refused_where_it_stands(
    read, file, nth, value, at, compressed
):
    place = file.start + nth % (len(file.rows) // file.size) * file.size
    raw = bytearray(file.raw)
    raw[place + at] = value
    found = read(frame(bytes(raw)) if compressed else bytes(raw), file.schema)
    if raw == file.raw:
        assert found == file.rows
    else:
        assert isinstance(found, FileRefused)
        assert found.offset == place


@given(full, st.integers(0))
def test_one_bit_of_a_plain_record_is_refused_in_its_head_and_cannot_be_seen_behind_it(read, file, bit):
    """No checksum stands over a plain file: a changed price is a price. What is left unchanged is all the rest."""
    place = file.start + bit // 8 % len(file.rows)
    raw = flipped(file.raw, place * 8 + bit % 8)
    found = read(raw, file.schema)
    if (place - file.start) % file.size < 2:  # its length and its type
        assert isinstance(found, FileRefused)
        assert found.offset == place - (place - file.start) % file.size
    else:
        assert found == raw[file.start :]


@given(files, bits)
def test_one_bit_of_a_plain_header_is_refused_or_leaves_every_record(read, file, bit):
    """What it says may be another word then: a header has no checksum either."""
    raw = flipped(file.raw, bit % (file.start * 8))
    found = read(raw, file.schema)
    assert isinstance(found, FileRefused) or found == file.rows


@given(files, bits)
def test_a_flipped_count_or_length_in_a_header_never_hides_symbols(file, bit):
    """A header is read to its last byte: whatever lists there are come out as long as they were, or it is refused."""
    raw = file.raw[: file.start]
    with suppress(FileRefused):
        assert lengths(flipped(raw, bit)) == lengths(raw)


def lengths(raw: bytes) -> list[int]:
    found = take_header(Source(Path("day.dbn"), io.BytesIO(raw), None))
    lists = (found.symbols, found.partial, found.not_found, *found.mappings.values())
    return [len(each) for each in lists]


def test_a_frame_without_a_checksum_does_not_show_a_changed_record(read):
    """The vendor writes a checksum; files that others packed again may have none, and are read all the same."""
    file = plain("mbo", 3, 1)
    body = zstandard.ZstdCompressor(write_checksum=False).compress(file.rows)
    at = body.index(b"\x0e\xa0") + 2  # too few bytes to be packed well: some stand there as they are
    assert read(frame(file.raw[: file.start]) + flipped(body, at * 8), "mbo") == flipped(file.rows, 2 * 8)
