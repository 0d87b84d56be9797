"""`lakeflow run --as-of T --lake OTHER`: what was known at T, in a lake of its own, and nothing that came later."""

import shutil
import subprocess
import sys
from datetime import date, timedelta

import pytest

from lakeflow.manifest import manifest_at
from lakeflow.simulate.polymarket.recorders import write_day
from lakeflow.simulate.polymarket.truth import venue

FIRST, THEN = date(2026, 1, 5), "2026-01-06T12:00:00Z"
RUN = ("run", "--product-type", "prediction_market", "--layer", "gold", "--quiet")


def command(*words, project):
    done = subprocess.run(
        [sys.executable, "-m", "lakeflow.cli", *map(str, words), "--project", str(project)], capture_output=True, text=True, check=False
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory, copied):
    """A project with three days of shards delivered and nothing made."""
    root = copied(tmp_path_factory.mktemp("then"))
    made = venue(FIRST, 3, 8, 7)
    files = [
        path for day in range(3) for path in write_day(root / "shards", made, FIRST + timedelta(days=day))
    ]
    assert command("raw", "add", *files, project=root)[0] == 0
    return root


def cut(text, instant_us):
    """A shard without the lines that were observed after an instant."""
    key = '"observed_us": ' if '"observed_us": ' in text else '"recv_us": '
    first, *lines = text.splitlines(keepends=True)
    return first + "".join(line for line in lines if int(line.split(key)[1].split(",")[0]) <= instant_us)


def test_a_lake_as_of_an_instant_is_the_one_that_the_future_was_deleted_from(project, tmp_path):
    assert command(*RUN, "--as-of", THEN, "--lake", tmp_path / "then", project=project)[0] == 0
    past = tmp_path / "past"
    shutil.copytree(project, past, ignore=shutil.ignore_patterns("lake"))
    kept = [f for f in sorted((past / "shards").iterdir()) if "2026-01-07" not in f.name]
    for file in kept:
        file.write_text(cut(file.read_text(), 1_767_700_800_000_000))
    assert command("raw", "add", *kept, project=past)[0] == 0
    assert command(*RUN, "--as-of", THEN, "--lake", past / "then", project=past)[0] == 0
    found = contents(tmp_path / "then")
    assert len(found) > 50
    assert contents(past / "then") == found
    assert not list(project.glob("lake/[bsg]*"))  # the project's own lake is as it was


def test_such_a_lake_says_what_it_is_and_stays_it(project, tmp_path):
    lake = tmp_path / "then"
    words = ("run", "bronze.prediction_market.fetches", "--lake", lake)
    assert command(*words, "--as-of", THEN, project=project)[0] == 0
    assert command(*words, project=project)[1].count("nothing to do") == 1  # it knows the instant
    code, said = command(*words, "--as-of", "2026-01-07T00:00:00+00:00", project=project)
    assert (code, "expected 2026-01-06T12:00:00+00:00" in said) == (2, True)
    assert command(*words, "--as-of", "2026-01-06T13:00:00+01:00", project=project)[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as-of", THEN), "expected --lake with a folder of its own"),
        (("--as-of", "2026-01-06", "--lake", "other"), "expected an instant with its zone"),
        (("--as-of", THEN, "--lake", "other", "--layer", "silver"), "say --product-type prediction_market"),
    ],
)
def test_what_cannot_be_as_of_an_instant_is_refused(project, tmp_path, words, said):
    words = [tmp_path / word if word == "other" else word for word in words]
    code, told = command("run", *words, project=project)
    assert (code, said in told) == (2, True), told


def test_one_worker_and_two_make_the_same_bytes(project, tmp_path):
    for workers in (1, 2):
        words = ("--as-of", "2026-02-01T00:00:00Z", "--lake", tmp_path / str(workers), "--workers", workers)
        assert command(*RUN, *words, project=project)[0] == 0
    one, two = contents(tmp_path / "1"), contents(tmp_path / "2")
    assert len(one) > 80
    assert one == two


def contents(lake):
    """The digest of the body of every partition of a lake, as its own footer gives it."""
    files = sorted(lake.glob("[bsg]*/**/*.parquet"))
    return {str(file.relative_to(lake)): manifest_at(file).content for file in files}
