"""A drafted contract: lint accepts it, and the rows it was drafted from fit it."""

import json
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from polars.testing.parametric import dataframes

from lakeflow.check import check_frame
from lakeflow.contract import read_contract
from lakeflow.errors import ConfigError
from lakeflow.inference import clean_names, infer
from lakeflow.lint import lint

ROWS = pl.DataFrame(
    {
        "ts_event": pl.Series([1, 2], dtype=pl.Datetime("ns", "UTC")),
        "px": pl.Series([None, 5], dtype=pl.Int64),
        "size": pl.Series([1, 2], dtype=pl.UInt32),
        "side": pl.Series(["A", "B"], dtype=pl.Enum(["A", "B"])),
        "score": [1.0, float("nan")],
        "fee": [Decimal("1.50"), Decimal("2.25")],
        "sizes": pl.Series([[1], []], dtype=pl.List(pl.UInt8)),
    }
)


def test_a_draft_says_types_nulls_and_order_as_found(tmp_path):
    ROWS.write_parquet(tmp_path / "rows.parquet")
    draft = infer(tmp_path / "rows.parquet", "silver/t")
    assert draft["lakeflow"]["sort"] == ["ts_event"]
    contract = read_contract(json.dumps(draft), "silver/t")
    assert [c.word for c in contract.columns] == [
        "timestamp-nanos",
        "long",
        "uint32",
        "enum",
        "double",
        "decimal",
        "array",
    ]
    assert [c.name for c in contract.columns if c.nullable] == ["px"]
    assert contract.column("score").allow_nan


def test_the_rows_fit_the_draft_made_from_them():
    draft = infer(ROWS, "silver/t")
    assert lint(draft, "silver/t") == []
    assert check_frame(ROWS, read_contract(json.dumps(draft), "silver/t")).errors == ()


def test_names_become_words_that_sql_needs_no_quotes_for():
    times = pl.Datetime("ns", "UTC")
    found = clean_names(
        {"Order": pl.Int64(), "6E Px": pl.Int64(), "time": times, "A-B": pl.Int64(), "a b": pl.Int64()}
    )
    assert list(found.values()) == ["column_order", "column_6e_px", "ts_time", "a_b", "a_b_too"]


def test_types_that_no_contract_can_carry_are_refused_all_at_once():
    rows = pl.DataFrame(
        schema={"a": pl.Duration("ns"), "ts": pl.Datetime("ms"), "b": pl.Struct({"x": pl.Int64()})}
    )
    with pytest.raises(ConfigError) as error:
        infer(rows, "silver/t")
    assert len(error.value.faults) == 3


def test_lists_with_null_items_and_files_without_columns_are_refused():
    with pytest.raises(ConfigError, match="column l: expected lists without null items, found some"):
        infer(pl.DataFrame({"l": [[1, None]]}), "silver/t")
    with pytest.raises(ConfigError, match="expected a file with columns to describe"):
        infer(pl.DataFrame({"symbol": ["ES"]}), "silver/t")


@settings(max_examples=50, deadline=None)
@given(
    rows=dataframes(
        min_cols=1, max_cols=4, max_size=4, allow_null=True, excluded_dtypes=[pl.Struct, pl.Array]
    )
)
def test_any_draft_is_a_sound_contract(rows):
    try:
        draft = infer(rows, "silver/t")
    except ConfigError:
        return
    assert lint(draft, "silver/t") == []
