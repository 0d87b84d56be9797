"""One entry under `stages` of datasets.yaml: what it reads, what it makes, its filters, its limits."""

from collections.abc import Mapping
from typing import Any

from lakeflow.catalog import REJECTS, Stage
from lakeflow.form import Faults, Kind, shown
from lakeflow.read_entry import read

STAGE: dict[str, Kind] = {
    "run": str, "reads": dict, "makes": dict, "params": dict, "keep": (list, dict), "flag": (list, dict),
    "fans_out": list, "accounts": str, "apart": list, "build": str, "symbol": str, "memory_gb": (int, float),
    "timeout": (int, float), "retries": int, "about": str, "refuses": str,
}  # fmt: skip
CHOICES = {"accounts": ("rows",), "build": ("on_request",)}
LEAST = {"memory_gb": 0, "timeout": 1, "retries": 0}
COUNT = "read"  # under this name a stage yields how many records it read, beside its tables


def stage(key: str, given: Mapping[Any, Any], faults: Faults) -> Stage:
    """The stage as far as it can be read: a part that is a fault is left out."""
    where = f"stages: {key}"
    faults.is_key(where, key)
    good = faults.chosen(where, faults.known(where, given, STAGE), CHOICES)
    faults.has(where, given, "run", "reads", "makes")
    limits(where, good, faults)
    makes = made(f"{where}: makes", good.pop("makes", None), faults)
    reads = entries(f"{where}: reads", good.pop("reads", None), faults)
    return Stage(
        key=key,
        run=good.pop("run", ""),
        reads=tuple(read(f"{where}: reads: {name}", name, each, faults) for name, each in reads.items()),
        makes=makes,
        params=faults.named(f"{where}: params", good.pop("params", {})),
        keep=filters(f"{where}: keep", good.pop("keep", []), makes, faults),
        flag=filters(f"{where}: flag", good.pop("flag", []), makes, faults),
        fans_out=fans_out(f"{where}: fans_out", good.pop("fans_out", []), makes, faults),
        apart=among(f"{where}: apart", good.pop("apart", []), makes, faults),
        **good,
    )


def limits(where: str, good: dict[str, Any], faults: Faults) -> None:
    for word, least in LEAST.items():
        if word in good and not good[word] >= least:  # `not >=`, so that .nan is refused too
            faults.add(f"{where}: {word}", f"at least {least}", shown(good.pop(word)))


def entries(where: str, given: Mapping[Any, Any] | None, faults: Faults) -> dict[str, Any]:
    """The named entries of a map that must not be empty; a map that is not there is a fault already."""
    if given is None:
        return {}
    if not given:
        faults.add(where, "at least one entry", "none")
    return faults.named(where, given)


def made(where: str, given: Mapping[Any, Any] | None, faults: Faults) -> dict[str, str]:
    makes = entries(where, given, faults)
    if COUNT in makes:
        faults.add(where, f"another name than {COUNT} (a stage counts records under it)", COUNT)
    return {name: key for name, key in makes.items() if faults.is_kind(f"{where}: {name}", key, str)}


def fans_out(where: str, given: list[Any], makes: Mapping[str, str], faults: Faults) -> tuple[str, ...]:
    names = among(where, given, makes, faults)
    if makes and set(makes) <= set(names):
        expected = "at least one table that stays on the symbol asked for (it anchors the step)"
        faults.add(where, expected, f"all of {sorted(makes)}")
        return ()
    return names


def among(where: str, given: list[Any], makes: Mapping[str, str], faults: Faults) -> tuple[str, ...]:
    return tuple(name for name in given if faults.choice(where, name, makes))


def filters(where: str, given: Any, makes: Mapping[str, str], faults: Faults) -> dict[str, tuple[str, ...]]:
    """A list is meant for every table made (but rejects) that has the columns; a map says the table outright."""
    if isinstance(given, list):
        return {"*": dotted(where, given, faults)} if given else {}
    tables = sorted({*makes, "*"} - {REJECTS})
    return {
        name: dotted(f"{where}: {name}", names, faults)
        for name, names in given.items()
        if faults.choice(where, name, tables) and faults.is_kind(f"{where}: {name}", names, list)
    }


def dotted(where: str, given: list[Any], faults: Faults) -> tuple[str, ...]:
    for name in (name for n, name in enumerate(given) if name in given[:n]):
        faults.add(where, "each filter once", f"{shown(name)} twice")
    return tuple(name for name in given if faults.is_kind(where, name, str))
