"""datasets.yaml to a catalog: every fault of form is listed, each with its file, key, expected and found."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from lakeflow.catalog import DT_KINDS, Catalog, Dataset, Product, layer_of
from lakeflow.errors import ConfigError
from lakeflow.form import Faults, shown
from lakeflow.report_entry import report
from lakeflow.stage_entry import stage
from lakeflow.strict_yaml import read_yaml

NAME = "datasets.yaml"
TOP = {"products": dict, "datasets": dict, "stages": dict, "calendars": dict, "reports": dict, "demo": str}
PRODUCT = {"calendar": str, "symbols": str, "about": str, "selected_by": str}
DATASET = {"contract": str, "about": str, "dt_kind": str, "describe": str, "clipped": bool}
CONTRACT = re.compile(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*")
Entry = TypeVar("Entry")


def at(where: str, expected: str, found: str) -> str:
    """A fault of datasets.yaml in one line."""
    return f"{NAME}: {where}: expected {expected}, found {found}"


def read_registry(path: Path) -> tuple[Catalog, list[str]]:
    """The catalog as far as it can be read, and every fault of form in the file."""
    value, found = read_yaml(path)
    faults = Faults(path.name, found)
    if not isinstance(value, dict):
        if not faults:
            faults.add("", "a map of products, datasets and stages", shown(value))
        raise ConfigError(faults)
    top = faults.known("", value, TOP)
    faults.has("", value, "products", "datasets", "stages")
    catalog = Catalog(
        products=entries(top, "products", product, faults),
        datasets=entries(top, "datasets", dataset, faults),
        stages=entries(top, "stages", stage, faults),
        calendars=entries(top, "calendars", overrides, faults),
        reports=entries(top, "reports", report, faults),
        demo=top.get("demo"),
    )
    return catalog, faults


def entries(
    top: Mapping[str, Any], word: str, make: Callable[[str, Mapping[Any, Any], Faults], Entry], faults: Faults
) -> dict[str, Entry]:
    """Every entry of one map of the file, made into what it stands for."""
    return {
        str(key): make(str(key), value, faults)
        for key, value in top.get(word, {}).items()
        if faults.is_kind(f"{word}: {key}", value, dict)
    }


def product(key: str, given: Mapping[Any, Any], faults: Faults) -> Product:
    where = f"products: {key}"
    good = faults.known(where, given, PRODUCT)
    faults.has(where, given, "calendar")
    return Product(name=key, calendar=good.pop("calendar", ""), **good)


def dataset(key: str, given: Mapping[Any, Any], faults: Faults) -> Dataset:
    where = f"datasets: {key}"
    faults.is_key(where, key)
    good = faults.known(where, given, DATASET)
    wanted, unwanted = ("describe", "contract") if layer_of(key) == "raw" else ("contract", "describe")
    faults.has(where, given, wanted)
    if unwanted in good:
        faults.add(where, f"no {unwanted} in the {layer_of(key)} layer", shown(good.pop(unwanted)))
    contract = good.get("contract")
    if contract and not CONTRACT.fullmatch(contract):
        faults.add(
            f"{where}: contract", "a contract as layer/table in small letters", shown(good.pop("contract"))
        )
    usual = "session_date" if layer_of(key) in ("selection", "gold") else "utc_date"
    kind = good.setdefault("dt_kind", usual)
    if not faults.choice(f"{where}: dt_kind", kind, DT_KINDS):
        good["dt_kind"] = usual
    return Dataset(key=key, **good)


def overrides(_: str, given: Mapping[Any, Any], __: Faults) -> Mapping[Any, Any]:
    """Read by the calendar itself, which knows what a session may be."""
    return given
