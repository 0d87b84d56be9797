"""Filters on a table's rows: which are refused and by whom, which bits are set, and what each filter has seen before."""

import json
from pathlib import Path

import polars as pl
import pytest

from lakeflow.avsc import field, record
from lakeflow.catalog import Stage
from lakeflow.contract import Contract, read_contract
from lakeflow.job import Job
from lakeflow.keeping import Keeping
from lakeflow.promises import REJECT_COLUMNS
from lakeflow.step import StepKey

FILTERS = '''\
"""Filters of a toy."""

import polars as pl


def low() -> pl.Expr:
    return pl.col("price") < 10


def odd() -> pl.Expr:
    return pl.col("price") % 2 == 1


def marked() -> pl.Expr:
    return pl.col("flags") > 0


def named() -> pl.Expr:
    return pl.col("name") != "x"
'''
BITS = {"low": 0, "odd": 1, "marked": 4}


@pytest.fixture
def keeping(toy):
    """The filters of a step that makes `prices` and `rejects`."""
    root = toy({"filters/toy.py": FILTERS})
    columns = [
        field("price", ["null", "long"]),
        field("flags", "int", arrowType="uint8", kind="flag", bits=BITS),
    ]
    rejects = [field(name, ["null", kind]) for name, kind in REJECT_COLUMNS.items()]
    contracts = {
        f"silver.toy.{name}": read_contract(json.dumps(record(f"silver/{name}", fields)), f"silver/{name}")
        for name, fields in (("prices", columns), ("rejects", rejects))
    }

    def make(keep=(), flag=(), everywhere=()):
        return Keeping(job(root, contracts, keep, flag, everywhere))

    return make


def job(root: Path, contracts: dict[str, Contract], keep, flag, everywhere) -> Job:
    makes = {name.rpartition(".")[2]: name for name in contracts}
    dotted = {"keep": keep, "flag": flag, "everywhere": everywhere}
    said = {what: tuple(f"filters.toy.{name}" for name in names) for what, names in dotted.items()}
    stage = Stage(
        "silver.toy.scale", "", (), makes,
        keep={"prices": said["keep"]}, flag={"prices": said["flag"], "*": said["everywhere"]},
    )  # fmt: skip
    return Job(StepKey(stage.key, "A1", "2026-01-06"), stage, "", root, root, root, (), {}, contracts, (), {})


def prices(*values: int | None, flags: int = 0) -> pl.DataFrame:
    return pl.DataFrame({"price": values}, schema={"price": pl.Int64}).with_columns(
        flags=pl.lit(flags, pl.UInt8)
    )


def test_rows_are_refused_by_the_first_filter_that_they_fail(keeping):
    kept, refused = keeping(keep=["low", "odd"]).split("prices", prices(1, 12, 4, 11, None))
    assert kept["price"].to_list() == [1]
    assert [frame["reason"].to_list() for frame in refused] == [["low", "low", "low"], ["odd"]]
    assert refused[1]["record"].to_list() == [b'{"price":4,"flags":0}']


def test_what_every_filter_wants_is_handed_on_as_it_is(keeping):
    frame = prices(1, 3, 5)
    kept, refused = keeping(keep=["low", "odd"]).split("prices", frame)
    assert kept is frame
    assert refused == []


def test_each_flag_sets_its_own_bit_and_no_other_and_is_counted(keeping):
    filters = keeping(flag=["low", "odd"])
    marked = filters.mark("prices", prices(1, 12, 4, 11, None, flags=8))
    assert marked["flags"].to_list() == [8 + 1 + 2, 8, 8 + 1, 8 + 2, 8]
    assert filters.flagged == {"low": 2, "odd": 2}
    assert marked["price"].to_list() == [1, 12, 4, 11, None]


@pytest.mark.parametrize(
    ("order", "bits"),
    [
        (["low", "odd", "marked"], [1 + 2 + 16, 0, 1 + 16, 2 + 16]),
        (["low", "marked", "odd"], [1 + 2 + 16, 0, 1 + 16, 2]),
        (["marked", "low", "odd"], [1 + 2, 0, 1, 2]),
    ],
)
def test_a_filter_that_reads_flags_sees_the_bits_of_those_before_it(keeping, order, bits):
    assert keeping(flag=order).mark("prices", prices(1, 12, 4, 11))["flags"].to_list() == bits


def test_filters_in_one_group_are_the_same_as_one_after_another(keeping):
    frame, alone = prices(*range(40), flags=8), keeping(flag=["odd"])
    together = keeping(flag=["low", "odd"])
    marked = alone.mark("prices", keeping(flag=["low"]).mark("prices", frame))
    assert together.mark("prices", frame).equals(marked)
    assert together.flagged == {"low": 10, **alone.flagged}


def test_counts_add_up_over_the_pieces_of_a_table(keeping):
    filters = keeping(flag=["low"])
    for piece in (prices(1, 2), prices(), prices(3, 30)):
        filters.mark("prices", piece)
    assert filters.flagged == {"low": 3}


def test_a_filter_of_every_table_is_asked_of_those_that_have_its_columns(keeping):
    filters = keeping(everywhere=["low", "named"])
    assert filters.mark("prices", prices(1, 12))["flags"].to_list() == [1, 0]
    assert filters.flagged == {"low": 1}
