"""Lines of a capture read from their bytes are those that the decoder reads, and a line is read in one of the two ways."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from lakeflow.vendors.polymarket.bare import CAPTURE
from lakeflow.vendors.polymarket.captured import captured
from lakeflow.vendors.polymarket.delivery import Head
from lakeflow.vendors.polymarket.pieces import decoded_lines, lines_of

HEAD = Head(CAPTURE, "2026-01-05", "a")
FRAMES = (
    '[{"event_type": "book"}]',
    "PONG",
    " PING\n",
    "",
    " ",
    "\u00e9",
    'a\\"b',
    "\t{",
    "\x7f",
    "busy",
    "\x00",
    "\ud83d\ude00",
)
NUMBERS = st.one_of(
    st.integers(0, 10**18), st.sampled_from([1_767_600_000_000_000, -1, 1.5, None, "7", True, 10**19])
)
# Few letters: to draw one of all that there are takes a busy machine longer than hypothesis waits.
SHORT = st.text(
    st.sampled_from('a"\\/{[:, \n\t\x00\x1f\x7f\x85\u00e9\u2028\ufeff\ud83d\U0001f600'), max_size=6
)
LINE = st.fixed_dictionaries(
    {
        "recv_us": st.one_of(st.integers(1_767_571_200_000_000, 1_767_657_599_999_999), NUMBERS),
        "conn": st.sampled_from(["1", "2", "", "\u00e9", None]), "seq": NUMBERS, "frame": st.one_of(st.sampled_from(FRAMES), SHORT),
    }
)  # fmt: skip
WRITTEN = st.tuples(LINE, st.sampled_from([(", ", ": "), (",", ":"), ("\t,", " :\t")]), st.booleans()).map(
    lambda given: json.dumps(given[0], separators=given[1], ensure_ascii=given[2]).encode(errors="replace")
)
LETTERS = st.sampled_from([bytes([each]) for each in b' \t\r\n{}",:\\0159u\x7f\x80\xff'])
MENDED = st.tuples(WRITTEN, st.integers(0, 100), st.integers(0, 2), LETTERS).map(
    lambda given: given[0][: given[1]] + given[3] + given[0][given[1] + given[2] :]
)
GOOD = b'{"recv_us": 1767600000000000, "conn": "1", "seq": 7, "frame": "{\\"a\\": 1}"}'


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(WRITTEN, MENDED), max_size=5), st.booleans())
@example([GOOD, b"", GOOD], True)
@example([GOOD, GOOD[:-9]], False)
@example([GOOD + b"\r", GOOD + b" ", GOOD.replace(b"7", b"07"), GOOD + GOOD], True)
def test_both_ways_to_read_a_line_are_the_same(lines, is_ended):
    rest = b"\n".join(lines) + (b"\n" if is_ended and lines else b"")
    quick, slow = captured(rest), decoded_lines(rest, HEAD)
    both, left = lines_of(rest, HEAD), decoded_lines(quick.rest, HEAD)
    assert quick.table.height + left.rows.height == slow.rows.height
    assert sorted(left.faults) == sorted(slow.faults)
    order = ["ts_recv", "conn_id", "frame_seq", "frame"]
    assert_frame_equal(both.rows.sort(order), slow.rows.sort(order))


@pytest.mark.parametrize("separators", [(", ", ": "), (",", ":")])
def test_what_recorders_write_is_not_left_to_the_decoder(separators):
    frame = '[{"event_type":"book", "x": "\\\\ / \\n"}]\n'
    line = json.dumps({"recv_us": 1, "conn": "b", "seq": 0, "frame": frame}, separators=separators).encode()
    found = captured(line + b"\n" + line)
    assert (found.table.rows(), found.rest) == ([(1, "b", 0, frame)] * 2, b"")
