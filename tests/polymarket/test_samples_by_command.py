"""Every file of real answers and messages, delivered to a project and run: the tables that the commands make of them."""

import polars as pl
import pytest

from tests.polymarket.commands import command
from tests.polymarket.test_every_sample import ANSWERS, DATA, MESSAGES, NOON, line, shard

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of vendor samples is not there")


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """A lake that every file was delivered to, one answer a second, and its silver made."""
    root = tmp_path_factory.mktemp("samples")
    asked = [line(name, endpoint, n * 10**6) for n, (name, (endpoint, _)) in enumerate(ANSWERS.items())]
    frames = [
        {"recv_us": NOON + n * 10**6, "conn": "c", "seq": n, "frame": (DATA / "polymarket_messages" / f"{name}.json").read_text()}
        for n, name in enumerate(MESSAGES)
    ]  # fmt: skip
    files = (
        shard(root / "f", "polymarket/fetch/1", *asked),
        shard(root / "c", "polymarket/capture/1", *frames),
    )
    run = ("run", "--layer", "silver", "--product-type", "prediction_market")
    for words in (("raw", "add", *files), run):
        done = command(*words, lake=root / "lake")
        assert done.code == 0, done.talk
    return root / "lake"


def made(lake, table):
    (path,) = (lake / "silver").glob(f"*prediction_market*/**/table={table}/dt=2026-01-05/*.parquet")
    return pl.read_parquet(path, hive_partitioning=False)


@pytest.mark.parametrize(
    ("table", "rows"),
    [("sightings", 23), ("rest_books", 11), ("trades", 4), ("trading_terms", 5), ("resolution_events", 2), ("quarantine", 0),
     ("last_trades", 3), ("endings", 1), ("markets", 18), ("label", 18)],
)  # fmt: skip
def test_the_commands_make_the_rows_of_every_file(lake, table, rows):
    assert made(lake, table).height == rows


def test_the_commands_tell_how_the_real_markets_ended(lake):
    found = made(lake, "label").filter(pl.col("label_status") != "UNRESOLVED")
    said = found.join(made(lake, "markets"), on="condition_id").sort("question")
    named = pl.col("question").str.slice(0, 34)
    assert said.select(named, "y", "confidence", pl.col("sources").list.join(" ")).rows() == [
        ("Counter-Strike: FaZe vs illwill (B", 1, "MEDIUM", "GAMMA"),
        ("Fed decreases interest rates by 25", 0, "MEDIUM", "GAMMA"),
        ("Fed decreases interest rates by 50", 0, "MEDIUM", "GAMMA"),
        ("Fed increases interest rates by 25", 0, "MEDIUM", "GAMMA"),
        ("Katana FDV above $1B one day after", 0, "HIGH", "GAMMA CLOB"),
        ("Map Handicap: FaZe (-1.5) vs illwi", 1, "MEDIUM", "GAMMA"),
        ("No change in Fed interest rates af", 1, "MEDIUM", "GAMMA"),
        ("Russia x Ukraine ceasefire by end ", 1, "HIGH", "GAMMA CLOB"),
    ]
