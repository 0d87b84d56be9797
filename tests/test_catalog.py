"""What a catalog's values say of themselves."""

import pickle

import pytest

from lakeflow.catalog import Catalog, Dataset, Read, Stage


def stage(*reads: Read, **more) -> Stage:
    return Stage(
        "silver.toy.s", "stages.s.s", reads, {"rejects": "silver.toy.r", "bbo": "silver.toy.b"}, **more
    )


def test_a_key_is_layer_product_and_table():
    found = Dataset("silver.future_mbo.bbo")
    assert (found.layer, found.product_type, found.table) == ("silver", "future_mbo", "bbo")
    assert (stage().layer, stage().product_type) == ("silver", "toy")
    assert (Dataset("raw.p.v").is_raw, found.is_raw) == (True, False)


def test_a_key_that_is_a_fault_still_has_its_parts():
    assert [(d.layer, d.product_type, d.table) for d in map(Dataset, ("", "a", "a.b"))] == [
        ("", "", ""),
        ("a", "", ""),
        ("a", "b", ""),
    ]


def test_the_anchor_is_the_first_table_that_does_not_fan_out():
    assert stage().anchor == "silver.toy.r"
    assert stage(fans_out=("rejects",)).anchor == "silver.toy.b"


def test_the_driver_is_the_first_read_of_the_same_symbol_and_no_history():
    history = Read("before", "silver.toy.b", previous=True)
    parent, same = Read("definition", "b.t.d", symbol="parent"), Read("orders", "b.t.o")
    assert stage(history, parent, same).driver == same
    assert stage(history, parent).driver is None


@pytest.mark.parametrize(
    ("read", "is_window", "is_earlier"),
    [
        (Read("r", "a.b.c"), False, False),
        (Read("r", "a.b.c", symbol="parent"), False, False),
        (Read("r", "a.b.c", symbol="*"), True, False),
        (Read("r", "a.b.c", map="session_window"), True, False),
        (Read("r", "a.b.c", days=(-5, 0)), True, False),
        (Read("r", "a.b.c", days=(-5, -1)), True, True),
        (Read("r", "a.b.c", previous=True), False, True),
    ],
)
def test_a_read_is_a_window_or_earlier(read, is_window, is_earlier):
    assert (read.is_window, read.is_earlier) == (is_window, is_earlier)


def test_a_catalog_knows_who_makes_and_who_reads_a_dataset():
    one = stage(Read("orders", "bronze.toy.o"))
    datasets = {key: Dataset(key) for key in ("bronze.toy.o", *one.makes.values())}
    catalog = Catalog({}, datasets, {one.key: one})
    assert catalog.maker == {"silver.toy.r": one, "silver.toy.b": one}
    assert catalog.readers == {"bronze.toy.o": (one,), "silver.toy.r": (), "silver.toy.b": ()}


def test_a_stage_travels_between_processes():
    one = stage(Read("orders", "bronze.toy.o"), params={"levels": [1, 2]})
    assert one.anchor == pickle.loads(pickle.dumps(one)).anchor
    assert pickle.loads(pickle.dumps(one)) == one
