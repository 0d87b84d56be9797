"""Files of several days and parents: in every delivery that they are of, each record in one of them."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lakeflow.cli.main import app
from lakeflow.project import open_project
from lakeflow.raw import add
from lakeflow.raw_look import listing, verify
from lakeflow.simulate.contracts import nanoseconds
from lakeflow.vendors.databento.header import Interval

ROOT = Path(__file__).parents[2]
DAY = date(2026, 1, 6)
NOON = 12 * 3_600 * 10**9
P = 10**9
NEXT = DAY + timedelta(days=1)
AFTER = DAY + timedelta(days=2)
ES, NQ = "ESH6", "NQH6"
TWO = {ES: 1, NQ: 2}
PLACES = [("ES", str(DAY)), ("NQ", str(DAY)), ("ES", str(NEXT)), ("NQ", str(NEXT))]


def month(vendor, *lines, name="week", last=AFTER, **about):
    """An order file from DAY to before `last`; its lines are a day and what an order is told by."""
    known = {symbol: (Interval(DAY, last, str(n)),) for symbol, n in vendor.symbols.items()}
    rows = [vendor.order(nanoseconds(day) + NOON + n, n, *told, P, 5) for n, (day, *told) in enumerate(lines)]
    return vendor.file("mbo", rows, name, **{"end": nanoseconds(last), "mappings": known, **about})


@pytest.fixture
def spread(vendor):
    """Two days of two parents, one order each but for the last, and one of a day that the file does not promise."""
    lines = [
        (DAY, ES, "A", "B", 1),
        (DAY, NQ, "A", "B", 2),
        (NEXT, ES, "A", "B", 3),
        (AFTER, NQ, "A", "B", 4),
    ]
    return month(vendor(TWO), *lines)


def test_one_copy_is_linked_into_every_delivery_and_hashed_once(lake, spread):
    lake.add(spread)
    with open_project(ROOT, lake.root) as project:
        assert [(row.symbol, row.dt) for row in listing(project)] == sorted(PLACES)
        assert verify(project) == (4, [])
    assert len({path.stat().st_ino for path in lake.root.glob("raw/**/*.zst")}) == 1


def test_each_record_is_in_one_delivery_and_what_the_file_does_not_promise_is_the_firsts_reject(lake, spread):
    lake.add(spread)
    assert lake.run("bronze.future_mbo.orders").code == 0
    found = [
        (s, d, lake.table("bronze.future_mbo.orders", s, d)["order_id"].to_list())
        for s in TWO
        for d in (DAY, NEXT)
    ]
    assert found == [(ES, DAY, [1]), (ES, NEXT, [3]), (NQ, DAY, [2]), (NQ, NEXT, [])]
    rejects = {
        (s, d): lake.table("bronze.future_mbo.rejects", s, d) for s in ("ES", "NQ") for d in (DAY, NEXT)
    }
    assert [frame.height for frame in rejects.values()] == [1, 0, 0, 0]
    row = rejects["ES", DAY].row(0, named=True)
    assert (row["reason"], row["symbol_found"], row["row"]) == ("b01_outside_date", None, 1)


def test_a_file_asked_for_by_several_parents_keeps_symbols_without_a_grammar_with_the_first(lake, vendor):
    symbols = {"UD:1V: VT 12": 3, **TWO}
    about = {"stype_in": "parent", "symbols": ("NQ.FUT", "ES.FUT")}
    lake.add(month(vendor(symbols), (DAY, "UD:1V: VT 12", "A", "B", 1), (DAY, NQ, "A", "B", 2), **about))
    assert lake.run("bronze.future_mbo.orders").code == 0
    assert lake.symbols("bronze.future_mbo.orders") == [ES, NQ, "UD%3A1V%3A%20VT%2012"]
    assert lake.table("bronze.future_mbo.rejects", "ES").height == 0


def test_a_file_is_put_in_the_place_of_another_everywhere_and_leaves_the_days_that_it_is_no_longer_of(
    lake, vendor
):
    lake.add(month(vendor(TWO), (DAY, ES, "A", "B", 1)))
    short = month(vendor(TWO), (DAY, ES, "A", "B", 7), last=NEXT)
    with open_project(ROOT, lake.root) as project:
        assert len(add(project, [short]).refused) == 1
        assert len(listing(project)) == 4
        done = add(project, [short], replace=True)
        assert [(a.symbol, a.dt, a.state) for a in done.added] == [
            ("ES", str(DAY), "replaced"),
            ("NQ", str(DAY), "replaced"),
            ("ES", str(NEXT), "withdrawn"),
            ("NQ", str(NEXT), "withdrawn"),
        ]
        assert verify(project) == (2, [])


def test_good_files_of_a_folder_are_added_and_the_bad_ones_all_told(lake, vendor):
    good = month(vendor(TWO), (DAY, ES, "A", "B", 1))
    (good.parent / "manifest.json").write_text("{}")
    for name in ("bad", "worse"):
        (good.parent / f"{name}.dbn").write_text("nonsense")
    done = CliRunner().invoke(
        app, ["raw", "add", str(good.parent), "--project", str(ROOT), "--lake", str(lake.root)]
    )
    assert done.exit_code == 6
    assert all(
        word in done.output for word in ("bad.dbn", "worse.dbn", "1 files added", "2 refused", "1 left")
    )
    assert len(list(lake.root.glob("raw/**/*.zst"))) == 4


def test_two_datasets_of_one_share_may_give_different_instruments_one_number(lake, vendor):
    """A number means an instrument in its own dataset: definitions and stretches of time are those of the dataset."""
    nasdaq = vendor({"NVDA": 6}, dataset="XNAS.ITCH")
    mini = vendor({"NVDA": 7}, dataset="XBOS.ITCH")
    lake.add(nasdaq.orders(("NVDA", "A", "B", 1, P, 5)), mini.orders(("NVDA", "A", "B", 2, P, 5), at=0))
    lake.add(nasdaq.definitions({"raw_symbol": "NVDA", "instrument_class": "K"}))
    assert lake.run("bronze.equity_mbo.orders").code == 0
    assert lake.table("bronze.equity_mbo.orders", "NVDA").height == 2
