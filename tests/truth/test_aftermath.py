"""What came after events and after all seconds: ways, cells, and sums that add up."""

import numpy as np
import polars as pl
import pytest

from lakeflow.truth.aftermath import exposure, followed, tied, way

ROWS = 40
RISING = pl.DataFrame(
    {
        "mid": [100.0 + n for n in range(ROWS)],
        "mid_age_s": [0] * ROWS,
        "halted": [False] * ROWS,
        "rv_300s": [1e-2] * ROWS,
        "tick": [0.5] * ROWS,
        "book_valid": [n != 20 for n in range(ROWS)],
    }
)
REGIMES = pl.DataFrame({"tod_bucket": ["am"] * 30 + ["pm"] * 10, "vol_regime": ["low"] * 20 + [None] * 20})


@pytest.mark.parametrize(
    ("kind", "side", "direction", "expected"),
    [("burst", None, -1, -1), ("pull", "b", -1, -1), ("pull", "a", -1, 1), ("replenish", "b", 1, 1),
     ("replenish", "a", 1, -1), ("vacuum", "both", 0, 0), ("chop", None, 0, 0), ("fear", None, -1, -1)],
)  # fmt: skip
def test_an_event_leads_one_way_or_none(kind, side, direction, expected):
    row = pl.DataFrame(
        {"kind": [kind], "side": [side], "dir": [direction]}, schema_overrides={"side": pl.String}
    )
    assert row.select(way=way())["way"].to_list() == [expected]


def events(*seconds):
    rows = len(seconds)
    texts = {"underlying": "ES", "kind": "burst", "dte_bucket": "na", "tod_bucket": "am", "vol_regime": "low"}
    columns = {name: [text] * rows for name, text in texts.items()}
    numbers = {"t_detect": seconds, "dir": [-1] * rows, "dur_s": [3] * rows, "extent": [2.0] * rows}
    sides = {"side": pl.Series([None] * rows, dtype=pl.String), "event_id": [f"e{n}" for n in seconds]}
    return pl.DataFrame(columns | numbers | sides)


def test_outcomes_count_from_the_second_that_knew_and_say_whether_it_was_exposed():
    found = followed(events(20, 10, 36), RISING)
    assert found["event_id"].to_list() == ["e10", "e20", "e36"]
    assert found["in_exposure"].to_list() == [True, False, True]
    assert found["extent_ticks"].to_list() == [4] * 3
    assert found["fwd_ret_5"].to_list() == pytest.approx([np.log(115 / 110), np.log(125 / 120), None])
    assert found["cont_5"].to_list() == [False, False, None]


def test_every_valid_second_is_in_one_cell_with_what_came_after_it():
    found = exposure(RISING, REGIMES, "ES")
    assert found.select("tod_bucket", "regime", "seconds").rows() == [
        ("am", "low", 20), ("am", "unknown", 9), ("pm", "unknown", 10),
    ]  # fmt: skip
    assert found["base_n_cont_5"].sum() == found["base_sum_cont_5"].sum() == ROWS - 10 - 1 - 5
    valid = [t for t in range(10, 35) if t != 20]
    assert found["base_sum_way_ret_5"].sum() == pytest.approx(
        sum(np.log((105 + t) / (100 + t)) for t in valid)
    )


def test_the_best_and_worst_of_all_seconds_are_there_to_be_compared_with():
    found = exposure(RISING, REGIMES, "ES")
    valid = [t for t in range(10, 35) if t != 20]
    assert found["base_n_fwd_mfe_5"].sum() == len(valid)
    assert found["base_sum_fwd_mfe_5"].sum() == pytest.approx(
        sum(np.log((105 + t) / (100 + t)) for t in valid)
    )
    assert found["base_sum_fwd_mae_5"].sum() == pytest.approx(
        sum(np.log((101 + t) / (100 + t)) for t in valid)
    )


def test_a_tie_is_known_has_a_way_and_went_nowhere():
    rows = pl.DataFrame(
        {
            "way": [1, -1, 0, 1, 1],
            **{f"fwd_ret_{h}": [0.0, 0, 0, None, 0.1] for h in (5, 10, 30, 60, 300, 900)},
        }
    )
    assert rows.select(tied(pl.col("way")))["tie_cont_5"].to_list() == [True, True, False, False, False]
