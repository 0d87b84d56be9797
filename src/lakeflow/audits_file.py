"""audits.yaml to the functions that hold for what each stage makes: every fault of the file in one ConfigError."""

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from lakeflow.catalog import Catalog, Stage
from lakeflow.errors import ConfigError
from lakeflow.form import Faults, shown
from lakeflow.functions import load_function
from lakeflow.strict_yaml import read_yaml

NAME = "audits.yaml"
SPECIALS = ("symbol", "dt", "params", "sessions", "tables")  # what an audit may take beside tables by name


class Audit(NamedTuple):
    """A function whose parameters are tables that a stage makes or reads, by their names in datasets.yaml."""

    stage: str
    run: str
    function: Callable[..., Any]
    takes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The last two parts of the dotted name: which file, and what must hold."""
        return ".".join(self.run.split(".")[-2:])


def read_audits(root: Path, catalog: Catalog) -> dict[str, tuple[Audit, ...]]:
    """The audits of each stage; none where the project has no such file."""
    if not (root / NAME).is_file():
        return {}
    value, found = read_yaml(root / NAME)
    faults = Faults(NAME, found)
    audits = {
        str(key): audits_of(str(key), given, catalog, root, faults)
        for key, given in entries(value, faults).items()
        if faults.choice("", str(key), catalog.stages)
    }
    if faults:
        raise ConfigError(faults)
    return audits


def entries(value: Any, faults: Faults) -> Mapping[Any, Any]:
    if isinstance(value, dict):
        return value
    if not faults:
        faults.add("", "a map from stages to lists of functions", shown(value))
    return {}


def audits_of(key: str, given: Any, catalog: Catalog, root: Path, faults: Faults) -> tuple[Audit, ...]:
    """The audits of one stage, as far as they can be had."""
    if not faults.is_kind(key, given, list):
        return ()
    audits = []
    for place, run in enumerate(given):
        if run in given[:place]:
            faults.add(key, "each audit once", f"{shown(run)} twice")
        elif faults.is_kind(key, run, str):
            audits += audit_of(catalog.stages[key], run, root, faults)
    return tuple(audits)


def audit_of(stage: Stage, run: str, root: Path, faults: Faults) -> list[Audit]:
    """The audit, or nothing when there is no such function or it takes what the stage does not have."""
    try:
        function = load_function(run, root)
    except ConfigError as error:
        faults += [f"{NAME}: {stage.key}: {fault}" for fault in error.faults]
        return []
    takes = tuple(inspect.signature(function).parameters)
    known = {
        *stage.makes,
        *(read.name for read in stage.reads if not read.dataset.startswith("raw.")),
        *SPECIALS,
    }
    if strange := sorted(set(takes) - known):
        faults.add(f"{stage.key}: {run}", f"parameters out of {sorted(known)}", f"{strange}")
        return []
    return [Audit(stage.key, run, function, takes)]
