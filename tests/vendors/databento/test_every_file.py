"""Every vendor sample of order, definition, statistics, status or trade records: through raw and bronze, or refused in words."""

import re
from collections import Counter
from pathlib import Path

import databento
import polars as pl
import pytest

from lakeflow.execution import Terms, execute
from lakeflow.project import open_project
from lakeflow.raw import add
from lakeflow.request import Request
from lakeflow.vendors.databento.delivered import Delivered
from lakeflow.vendors.databento.delivery import describe

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"
FOLDERS = ("databento_python_fixtures", "dbn_fixtures", "futures_mbo")
SCHEMA = re.compile(r"(?:^|[.-])(mbo|definition|statistics|status|trades)[.-]")
PRODUCTS = ("future_mbo", "equity_mbo")
# By a part of the path: what is refused, and the words. Options wait for their products.
REFUSED = {
    ".frag": "expected (a DBN header|DBN or zstd)",
    "OPRA.PILLAR/test_data.trades": "OPRA.PILLAR with a schema of .*, found trades",
    "OPRA.PILLAR": "expected a dataset raw.equity_option_cmbp_1.databento in datasets.yaml, found none",
    "es-opt": "every symbol resolved on every day, found .* partial: ",
    "es-futspread": "every symbol resolved on every day, found 9 partial: ESH6, ESH7",
    "dbn_fixtures/test_data.statistics": "the symbols it was asked for, found none",
}
FILES = sorted(p for f in FOLDERS for p in (DATA / f).rglob("*") if p.is_file() and SCHEMA.search(p.name))
NAMES = [path.relative_to(DATA).as_posix() for path in FILES] or ["none"]
KNOWN = {
    "futures_mbo/esm4-20240508.mbo.dbn.zst": 13_796,
    "futures_mbo/esh4-glbx-mdp3-20231224.mbo.dbn.zst": 8_725,
    "futures_mbo/esu4-20240701.trades.dbn.zst": 120,
}


def words_of(name: str) -> str | None:
    return next((words for part, words in REFUSED.items() if part in name), None)


def schema_of(name: str) -> str:
    found = SCHEMA.search(name.rpartition("/")[2])
    assert found is not None
    return found[1]


def theirs(path: Path) -> int:
    """How many records the vendor's own client finds."""
    return len(databento.DBNStore.from_bytes(path.read_bytes()).to_ndarray())


def made(path: Path) -> Counter[tuple[str, str]]:
    """Rows by the table they were meant for and their date, over every delivery that the file is of."""
    rows: Counter[tuple[str, str]] = Counter()
    for delivery in describe(path):
        for tables in Delivered([path], delivery, "test").tables():
            for name, frame in tables.items():
                if isinstance(frame, pl.DataFrame) and name != "coverage":  # which has no records
                    meant = frame["meant_for"].to_list() if name == "rejects" else [name] * frame.height
                    rows.update((each, delivery.dt) for each in meant)
    return rows


@pytest.mark.parametrize("name", NAMES)
def test_every_record_of_a_file_is_in_one_delivery_or_the_file_is_refused(vendor, name):
    path, words = vendor(name), words_of(name)
    if words is not None and "datasets.yaml" not in words:
        with pytest.raises(ValueError, match=words):
            describe(path)
        return
    if words is None:
        table = {"mbo": "orders"}.get(schema_of(name), schema_of(name))
        rows = made(path)
        assert {meant for meant, _ in rows} == {table}
        assert rows.total() == theirs(path) == KNOWN.get(name, theirs(path))


def group(name: str) -> str:
    """Files that can lie in one lake: the same records in another version are another group."""
    version = re.search(r"\.(v\d\.dbn.*|dbn)$", name)
    return f"{name.partition('/')[0]} {version[1] if version else ''}"


@pytest.mark.filterwarnings("ignore::databento.common.error.BentoWarning")
@pytest.mark.parametrize("part", sorted({group(name) for name in NAMES}))
def test_raw_add_and_a_run_make_bronze_of_every_file(vendor, tmp_path, part):
    files = [vendor(name) for name in NAMES if group(name) == part]
    refused = {path for path in files if words_of(path.relative_to(DATA).as_posix())}
    with open_project(ROOT, tmp_path / "lake") as project:
        done = add(project, files)
        assert {each.file for each in done.refused} == refused
        for each in done.refused:
            assert re.search(words_of(each.file.relative_to(DATA).as_posix()) or "", each.reason)
        days = frozenset(dt for path in set(files) - refused for _, dt in made(path))
        request = Request(
            frozenset(f"bronze.{product}.definition" for product in PRODUCTS), wants_date=days.__contains__
        )
        assert execute(project, request, Terms(workers=1)).code == 0
    expected = Counter[str]()
    for path in set(files) - refused:
        expected[{"mbo": "orders"}.get(schema_of(path.name), schema_of(path.name))] += theirs(path)
    assert in_lake(tmp_path / "lake") == expected


def in_lake(lake: Path) -> Counter[str]:
    """Rows of bronze by table, a reject by the table that it was meant for."""
    rows: Counter[str] = Counter()
    for path in lake.glob("bronze/*/*/*/*/part-0.parquet"):
        table, frame = path.parts[-3].removeprefix("table="), pl.read_parquet(path)
        if table == "coverage":  # which has no records
            continue
        rows.update(frame["meant_for"].to_list() if table == "rejects" else [table] * frame.height)
    return rows
