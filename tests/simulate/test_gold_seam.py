"""Gold of a simulated Globex session that lies on two UTC files: nothing in it tells where one ends and the other begins."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lakeflow.simulate.day import write_day

MIDNIGHT = 3_600  # the second of a session in winter at which the next file begins
PLACE = Path("gold") / "product_type=future_mbo" / "symbol=ESH6"


@pytest.fixture(scope="module")
def lake(tmp_path_factory, gold_made) -> Path:
    """ES on a Monday and a Tuesday, and the gold of Tuesday's session."""
    folder = tmp_path_factory.mktemp("seam")
    files = [
        path for n in (5, 6) for path in write_day(folder / "ES", "ES", date(2026, 1, n), 20_000, seed=7)
    ]
    gold_made(folder / "lake", files, "ESH6", "2026-01-06")
    return folder / "lake"


def gold(lake: Path, table: str) -> pl.DataFrame:
    return pl.read_parquet(lake / PLACE / f"table={table}" / "dt=2026-01-06" / "part-0.parquet")


def test_the_second_of_midnight_is_that_before_it(lake):
    truth = gold(lake, "market_truth")
    before, after = truth[MIDNIGHT - 1], truth[MIDNIGHT]
    same = ["bid_px", "ask_px", "bid_sz", "ask_sz", "bid_ct", "ask_ct", "mid", "qi_10"]
    same += [name for name in truth.columns if name.startswith(("depth_b_", "depth_a_"))]
    assert after["quote_obs"].item()
    assert before.select(same).equals(after.select(same))
    assert truth.height == 82_800


def test_the_causes_add_up_to_the_change_of_the_mid_over_the_whole_session(lake, causes):
    truth = gold(lake, "market_truth")
    changes = causes(truth)
    assert changes.filter(pl.col("changed") != pl.col("told")).is_empty()
    assert (changes["changed"] != 0).sum() > 100
    assert (truth["dmid_reset"] == 0).all()
    assert truth["book_valid"].sum() > 82_000


def test_no_event_and_no_large_return_lies_at_the_seam(lake):
    truth, bursts = (gold(lake, table) for table in ("market_truth", "bursts"))
    assert bursts.is_empty()
    near = truth.filter(pl.col("sec").is_between(MIDNIGHT - 10, MIDNIGHT + 10))
    flows = [name for name in truth.columns if name.startswith(("add_b", "add_a", "can_b", "can_a"))]
    flows = [name for name in flows if not name.startswith(("add_int", "can_int"))]
    assert near["ret_10s"].abs().max() < 2e-4
    assert truth[MIDNIGHT].select(pl.sum_horizontal(*flows, "vol_1s")).item() == 0
    assert truth[MIDNIGHT]["flow_valid"].item()
