"""What is refused of the params of scored forecasts before anything runs."""

from pathlib import Path

import pytest
import yaml

from lakeflow.forecast.refusals import BOUNDS, of_forecasts, of_sources

STAGES = yaml.safe_load((Path(__file__).parents[2] / "datasets.yaml").read_text())["stages"]


def test_what_is_shipped_is_sound_and_asked():
    asked = {
        key: stage["params"]
        for key, stage in STAGES.items()
        if BOUNDS.keys() & stage.get("params", {}).keys()
    }
    ours = {key: params for key, params in asked.items() if ".prediction_market." in key}
    assert {STAGES[key]["refuses"] for key in ours} == {"lakeflow.forecast.refusals.of_forecasts"}
    assert [of_forecasts(params) for params in ours.values()] == [[]] * 4


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"draws": 0}, "draws: expected a whole number from 1 to 1000000, found 0"),
        ({"draws": True}, "draws: expected a whole number from 1 to 1000000, found True"),
        ({"seed": -1}, "seed: expected a whole number from 0 to 9223372036854775807, found -1"),
        ({"tte_borders_s": [60, 60]}, "tte_borders_s: expected whole seconds above 0 that rise, found [60, 60]"),
        ({"tte_borders_s": "60"}, "tte_borders_s: expected whole seconds above 0 that rise, found '60'"),
        ({"tte_borders_s": [0, 60]}, "tte_borders_s: expected whole seconds above 0 that rise, found [0, 60]"),
        ({"embargo_s": -3600}, "embargo_s: expected a whole number from 0 to 9223372036854775807, found -3600"),
    ],
)  # fmt: skip
def test_draws_of_nothing_and_a_look_ahead_are_refused(given, said):
    assert of_forecasts({"draws": 1000, "seed": 1, "embargo_s": 3600} | given) == [said]


@pytest.mark.parametrize("named", [[], ["GAMMA", ""], ["GAMMA", "GAMMA"], [5], "GAMMA", None])
def test_sources_are_names_each_said_once(named):
    assert [each[:7] for each in of_sources({"sources": named})] == ["sources"]
    assert of_sources({"sources": ["KALSHI", "GAMMA"]}) == []
