"""Gold of simulated days: a Globex session over two files without a seam, and shares of several venues that are seldom masked."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from lakeflow.cli.main import app
from lakeflow.simulate.day import write_day
from lakeflow.simulate.equity_day import SEVERAL, write_equity_day

ROOT = Path(__file__).parents[2]
MIDNIGHT = 3_600  # the second of a Globex session in winter at which the next file begins
# Half a day, and both sides of a change of New York's clocks.
SHARES = {
    "TWO": (SEVERAL[:2], {"2025-11-28": 12_600, "2026-03-06": 23_400, "2026-03-09": 23_400}),
    "FOUR": (SEVERAL, {"2025-11-28": 12_600, "2025-10-31": 23_400, "2025-11-03": 23_400}),
    "CROSSED": (SEVERAL, {"2026-03-09": 23_400}),
}
OPENS = {"2025-11-28": "14:30", "2026-03-06": "14:30", "2026-03-09": "13:30", "2025-10-31": "13:30", "2025-11-03": "14:30"}  # fmt: skip
DAYS = [(symbol, day) for symbol, (_, days) in SHARES.items() for day in days]


def command(lake: Path, *words: str) -> None:
    done = CliRunner().invoke(app, [*words, "--project", str(ROOT), "--lake", str(lake)])
    assert done.exit_code == 0, f"{done.output}{done.exception!r}"


def made(lake: Path, files: list[Path], symbol: str, days: list[str]) -> None:
    command(lake, "raw", "add", *map(str, files))
    for day in days:
        command(lake, "run", "--layer", "gold", "--symbol", symbol, "--dt", day, "--workers", "1")


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Path:
    """ES on a Monday and a Tuesday, whose session is of both files, and the shares."""
    folder = tmp_path_factory.mktemp("gold")
    futures = [
        path for n in (5, 6) for path in write_day(folder / "ES", "ES", date(2026, 1, n), 20_000, seed=7)
    ]
    made(folder / "lake", futures, "ESH6", ["2026-01-06"])
    for symbol, (publishers, days) in SHARES.items():
        hazards = ("crossed", "halt") if symbol == "CROSSED" else ()
        for day in days:
            own = folder / symbol / day
            more = {"publishers": publishers, "hazards": hazards}
            files = write_equity_day(own, symbol, date.fromisoformat(day), 30_000, 7, **more)
            made(folder / "lake", files, symbol, [day])
    return folder / "lake"


def gold(lake: Path, symbol: str, table: str, day: str = "2026-01-06") -> pl.DataFrame:
    kind = "future_mbo" if symbol == "ESH6" else "equity_mbo"
    return pl.read_parquet(
        lake
        / "gold"
        / f"product_type={kind}"
        / f"symbol={symbol}"
        / f"table={table}"
        / f"dt={day}/part-0.parquet"
    )


def moved(truth: pl.DataFrame) -> pl.DataFrame:
    """By second what the mid has changed, and what the causes of it add up to; nothing is known before the first quote."""
    changed = truth.filter(pl.col("mid_half_ticks").is_not_null()).select(
        "sec", is_=pl.col("mid_half_ticks").diff(), told=pl.sum_horizontal("^dmid_.*$")
    )
    return changed.slice(1)


def test_the_second_of_midnight_is_that_before_it(lake):
    truth = gold(lake, "ESH6", "market_truth")
    before, after = truth[MIDNIGHT - 1], truth[MIDNIGHT]
    same = ["bid_px", "ask_px", "bid_sz", "ask_sz", "bid_ct", "ask_ct", "mid", "qi_10"]
    same += [name for name in truth.columns if name.startswith(("depth_b_", "depth_a_"))]
    assert after["quote_obs"].item()
    assert before.select(same).equals(after.select(same))
    assert truth.height == 82_800


def test_the_causes_add_up_to_the_change_of_the_mid_over_the_whole_session(lake):
    truth = gold(lake, "ESH6", "market_truth")
    changes = moved(truth)
    assert changes.filter(pl.col("is_") != pl.col("told")).is_empty()
    assert (changes["is_"] != 0).sum() > 100
    assert (truth["dmid_reset"] == 0).all()
    assert truth["book_valid"].sum() > 82_000


def test_no_event_and_no_large_return_lies_at_the_seam(lake):
    truth, bursts = (gold(lake, "ESH6", table) for table in ("market_truth", "bursts"))
    assert bursts.is_empty()
    near = truth.filter(pl.col("sec").is_between(MIDNIGHT - 10, MIDNIGHT + 10))
    flows = [name for name in truth.columns if name.startswith(("add_b", "add_a", "can_b", "can_a"))]
    flows = [name for name in flows if not name.startswith(("add_int", "can_int"))]
    assert near["ret_10s"].abs().max() < 2e-4
    assert truth[MIDNIGHT].select(pl.sum_horizontal(*flows, "vol_1s")).item() == 0
    assert truth[MIDNIGHT]["flow_valid"].item()


@pytest.mark.parametrize(("symbol", "day"), DAYS)
def test_a_share_of_several_venues_has_the_rows_of_its_session(lake, symbol, day):
    truth = gold(lake, symbol, "market_truth", day)
    assert truth.height == SHARES[symbol][1][day] == gold(lake, symbol, "features", day).height
    assert str(truth["ts_second"][0])[:16] == f"{day} {OPENS[day]}"
    assert str(truth["ts_local"][0])[11:16] == "09:30"


@pytest.mark.parametrize(("symbol", "day"), DAYS)
def test_the_causes_add_up_for_the_venues_together(lake, symbol, day):
    truth = gold(lake, symbol, "market_truth", day)
    changes = moved(truth)
    assert changes.filter(pl.col("is_") != pl.col("told")).is_empty()
    assert truth["vol_1s"].sum() > 100
    assert (truth["spread_ticks"] < 8).all()


@pytest.mark.parametrize(("symbol", "day"), DAYS[:-1])
def test_venues_that_mind_each_other_are_never_crossed_and_hardly_masked(lake, symbol, day):
    truth, rates = (gold(lake, symbol, table, day) for table in ("market_truth", "gold_mask_rate"))
    assert (truth["crossed"].sum(), truth["locked"].sum(), truth["halted"].sum()) == (0, 0, 0)
    assert rates.filter(flag="any")["seconds"].item() < 60
    assert gold(lake, symbol, "bursts", day).is_empty()
    assert truth["mid"].n_unique() > 3


def test_seconds_that_are_crossed_or_locked_are_marked_and_stay_few(lake):
    truth = gold(lake, "CROSSED", "market_truth", "2026-03-09")
    features = gold(lake, "CROSSED", "features", "2026-03-09")
    odd = truth.filter(pl.col("locked") | pl.col("crossed"))
    assert 0 < odd.height < 500
    assert (odd["spread_ticks"] <= 0).all()
    assert features.filter(pl.col("crossed"))["mid"].is_null().all()


def test_a_halt_of_the_venues_is_in_the_grid_and_hides_what_was_known(lake):
    truth = gold(lake, "CROSSED", "market_truth", "2026-03-09")
    halted = truth.filter("halted")
    assert halted["sec"].to_list() == list(range(9_600, 9_840))  # four minutes from 16:10 UTC
    assert not halted["flow_valid"].any()
    assert halted["vol_1s"].sum() == 0
    assert halted["mid"][61:].null_count() == 240 - 61
    assert (gold(lake, "CROSSED", "features", "2026-03-09").filter("halted")["mid"].null_count()) == 240
