"""A draft on the disk: the same bytes however its rows come; what goes wrong is told."""

import json
import math

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakeflow.avsc import NANOS, enum, field, record
from lakeflow.check import check_file
from lakeflow.contract import read_contract
from lakeflow.draft import FEW_ROWS, GROUP_BYTES, GROUP_ROWS, TEXT_BYTES, Draft, group_rows
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


def written(path, frame, rows) -> bytes:
    """The bytes of a draft of this frame, given so many rows at a time."""
    draft = Draft(path, CONTRACT)
    for part in frame.iter_slices(rows):
        draft.write(part)
    content = draft.content()
    draft.close({b"content": content})
    return path.read_bytes()


def test_the_bytes_do_not_depend_on_the_chunks(ticks, tmp_path):
    path = tmp_path / "draft"
    plain = written(path, ticks, ROWS)
    assert all(written(path, ticks, rows) == plain for rows in (ROWS, GROUP_ROWS, 100_000, 65_537))
    assert pl.read_parquet(path).equals(ticks)


def test_every_row_group_but_the_last_has_the_same_number_of_rows(ticks, tmp_path):
    written(tmp_path / "draft", ticks, 65_537)
    footer = pq.read_metadata(tmp_path / "draft")
    rows = [footer.row_group(each).num_rows for each in range(footer.num_row_groups)]
    assert rows == [GROUP_ROWS, GROUP_ROWS, 1_000]


def pages(lengths: list[int]) -> pl.DataFrame:
    return pl.DataFrame({"payload": ["x" * length for length in lengths]})


@pytest.mark.parametrize("rows", [1, 2, 3, 7])
def test_a_row_group_of_long_texts_ends_after_the_row_that_fills_it_however_the_rows_come(tmp_path, rows):
    promise = read_contract(json.dumps(record("bronze/pages", [field("payload", "string")])), "bronze/pages")
    full = TEXT_BYTES // 4
    draft = Draft(tmp_path / "draft", promise)
    for part in pages([full, full, full, full, 5, 4 * full, 7]).iter_slices(rows):
        draft.write(part)
    draft.content()
    draft.close({})
    footer = pq.read_metadata(tmp_path / "draft")
    assert [footer.row_group(each).num_rows for each in range(footer.num_row_groups)] == [4, 2, 1]


def wide(levels: int) -> pa.Schema:
    return pa.schema([(f"level_{n}", pa.int64()) for n in range(levels)])


@pytest.mark.parametrize("levels", [1, 10, 70])
def test_a_row_group_of_a_wide_table_takes_no_more_memory_than_one_of_a_narrow_table(levels):
    assert group_rows(wide(levels)) == min(GROUP_ROWS, 2 ** int(math.log2(GROUP_BYTES / (8 * levels))))


@pytest.mark.parametrize(
    ("levels", "rows"), [(72, FEW_ROWS), (288, FEW_ROWS), (289, FEW_ROWS // 2), (10_000, 256)]
)
def test_a_very_wide_table_has_row_groups_of_as_many_rows_as_four_times_the_memory_holds(levels, rows):
    assert group_rows(wide(levels)) == rows


def test_a_draft_knows_which_columns_were_given_no_nan_and_the_check_finds_it_in_the_others(tmp_path):
    fields = [field("whole", ["null", "double"]), field("broken", "double"), field("n", "long")]
    promise = read_contract(json.dumps(record("bronze/floats", fields)), "bronze/floats")
    draft = Draft(tmp_path / "draft", promise)
    draft.write(pl.DataFrame({"whole": [1.5, None], "broken": [0.5, 1.0], "n": [1, 2]}))
    draft.write(pl.DataFrame({"whole": [2.5], "broken": [math.nan], "n": [3]}))
    draft.content()
    draft.close({})
    assert draft.without_nan == {"whole"}
    [error] = check_file(draft.path, promise, draft.without_nan).errors
    assert (error.column, error.rule, error.first_row) == ("broken", "NaN", 2)


def test_a_full_disk_is_told_to_whoever_gives_the_rows(ticks, tmp_path):
    (tmp_path / "draft").symlink_to("/dev/full")
    draft = Draft(tmp_path / "draft", CONTRACT)

    def write() -> None:
        draft.write(ticks)
        draft.content()

    with pytest.raises(StepFailed, match=r"expected a disk that takes a draft, found No space left"):
        write()
    draft.abandon()


def test_a_draft_may_be_abandoned_before_it_is_whole(ticks, tmp_path):
    draft = Draft(tmp_path / "draft", CONTRACT)
    draft.write(ticks)
    draft.abandon()
    assert (tmp_path / "draft").stat().st_size < len(written(tmp_path / "whole", ticks, ROWS))
