"""Every table that the stages make holds its contract, with many markets too: order, keys, ranges, nulls."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lakeflow.check import check_frame
from lakeflow.contract import load_contract
from lakeflow.forecast.tables.boards import by_segment
from lakeflow.forecast.tables.cutoffs import TIME
from lakeflow.forecast.tables.leaks import untold, withheld
from lakeflow.forecast.tables.maps import maps
from lakeflow.forecast.tables.market_board import by_market
from lakeflow.forecast.tables.measured import measured
from lakeflow.forecast.tables.recalibrated import recalibrated
from lakeflow.forecast.tables.scored import KEY, costed
from lakeflow.forecast.tables.yardsticks import yardsticks
from lakeflow.strict_yaml import read_yaml

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = read_yaml(ROOT / "datasets.yaml")[0]
MADE = {
    name: REGISTRY["datasets"][key]["contract"]
    for stage, entry in REGISTRY["stages"].items()
    if ".prediction_market." in stage
    for name, key in entry["makes"].items()
    if name != "quarantine"
}


def complaints(frame, contract):
    return [
        str(each) for each in check_frame(frame, load_contract(ROOT / f"contracts/{contract}.avsc")).errors
    ]


def test_every_table_of_simulated_days_holds_its_contract(kept):
    for day in kept.days:
        checked = [name for name in MADE if name in day]
        assert len(checked) > 20
        assert [told for name in checked for told in complaints(day[name], MADE[name])] == []


LINKS = pl.DataFrame(schema={"condition_id": pl.String, "links": pl.List(pl.String)})


@pytest.fixture(scope="module")
def scored():
    """Three hundred markets of several categories, at two anchors, by two forecasters, over ten days."""
    rng = np.random.Generator(np.random.Philox(5))
    p = np.round(rng.uniform(0.02, 0.98, 300), 2)
    rows = pl.DataFrame({"p": np.rint(p * 1e6).astype(int), "y": (rng.uniform(size=300) < p).astype(int)}).with_columns(
        condition_id=pl.format("0x{}", pl.int_range(300)), cluster_id=pl.format("{}", pl.int_range(300)), group_id=pl.lit(None, pl.String),
        horizon_s=pl.lit(3600), category=pl.Series(["sports", "crypto"] * 150), liquidity_bucket=pl.lit("HIGH"), p_kind=pl.lit("MID"),
        ts_cutoff=(pl.datetime(2026, 1, 1, time_zone="UTC") + pl.duration(hours=pl.int_range(300) % 240)).cast(TIME),
        weight_equal=pl.lit(1.0), weight_volume=pl.int_range(300).cast(pl.Float64),
    )  # fmt: skip
    known = rows.with_columns(ts_label_known=pl.col("ts_cutoff") + pl.duration(hours=2))
    kinds = [(a, f) for a in ("SCHED_END", "CLOSE_EXPOST") for f in ("MARKET", "BID")]
    every = [costed(known.with_columns(anchor=pl.lit(a), forecaster=pl.lit(f))) for a, f in kinds]
    return pl.concat(every).sort(KEY)


def test_the_tables_of_many_markets_hold_their_contracts(scored):
    last = scored.filter(pl.col("ts_cutoff") > pl.datetime(2026, 1, 9, time_zone="UTC"))
    again = recalibrated(last, scored)
    assert again.height > 50
    found = measured(pl.concat([scored, again.select(scored.columns)]), 30, 1)
    held = yardsticks(scored, scored.clear())
    tables = {
        **untold(found, []), "yardsticks": held, "recal_maps": maps(scored), "scored": scored, "recalibrated": again, "scoreboard_market": by_market(scored, held, LINKS),
        "scoreboard_segment": withheld(by_segment(found["metrics"], scored, held), []),
    }  # fmt: skip
    assert all(rows.height > 10 for rows in tables.values())
    assert [told for name, rows in tables.items() for told in complaints(rows, MADE[name])] == []
