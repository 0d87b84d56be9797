"""Why a partition is not there: in words that are true of a symbol or a day that nothing leads to."""

import pytest

from lakeflow.partition import Partition
from lakeflow.project import open_project
from lakeflow.why import why

RAW = "lake/raw/source=vendor/product_type=toy/symbol=A1/dt=2026-01-06/lines.txt"
WINDOW = "reads: {lines: {dataset: bronze.toy.lines, days: [0, 0], min: 0}}"


@pytest.mark.parametrize(
    ("symbol", "day", "said"),
    [
        ("A1", "2026-01-06", "missing: nothing made it yet, and what it needs is there"),
        ("ESH6", "2026-01-06", "cannot be made: no toy symbol ESH6; there is A1"),
        (
            "A1",
            "2026-01-09",
            "cannot be made: nothing of A1 that silver.toy.scale reads is of 2026-01-09; there is 2026-01-06..2026-01-06",
        ),
    ],
)
def test_a_partition_that_may_do_without_its_input_says_why_it_is_not_there(toy, cli, symbol, day, said):
    root = toy({RAW: "1 100\n"})
    text = (root / "datasets.yaml").read_text()
    toy({"datasets.yaml": text.replace("reads: {lines: bronze.toy.lines}", WINDOW)})
    done = cli("why", "silver.toy.prices", "--symbol", symbol, "--dt", day, cwd=root)
    assert done.stdout == f"silver.toy.prices {symbol} {day}: {said}\n", done.stderr


def test_a_day_without_a_session_is_named_as_one(toy):
    root = toy({RAW: "1 100\n"})
    text = (root / "datasets.yaml").read_text().replace("reads: {lines: bronze.toy.lines}", WINDOW)
    toy(
        {
            "datasets.yaml": text.replace("calendar: ALWAYS", "calendar: CME_EQ").replace(
                "silver/prices,", "silver/prices, dt_kind: session_date,"
            )
        }
    )
    told = why(open_project(root), Partition("silver.toy.prices", "A1", "2026-01-10"))
    assert (told["state"], told["reason"]) == ("cannot be made", "2026-01-10 is no day of toy's calendar")
