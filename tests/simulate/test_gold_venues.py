"""Gold of simulated shares of several venues: half a day, changes of the clocks, crossed seconds, a halt and a burst."""

from datetime import date, time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from lakeflow.simulate.contracts import nanoseconds
from lakeflow.simulate.day import write
from lakeflow.simulate.equity_day import (
    CENT,
    SEVERAL,
    equity_day,
    equity_header,
    instrument_of,
    write_equity_day,
)
from lakeflow.vendors.databento.layouts import MBO

# Half a day, and both sides of a change of New York's clocks.
SHARES = {
    "TWO": (SEVERAL[:2], {"2025-11-28": 12_600, "2026-03-06": 23_400, "2026-03-09": 23_400}),
    "FOUR": (SEVERAL, {"2025-11-28": 12_600, "2025-10-31": 23_400, "2025-11-03": 23_400}),
    "CROSSED": (SEVERAL, {"2026-03-09": 23_400}),
}
OPENS = {"2025-11-28": "14:30", "2026-03-06": "14:30", "2026-03-09": "13:30", "2025-10-31": "13:30", "2025-11-03": "14:30"}  # fmt: skip
BURST, LEAPS, CALM = 5_400, 10, 60  # the second that it begins in, and how many there are of it and after it
DAYS = [(symbol, day) for symbol, (_, days) in SHARES.items() for day in days]


@pytest.fixture(scope="module")
def lake(tmp_path_factory, gold_made) -> Path:
    """The gold of every session of the shares."""
    folder = tmp_path_factory.mktemp("venues")
    for symbol, (publishers, days) in SHARES.items():
        hazards = ("crossed", "halt") if symbol == "CROSSED" else ()
        for day in days:
            own = folder / symbol / day
            more = {"publishers": publishers, "hazards": hazards}
            files = write_equity_day(own, symbol, date.fromisoformat(day), 30_000, 7, **more)
            gold_made(folder / "lake", files, symbol, day)
    gold_made(folder / "lake", with_burst(folder / "BURST", date(2026, 3, 9)), "BURST", "2026-03-09")
    return folder / "lake"


def with_burst(folder: Path, day: date) -> list[Path]:
    """A share of two venues whose offers go at both, two ticks a second, while bids follow; then a lot a second."""
    files = write_equity_day(folder, "BURST", day, 30_000, 7, publishers=SEVERAL[:2])
    rows = np.concatenate(list(equity_day("BURST", day, 7, SEVERAL[:2]).records(30_000)))
    before = rows[rows["ts_recv"] < nanoseconds(day) + (13 * 3600 + 1800 + BURST) * 10**9]
    head = equity_header("BURST", day, "mbo", 3, SEVERAL[:2])
    return [write(folder, head, [before, leaps(before, nanoseconds(day, time(13, 30)))]), *files[1:]]


def leaps(before: npt.NDArray[np.void], opens: int) -> npt.NDArray[np.void]:
    offers = resting(before, b"A")
    best, told = min(price for price, _ in offers.values()), []
    for n in range(1, LEAPS + CALM + 1):
        top = best + 2 * min(n, LEAPS) * CENT
        gone = sorted(key for key, (price, _) in offers.items() if price < top)
        events = [
            (publisher, order_id, *offers.pop((publisher, order_id)), b"C", b"A")
            for publisher, order_id in gone
        ]
        events += [(publisher, 9_000_000 + n, top - CENT, 1, b"A", b"B") for publisher in SEVERAL[:2]]
        moment = opens + (BURST + n - 1) * 10**9 + 10**8
        told += [
            (14, 160, publisher, instrument_of("BURST"), moment, order_id, price, size, 130, 0, action, side,
             moment + 90_000, 12_000, 5_000_000 + len(told) + k)
            for k, (publisher, order_id, price, size, action, side) in enumerate(events)
        ]  # fmt: skip
    return np.array(told, MBO)


def resting(rows: npt.NDArray[np.void], side: bytes) -> dict[tuple[int, int], tuple[int, int]]:
    """Price and size of the orders of a side, by venue and number."""
    book: dict[tuple[int, int], tuple[int, int]] = {}
    for row in rows[(rows["side"] == side) & np.isin(rows["action"], (b"A", b"C"))]:
        key, size = (row["publisher_id"].item(), row["order_id"].item()), row["size"].item()
        held = size if row["action"] == b"A" else book[key][1] - size
        book[key] = (row["price"].item(), held)
        if not held:
            del book[key]
    return book


def gold(lake: Path, symbol: str, table: str, day: str = "2026-03-09") -> pl.DataFrame:
    place = lake / "gold" / "product_type=equity_mbo" / f"symbol={symbol}" / f"table={table}"
    return pl.read_parquet(place / f"dt={day}" / "part-0.parquet")


@pytest.mark.parametrize(("symbol", "day"), DAYS)
def test_a_share_of_several_venues_has_the_rows_of_its_session(lake, symbol, day):
    truth = gold(lake, symbol, "market_truth", day)
    assert truth.height == SHARES[symbol][1][day] == gold(lake, symbol, "features", day).height
    assert str(truth["ts_second"][0])[:16] == f"{day} {OPENS[day]}"
    assert str(truth["ts_local"][0])[11:16] == "09:30"


@pytest.mark.parametrize(("symbol", "day"), DAYS)
def test_the_causes_add_up_for_the_venues_together(lake, causes, symbol, day):
    truth = gold(lake, symbol, "market_truth", day)
    changes = causes(truth)
    assert changes.filter(pl.col("changed") != pl.col("told")).is_empty()
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
    truth = gold(lake, "CROSSED", "market_truth")
    features = gold(lake, "CROSSED", "features")
    odd = truth.filter(pl.col("locked") | pl.col("crossed"))
    assert 0 < odd.height < 500
    assert (odd["spread_ticks"] <= 0).all()
    assert features.filter(pl.col("crossed"))["mid"].is_null().all()


def test_a_halt_of_the_venues_is_in_the_grid_and_hides_what_was_known(lake):
    truth = gold(lake, "CROSSED", "market_truth")
    halted = truth.filter("halted")
    assert halted["sec"].to_list() == list(range(9_600, 9_840))  # four minutes from 16:10 UTC
    assert not halted["flow_valid"].any()
    assert halted["vol_1s"].sum() == 0
    assert halted["mid"][61:].null_count() == 240 - 61
    assert (gold(lake, "CROSSED", "features").filter("halted")["mid"].null_count()) == 240


def test_a_burst_of_all_venues_is_found_once_with_its_extent(lake):
    (burst,) = gold(lake, "BURST", "bursts").iter_rows(named=True)
    assert (burst["dir"], burst["t0"], burst["reason"]) == (1, BURST - 1, "calm")
    assert burst["t_detect"] == BURST + 7  # by when eight of ten seconds have a quote
    assert burst["t_peak"] == BURST + LEAPS - 1
    assert burst["extent"] == pytest.approx(0.20, abs=0.011)
    truth = gold(lake, "BURST", "market_truth")
    assert not truth["crossed"].any()
    during = truth[BURST : BURST + LEAPS]
    assert (during["dmid_cancel"].sum() > 0, during["dmid_trade"].sum()) == (True, 0)
