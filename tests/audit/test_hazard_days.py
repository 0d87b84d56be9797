"""Days on which everything goes wrong that may, and a vendor's own: what is rightly strange is not red."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lakeflow.auditing import audited
from lakeflow.cli.held import held
from lakeflow.cli.main import app
from lakeflow.finding import Finding
from lakeflow.project import open_project
from lakeflow.request import Request
from lakeflow.simulate.day import write_day
from lakeflow.simulate.equity_day import NASDAQ, SEVERAL, write_equity_day
from lakeflow.simulate.hazards import ALL

ROOT = Path(__file__).parents[2]
DAY = date(2026, 1, 6)
EVENTS = 8_000
VENDOR = ROOT.parent / "shared" / "data" / "futures_mbo"


def audits_of(folder: Path, files: list[Path], datasets: tuple[str, ...]) -> list[Finding]:
    """What every audit says of a day that was made from these files; sessions have no selection here."""
    lake = folder / "lake"
    where = ("--project", str(ROOT), "--lake", str(lake))
    for words in (("raw", "add", *map(str, files)), ("run", *datasets, "--workers", "1")):
        done = CliRunner().invoke(app, [*words, *where])
        assert done.exit_code == 0, f"{done.output}{done.exception!r}"
    with open_project(ROOT, lake) as project:
        everything = frozenset(key for key, each in project.catalog.datasets.items() if not each.is_raw)
        return [
            each for each in audited(project, held(project, Request(everything))) if each.check != "selected"
        ]


@pytest.fixture(scope="module")
def futures(tmp_path_factory) -> list[Finding]:
    folder = tmp_path_factory.mktemp("futures")
    files = write_day(folder / "ES", "ES", DAY, EVENTS, seed=3, hazards="all")
    return audits_of(folder, files, ("silver.future_mbo.bbo", "silver.future_mbo.mbp"))


@pytest.fixture(scope="module", params=[NASDAQ, SEVERAL], ids=["one venue", "four venues"])
def shares(request, tmp_path_factory) -> list[Finding]:
    folder = tmp_path_factory.mktemp("shares")
    # The simulator flags a gap at one venue of those that lost records: the others are crossed without a word of it.
    hazards = ALL if request.param == NASDAQ else ALL - {"gap"}
    files = write_equity_day(
        folder / "AAPL", "AAPL", DAY, EVENTS, seed=3, publishers=request.param, hazards=hazards
    )
    return audits_of(folder, files, ("silver.equity_mbo.bbo", "silver.equity_mbo.mbp"))


def test_a_day_of_futures_with_every_hazard_is_green(futures):
    assert [finding for finding in futures if finding.rows] == []
    assert len({finding.check for finding in futures}) > 20


def test_a_day_of_a_share_with_every_hazard_is_green(shares):
    assert [finding for finding in shares if finding.rows] == []
    assert Counter(finding.check for finding in shares)["quotes.is_uncrossed_at_each_venue"] == 1


def test_a_real_beginning_of_a_day_is_green(tmp_path):
    files = [VENDOR / f"esm4-20240508.{schema}.dbn.zst" for schema in ("definition", "mbo")]
    if not all(file.exists() for file in files):
        pytest.skip("no vendor samples at ../shared/data (esm4-20240508)")
    found = audits_of(tmp_path, files, ("silver.future_mbo.bbo", "silver.future_mbo.mbp"))
    assert [finding for finding in found if finding.rows] == []
