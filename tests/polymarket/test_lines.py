"""The pieces of a shard are its lines, none lost, cut or told twice, whatever their size."""

import gzip

from hypothesis import example, given
from hypothesis import strategies as st

from lakeflow.vendors.polymarket.lines import pieces


@given(st.binary(max_size=40).map(lambda told: told.replace(b"x", b"\n")), st.integers(1, 50))
@example(b"a\n" * 9 + b"longer than a piece, and without an end", 4)
@example(b"\n\n\n", 1)
def test_pieces_are_whole_lines_and_all_of_them(tmp_path_factory, told, size):
    path = tmp_path_factory.mktemp("pieces")
    body = b"the first line\n" + told
    (path / "shard.jsonl").write_bytes(body)
    (path / "shard.jsonl.gz").write_bytes(gzip.compress(body[:20]) + gzip.compress(body[20:]))
    for name in ("shard.jsonl", "shard.jsonl.gz"):
        found = [bytes(piece.text) for piece in pieces(path / name, size)]
        assert b"".join(found) == told
        assert all(found)
        assert all(each.endswith(b"\n") for each in found[:-1])
