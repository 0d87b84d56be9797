"""A day's bronze is the same rows in the same order however it is cut: into shards, into pieces, into what is sorted at a time."""

import json
from collections import defaultdict

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lakeflow.vendors.polymarket.shards import day_rows

NOON = 1_767_614_400_000_000
DAY = 86_400_000_000
HEAD = {"shard": "polymarket/capture/1", "day": "2026-01-05"}
LINE = st.builds(
    lambda at, conn, seq, frame: json.dumps({"recv_us": NOON + at, "conn": conn, "seq": seq, "frame": frame}),
    st.one_of(st.integers(0, 9), st.sampled_from([DAY, -DAY])), st.sampled_from("12"), st.integers(0, 2), st.sampled_from(["{}", "PONG", "é"]),
)  # fmt: skip
ODD = st.sampled_from(["", "{", '{"conn": "1", "recv_us": 1767614400000003, "seq": 1, "frame": "{}"}', "[]"])
SHARD = st.tuples(st.sampled_from("ab"), st.lists(st.one_of(LINE, LINE, ODD), max_size=8), st.booleans())


def tables(files, *sizes):
    found = defaultdict(list)
    for table, rows in day_rows(files, None, *sizes):
        found[table].append(rows)
    return {table: pl.concat(parts) for table, parts in found.items()}


def written(folder, shards):
    folder.mkdir()
    for place, (capture, lines, is_sorted) in enumerate(shards):
        told = sorted(lines, key=lambda line: line[:28]) if is_sorted else lines
        (folder / f"{place}").write_text("\n".join([json.dumps(HEAD | {"capture": capture}), *told, ""]))
    return [folder / f"{place}" for place in range(len(shards))]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SHARD, min_size=1, max_size=4), st.randoms(), st.integers(1, 400), st.integers(1, 900))
def test_bronze_is_the_same_for_any_order_of_shards_and_any_size_of_pieces(
    tmp_path_factory, shards, draw, piece, room
):
    files = written(tmp_path_factory.mktemp("day") / "shards", shards)
    whole = tables(files)
    draw.shuffle(files)
    cut = tables(files, piece, room)
    assert {name: rows.rows() for name, rows in cut.items()} == {n: rows.rows() for n, rows in whole.items()}
    assert whole["frames"]["row"].to_list() == list(range(whole["frames"].height))
    keys = whole["frames"].select("ts_recv", "capture_id", "conn_id", "frame_seq", "frame").rows()
    assert keys == sorted(set(keys))
    assert whole["frames"].height + whole["quarantine"].height == sum(len(lines) for _, lines, _ in shards)
