"""datasets.yaml to a catalog: every fault of form is listed, each with its file, key, expected and found."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lakeflow.catalog import DT_KINDS, LAYERS, Catalog, Dataset, Product, Read, Stage
from lakeflow.errors import ConfigError
from lakeflow.strict_yaml import read_yaml

NAME = "datasets.yaml"
TOP = {"products": dict, "datasets": dict, "stages": dict, "calendars": dict, "demo": str}
PRODUCT = {"calendar": str, "symbols": str, "about": str}
DATASET = {"contract": str, "about": str, "dt_kind": str, "describe": str, "clipped": bool}
STAGE = {
    "run": str, "reads": dict, "makes": dict, "params": dict, "keep": (list, dict), "flag": (list, dict),
    "fans_out": list, "accounts": str, "build": str, "symbol": str, "memory_gb": (int, float),
    "timeout": (int, float), "retries": int, "about": str,
}  # fmt: skip
READ = {"dataset": str, "symbol": str, "map": str, "days": list, "previous": str, "min": int}
SYMBOLS = ("same", "parent", "underlying", "*")


class Faults(list[str]):
    """The faults found so far, and the few ways to find one."""

    def add(self, where: str, expected: str, found: object) -> None:
        self.append(f"{NAME}: {where}: expected {expected}, found {found}")

    def known(self, where: str, given: Mapping[str, Any], kinds: Mapping[str, Any]) -> dict[str, Any]:
        """The entries of a map whose key and type are known; the others are faults."""
        good = {}
        for key, value in given.items():
            if key not in kinds:
                self.add(where, f"one of {sorted(kinds)}", f"the unknown key {key!r}")
            elif not is_kind(value, kinds[key]):
                self.add(f"{where}: {key}", kind_name(kinds[key]), repr(value))
            else:
                good[key] = value
        return good

    def choice(self, where: str, value: Any, choices: Iterable[str]) -> bool:
        if value not in choices:
            self.add(where, f"one of {sorted(choices)}", repr(value))
            return False
        return True


def is_kind(value: Any, kind: Any) -> bool:
    return isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool)


def kind_name(kind: Any) -> str:
    names = {
        dict: "a map",
        list: "a list",
        str: "text",
        bool: "true or false",
        int: "a whole number",
        float: "a number",
    }
    kinds = kind if isinstance(kind, tuple) else (kind,)
    return " or ".join(names[k] for k in kinds)


def read_registry(path: Path) -> tuple[Catalog, list[str]]:
    """The catalog as far as it can be read, and every fault of form in the file."""
    value, found = read_yaml(path)
    faults = Faults(found)
    if not isinstance(value, dict):
        if not faults:
            faults.add("the file", "a map with datasets and stages", type(value).__name__)
        raise ConfigError(faults)
    top = faults.known("the file", value, TOP)
    for key in ("products", "datasets", "stages"):
        if key not in value:
            faults.add("the file", f"the map {key}", "nothing")
    catalog = Catalog(
        products=entries(top.get("products", {}), "products", product, faults),
        datasets=entries(top.get("datasets", {}), "datasets", dataset, faults),
        stages=entries(top.get("stages", {}), "stages", stage, faults),
        calendars=top.get("calendars", {}),
        demo=top.get("demo"),
    )
    return catalog, faults


def entries(given: Mapping[Any, Any], where: str, make: Any, faults: Faults) -> dict[str, Any]:
    made = {}
    for key, value in given.items():
        if not isinstance(value, dict):
            faults.add(f"{where}: {key}", "a map", repr(value))
            continue
        entry = make(str(key), value, faults)
        if entry is not None:
            made[str(key)] = entry
    return made


def product(key: str, given: Mapping[str, Any], faults: Faults) -> Product | None:
    good = faults.known(f"products: {key}", given, PRODUCT)
    if "calendar" not in given:
        faults.add(f"products: {key}", "a calendar", "none")
    return Product(name=key, **{"calendar": "", **good})


def dataset(key: str, given: Mapping[str, Any], faults: Faults) -> Dataset | None:
    where = f"datasets: {key}"
    good = faults.known(where, given, DATASET)
    if not is_key(key, where, faults):
        return None
    layer = key.split(".")[0]
    for word, wanted in (("contract", layer != "raw"), ("describe", layer == "raw")):
        if wanted and word not in given:
            faults.add(where, f"a {word}", "none")
        if not wanted and word in given:
            faults.add(where, f"no {word} in the {layer} layer", repr(given[word]))
    good.setdefault("dt_kind", "session_date" if layer in ("selection", "gold") else "utc_date")
    faults.choice(f"{where}: dt_kind", good["dt_kind"], DT_KINDS)
    return Dataset(key=key, **good)


def is_key(key: str, where: str, faults: Faults) -> bool:
    parts = key.split(".")
    if len(parts) != 3 or not all(part.isidentifier() and part.islower() for part in parts):  # noqa: PLR2004  its three parts
        faults.add(where, "a key layer.product_type.name in lower case", repr(key))
        return False
    return faults.choice(f"{where}: layer", parts[0], LAYERS)


def stage(key: str, given: Mapping[str, Any], faults: Faults) -> Stage | None:
    where = f"stages: {key}"
    good = faults.known(where, given, STAGE)
    for word in ("run", "reads", "makes"):
        if not given.get(word):
            faults.add(where, word, "nothing")
    if not is_key(key, where, faults) or not all(
        isinstance(good.get(w), t) for w, t in (("run", str), ("reads", dict), ("makes", dict))
    ):
        return None
    makes = {str(name): str(made) for name, made in good.pop("makes").items()}
    reads = tuple(
        r for name, r in ((n, read(where, str(n), v, faults)) for n, v in good.pop("reads").items()) if r
    )
    good["fans_out"] = tuple(good.get("fans_out", ()))
    for name in good["fans_out"]:
        faults.choice(f"{where}: fans_out", name, makes)
    if makes and set(makes) <= set(good["fans_out"]):
        faults.add(
            f"{where}: fans_out",
            "at least one table that stays on the symbol asked for (it anchors the step)",
            sorted(makes),
        )
        return None
    if "accounts" in good:
        faults.choice(f"{where}: accounts", good["accounts"], ("rows",))
    if "build" in good:
        faults.choice(f"{where}: build", good["build"], ("on_request",))
    for word in ("keep", "flag"):
        good[word] = filters(f"{where}: {word}", good.get(word, {}), makes, faults)
    return Stage(key=key, reads=reads, makes=makes, **good)


def filters(where: str, given: Any, makes: Mapping[str, str], faults: Faults) -> dict[str, tuple[str, ...]]:
    """A list is meant for every table made (but rejects) that has the columns; a map says the table outright."""
    if isinstance(given, list):
        given = {"*": given} if given else {}
    made = {}
    for name, names in given.items():
        if name != "*":
            faults.choice(where, name, makes)
        if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
            faults.add(f"{where}: {name}", "a list of dotted filter names", repr(names))
            continue
        made[str(name)] = tuple(names)
    return made


def read(where: str, name: str, given: Any, faults: Faults) -> Read | None:
    where = f"{where}: reads: {name}"
    if isinstance(given, str):
        given = {"dataset": given}
    if not isinstance(given, dict):
        faults.add(where, "a dataset key or a map", repr(given))
        return None
    good = faults.known(where, given, READ)
    if "dataset" not in good:
        faults.add(where, "a dataset", "none")
        return None
    if "symbol" in good:
        faults.choice(f"{where}: symbol", good["symbol"], SYMBOLS)
    if "map" in good:
        faults.choice(f"{where}: map", good["map"], ("session_window",))
    if "previous" in good:
        faults.choice(f"{where}: previous", good["previous"], ("self",))
        good["previous"] = True
    if "days" in good:
        good["days"] = days(where, good["days"], faults)
    if sum(word in good for word in ("map", "days", "previous")) > 1:
        faults.add(
            where, "one of days, map, previous", sorted(w for w in ("map", "days", "previous") if w in good)
        )
    if good.get("min", 0) < 0 or ("min" in good and not {"map", "days"} & set(good)):
        faults.add(f"{where}: min", "a count of 0 or more beside days or map", repr(good["min"]))
    return Read(name=name, **good)


def days(where: str, given: list[Any], faults: Faults) -> tuple[int, int] | None:
    if len(given) != 2 or not all(is_kind(n, int) for n in given) or given[0] > given[1]:  # noqa: PLR2004  its two ends
        faults.add(f"{where}: days", "two offsets [first, last] in sessions, first <= last", repr(given))
        return None
    if given[1] > 0:
        faults.add(f"{where}: days", "no session after the step's own (that is looking ahead)", repr(given))
    return given[0], given[1]
