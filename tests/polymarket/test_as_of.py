"""`lakeflow run --as-of T --lake OTHER`: what was known at T, in a lake of its own, and nothing that came later."""

import shutil
from datetime import date, timedelta

import pytest

from lakeflow.manifest import manifest_at
from lakeflow.simulate.polymarket.recorders import write_day
from lakeflow.simulate.polymarket.truth import venue
from tests.polymarket.commands import command

FIRST, THEN = date(2026, 1, 5), "2026-01-06T12:00:00Z"
RUN = ("run", "--product-type", "prediction_market", "--layer", "gold", "--quiet")


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """A lake to which three days of shards were delivered, beside them, and of which nothing is made."""
    root = tmp_path_factory.mktemp("then")
    made = venue(FIRST, 3, 8, 7)
    files = [
        path for day in range(3) for path in write_day(root / "shards", made, FIRST + timedelta(days=day))
    ]
    assert command("raw", "add", *files, lake=root / "lake").code == 0
    return root / "lake"


def cut(text, instant_us):
    """A shard without the lines that were observed after an instant."""
    key = '"observed_us": ' if '"observed_us": ' in text else '"recv_us": '
    first, *lines = text.splitlines(keepends=True)
    return first + "".join(line for line in lines if int(line.split(key)[1].split(",")[0]) <= instant_us)


def test_a_lake_as_of_an_instant_is_the_one_that_the_future_was_deleted_from(lake, tmp_path):
    assert command(*RUN, "--as-of", THEN, "--lake", tmp_path / "then", lake=lake).code == 0
    past = tmp_path / "past"
    shutil.copytree(lake.parent / "shards", past / "shards")
    kept = [f for f in sorted((past / "shards").iterdir()) if "2026-01-07" not in f.name]
    for file in kept:
        file.write_text(cut(file.read_text(), 1_767_700_800_000_000))
    assert command("raw", "add", *kept, lake=past / "lake").code == 0
    assert command(*RUN, "--as-of", THEN, "--lake", past / "then", lake=past / "lake").code == 0
    found = contents(tmp_path / "then")
    assert len(found) > 50
    assert contents(past / "then") == found
    assert not list(lake.glob("[bsg]*"))  # the usual lake is as it was


def test_such_a_lake_says_what_it_is_and_stays_it(lake, tmp_path):
    words = ("run", "bronze.prediction_market.fetches", "--lake", tmp_path / "then")
    assert command(*words, "--as-of", THEN, lake=lake).code == 0
    assert command(*words, lake=lake).talk.count("nothing to do") == 1  # it knows the instant
    code, _, said = command(*words, "--as-of", "2026-01-07T00:00:00+00:00", lake=lake)
    assert (code, "expected 2026-01-06T12:00:00+00:00" in said) == (2, True)
    assert command(*words, "--as-of", "2026-01-06T13:00:00+01:00", lake=lake).code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as-of", THEN), "expected --lake with a folder of its own"),
        (("--as-of", "2026-01-06", "--lake", "other"), "expected an instant with its zone"),
        (("--as-of", THEN, "--lake", "other", "--layer", "silver"), "say --product-type prediction_market"),
    ],
)
def test_what_cannot_be_as_of_an_instant_is_refused(lake, tmp_path, words, said):
    words = [tmp_path / word if word == "other" else word for word in words]
    code, _, told = command("run", *words, lake=lake)
    assert (code, said in told) == (2, True), told


def test_one_worker_and_two_make_the_same_bytes(lake, tmp_path):
    for workers in (1, 2):
        words = ("--as-of", "2026-02-01T00:00:00Z", "--lake", tmp_path / str(workers), "--workers", workers)
        assert command(*RUN, *words, lake=lake).code == 0
    one, two = contents(tmp_path / "1"), contents(tmp_path / "2")
    assert len(one) > 80
    assert one == two


def contents(lake):
    """The digest of the body of every partition of a lake, as its own footer gives it."""
    files = sorted(lake.glob("[bsg]*/**/*.parquet"))
    return {str(file.relative_to(lake)): manifest_at(file).content for file in files}
