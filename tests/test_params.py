"""Params that a stage's domain refuses are told by every command, before anything runs."""

import pytest

from lakeflow.errors import ConfigError
from lakeflow.project import open_project

RULES = '''\
"""What may be a factor."""

from collections.abc import Mapping
from typing import Any


def of_scale(params: Mapping[str, Any]) -> list[str]:
    return [] if params["times"] < 100 else [f"times: expected below 100, found {params['times']}"]
'''


def refusing(toy, times, refuses="stages.silver.rules.of_scale"):
    root = toy({"stages/silver/rules.py": RULES})
    file = root / "datasets.yaml"
    file.write_text(
        file.read_text().replace("params: {times: 10}", f"params: {{times: {times}}}\n    refuses: {refuses}")
    )
    return root


def test_what_the_domain_refuses_has_its_place(toy):
    with pytest.raises(ConfigError) as error:
        open_project(refusing(toy, 100))
    assert list(error.value.faults) == [
        "datasets.yaml: stages: silver.toy.scale: params: times: expected below 100, found 100"
    ]


def test_sound_params_are_no_fault_and_no_part_of_the_recipe(toy):
    with open_project(refusing(toy, 99)) as one, open_project(toy({})) as other:
        stage = one.catalog.stages["silver.toy.scale"]
        assert one.recipes.of(stage, "", []) == other.recipes.of(stage, "", [])


def test_a_function_that_is_not_there_is_a_fault_of_the_wiring(toy):
    with pytest.raises(
        ConfigError,
        match=r"refuses: expected a function that stages.silver.rules defines, one of \['of_scale'\]",
    ):
        open_project(refusing(toy, 1, "stages.silver.rules.of_scales"))
