"""Params held against what their stage's domain says of them, so that a number that cannot be is refused before anything runs."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lakeflow.catalog import Catalog, Stage
from lakeflow.functions import load_function
from lakeflow.registry_file import NAME


def param_faults(catalog: Catalog, root: Path) -> Iterator[str]:
    """What the functions named under `refuses` say, of a catalog whose wiring fits. They are light: each command calls them."""
    for stage in catalog.stages.values():
        if stage.refuses:
            for said in refused(stage, root):
                yield f"{NAME}: stages: {stage.key}: params: {said}"


def refused(stage: Stage, root: Path) -> list[str]:
    params: Mapping[str, Any] = stage.params
    found: list[str] = load_function(stage.refuses or "", root)(params)
    return found
