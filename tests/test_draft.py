"""A draft on the disk: the same bytes however its rows come and whoever writes them; what goes wrong is told."""

import json

import polars as pl
import pyarrow.parquet as pq
import pytest

from lakeflow.avsc import NANOS, enum, field, record
from lakeflow.behind import Behind
from lakeflow.contract import read_contract
from lakeflow.draft import GROUP_ROWS, Draft
from lakeflow.errors import StepFailed
from lakeflow.types import polars_schema

CONTRACT = read_contract(
    json.dumps(
        record(
            "bronze/ticks",
            [
                field("row", "long", encoding="delta"),
                field("ts_event", NANOS),
                field("size", ["null", "int"]),
                field("side", enum("Side", "A", "B")),
            ],
        )
    ),
    "bronze/ticks",
)
ROWS = 2 * GROUP_ROWS + 1_000


@pytest.fixture(scope="module")
def ticks() -> pl.DataFrame:
    row = pl.int_range(ROWS, eager=True)
    frame = pl.DataFrame({"row": row, "ts_event": row * 1_000, "size": row % 97, "side": row % 2})
    side = pl.col("side").replace_strict({0: "A", 1: "B"}, return_dtype=pl.String)
    return frame.with_columns(side, size=pl.when(pl.col("size") > 0).then("size")).cast(
        polars_schema(CONTRACT)
    )


def written(path, frame, rows, *, overlaps) -> bytes:
    """The bytes of a draft of this frame, given so many rows at a time."""
    behind = Behind(overlaps=overlaps)
    draft = Draft(path, CONTRACT, behind)
    for part in frame.iter_slices(rows):
        draft.write(part)
    content = draft.content()
    draft.close({b"content": content})
    behind.close()
    return path.read_bytes()


def test_the_bytes_depend_neither_on_the_chunks_nor_on_a_thread(ticks, tmp_path):
    path = tmp_path / "draft"
    plain = written(path, ticks, ROWS, overlaps=False)
    chunks = (ROWS, GROUP_ROWS, 100_000, 65_537)
    assert all(written(path, ticks, rows, overlaps=o) == plain for rows in chunks for o in (True, False))
    assert pl.read_parquet(path).equals(ticks)


def test_every_row_group_but_the_last_has_the_same_number_of_rows(ticks, tmp_path):
    written(tmp_path / "draft", ticks, 65_537, overlaps=True)
    footer = pq.read_metadata(tmp_path / "draft")
    rows = [footer.row_group(each).num_rows for each in range(footer.num_row_groups)]
    assert rows == [GROUP_ROWS, GROUP_ROWS, 1_000]


@pytest.mark.parametrize("overlaps", [True, False])
def test_a_full_disk_is_told_to_whoever_gives_the_rows(ticks, tmp_path, overlaps):
    (tmp_path / "draft").symlink_to("/dev/full")
    behind = Behind(overlaps=overlaps)
    draft = Draft(tmp_path / "draft", CONTRACT, behind)

    def write() -> None:
        draft.write(ticks)
        draft.content()

    with pytest.raises(StepFailed, match=r"expected a disk that takes a draft, found No space left"):
        write()
    behind.close()
    draft.abandon()


def test_a_draft_may_be_abandoned_while_it_is_written(ticks, tmp_path):
    behind = Behind(overlaps=True)
    draft = Draft(tmp_path / "draft", CONTRACT, behind)
    draft.write(ticks)
    behind.close()
    draft.abandon()
    assert (tmp_path / "draft").stat().st_size < len(written(tmp_path / "whole", ticks, ROWS, overlaps=False))
