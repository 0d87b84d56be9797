"""What datasets.yaml says held against the source: makers, circles, contracts, functions and their parameters.

Functions are read from source, not imported, so that a run with nothing to do imports no stage.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from lakeflow.catalog import REJECTS, SPECIALS, Catalog, Stage
from lakeflow.code import Code
from lakeflow.signature import Signature, find_signature, fits


def wiring_faults(
    catalog: Catalog, code: Code, contracts: Path, calendars: Mapping[str, object]
) -> Iterator[str]:
    """Every way in which the catalog does not fit together, one line each."""
    yield from makers(catalog)
    yield from reads(catalog)
    yield from circles(catalog)
    yield from look_ahead(catalog)
    yield from products(catalog, calendars)
    for key, dataset in catalog.datasets.items():
        if dataset.contract and not (contracts / f"{dataset.contract}.avsc").is_file():
            yield at(f"datasets: {key}", f"the file contracts/{dataset.contract}.avsc", "none")
        if dataset.describe and find_signature(code, dataset.describe) is None:
            yield at(f"datasets: {key}: describe", "a function", f"no {dataset.describe}")
    if catalog.demo and find_signature(code, catalog.demo) is None:
        yield at("demo", "a function", f"no {catalog.demo}")
    for stage in catalog.stages.values():
        yield from functions(catalog, stage, code)


def at(where: str, expected: str, found: str) -> str:
    return f"datasets.yaml: {where}: expected {expected}, found {found}"


def makers(catalog: Catalog) -> Iterator[str]:
    """Each dataset but raw has exactly one maker, in its own layer and product."""
    made: dict[str, list[str]] = {}
    for stage in catalog.stages.values():
        for name, key in stage.makes.items():
            made.setdefault(key, []).append(stage.key)
            if key not in catalog.datasets:
                yield at(
                    f"stages: {stage.key}: makes: {name}",
                    f"a dataset; there are {sorted(catalog.datasets)}",
                    key,
                )
            elif key.split(".")[:2] != stage.key.split(".")[:2]:
                yield at(
                    f"stages: {stage.key}: makes: {name}",
                    "a dataset of the stage's own layer and product",
                    key,
                )
    for key, dataset in catalog.datasets.items():
        stages = made.get(key, [])
        if dataset.is_raw and stages:
            yield at(f"datasets: {key}", "no maker (raw is delivered)", f"{stages}")
        if not dataset.is_raw and not stages:
            yield at(f"datasets: {key}", "a stage that makes it", "none")
        if len(stages) > 1:
            yield at(f"datasets: {key}", "one stage that makes it", f"{stages}")


def reads(catalog: Catalog) -> Iterator[str]:
    for stage in catalog.stages.values():
        where = f"stages: {stage.key}"
        if stage.driver is None and stage.symbol is None:
            yield at(where, "a read of the same symbol, or `symbol:` naming the one to make", "neither")
        for read in stage.reads:
            dataset = catalog.datasets.get(read.dataset)
            if dataset is None:
                yield at(
                    f"{where}: reads: {read.name}",
                    f"a dataset; there are {sorted(catalog.datasets)}",
                    read.dataset,
                )
                continue
            if read.previous and read.dataset not in stage.makes.values():
                yield at(
                    f"{where}: reads: {read.name}: previous",
                    "a table that the stage itself makes",
                    read.dataset,
                )
            grammar = catalog.products.get(stage.product_type)
            if read.symbol in ("parent", "underlying") and not (
                grammar and grammar.symbols and f"(?P<{read.symbol}>" in grammar.symbols
            ):
                yield at(f"{where}: reads: {read.name}: symbol", f"a symbol grammar with the group {read.symbol!r} "
                         f"under products: {stage.product_type}: symbols", "none")  # fmt: skip
            if dt_kind_differs(catalog, stage, read.dataset) and not (read.map or read.days or read.previous):
                yield at(f"{where}: reads: {read.name}", "map: session_window (the stage makes session dates, "
                         f"{read.dataset} has UTC dates)", "the same dt")  # fmt: skip


def dt_kind_differs(catalog: Catalog, stage: Stage, key: str) -> bool:
    made = next((catalog.datasets[k] for k in stage.makes.values() if k in catalog.datasets), None)
    return made is not None and (made.dt_kind, catalog.datasets[key].dt_kind) == ("session_date", "utc_date")


def circles(catalog: Catalog) -> Iterator[str]:
    """A stage that needs what it makes, by whatever way round; reads of earlier sessions are no circle."""
    needs = {
        stage.key: {
            catalog.maker[r.dataset].key
            for r in stage.reads
            if r.dataset in catalog.maker and not r.previous and not (r.days and r.days[1] < 0)
        }
        for stage in catalog.stages.values()
    }
    while free := [key for key, wanted in needs.items() if not wanted & needs.keys()]:
        for key in free:
            del needs[key]
    if needs:
        yield at("stages", "no circle", " -> ".join(one_circle(needs)))


def one_circle(needs: Mapping[str, set[str]]) -> list[str]:
    path = [min(needs)]
    while True:
        following = min(needs[path[-1]] & needs.keys())
        if following in path:
            return [*path[path.index(following) :], following]
        path.append(following)


def look_ahead(catalog: Catalog) -> Iterator[str]:
    for stage in catalog.stages.values():
        for read in stage.reads if stage.layer == "selection" else ():
            dataset = catalog.datasets.get(read.dataset)
            earlier = read.previous or (read.days is not None and read.days[1] < 0)
            if dataset and not earlier and not dataset.clipped and dataset.layer != "selection":
                yield at(f"stages: {stage.key}: reads: {read.name}", "earlier sessions (days: [-n, -1] or previous: "
                         "self) or a dataset that is clipped: true", "the session's own day (a selection may not "
                         "look ahead)")  # fmt: skip


def products(catalog: Catalog, calendars: Mapping[str, object]) -> Iterator[str]:
    used = {d.product_type for d in catalog.datasets.values()}
    for name in sorted(used - set(catalog.products)):
        yield at("products", f"an entry {name} with its calendar", "none")
    for name in sorted(set(catalog.calendars) - set(calendars)):
        yield at(f"calendars: {name}", f"one of {sorted(calendars)}", name)
    for product in catalog.products.values():
        if product.calendar and product.calendar not in calendars:
            yield at(f"products: {product.name}: calendar", f"one of {sorted(calendars)}", product.calendar)
        try:
            groups = re.compile(product.symbols or "(?P<parent>)").groupindex
        except re.error as error:
            yield at(
                f"products: {product.name}: symbols", "a regular expression", f"{product.symbols!r}: {error}"
            )
            continue
        if "parent" not in groups:
            yield at(f"products: {product.name}: symbols", "a group (?P<parent>...)", repr(product.symbols))


def functions(catalog: Catalog, stage: Stage, code: Code) -> Iterator[str]:
    """The stage's function exists and takes what it is given; so do its filters."""
    where = f"stages: {stage.key}"
    try:
        signature = find_signature(code, stage.run)
    except SyntaxError as error:
        yield f"{error.filename}:{error.lineno}: not valid Python: {error.msg}"
        return
    if signature is None:
        yield at(f"{where}: run", "a function in stages/ or selection/", f"no {stage.run}")
    else:
        yield from parameters(stage, signature)
    if stage.keep and REJECTS not in stage.makes:
        yield at(
            f"{where}: makes", f"a table {REJECTS!r} (keep filters refuse rows)", f"{sorted(stage.makes)}"
        )
    for name in sorted({n for names in [*stage.keep.values(), *stage.flag.values()] for n in names}):
        found = find_signature(code, name)
        if found is None or not name.startswith("filters."):
            yield at(f"{where}: filters", "a function in filters/", f"no {name}")
        elif found.required:
            yield at(f"{where}: filters", f"{name} to take no parameters", f"{sorted(found.required)}")


def parameters(stage: Stage, signature: Signature) -> Iterator[str]:
    given = {*(r.name for r in stage.reads), *stage.params}
    for name in sorted({r.name for r in stage.reads} & set(stage.params)):
        yield at(f"stages: {stage.key}", f"{name} as a read or as a param", "both")
    for name in sorted(given & set(SPECIALS)):
        yield at(f"stages: {stage.key}", f"another name than {name} (the engine fills it in)", name)
    if extra := given - set(signature.annotations):
        yield f"{stage.key}: {stage.run} takes {sorted(signature.annotations)}, datasets.yaml gives {sorted(given)}: not taken {sorted(extra)}"
    if lacking := signature.required - given - set(SPECIALS):
        yield f"{stage.key}: {stage.run} takes {sorted(signature.annotations)}, datasets.yaml gives {sorted(given)}: not given {sorted(lacking)}"
    for name, value in stage.params.items():
        annotation = signature.annotations.get(name)
        if name in signature.annotations and annotation is None:
            yield f"{stage.key}: {stage.run}: the parameter {name} has no type; give it one, it is checked against datasets.yaml"
        elif annotation is not None and not fits(value, annotation):
            yield at(f"stages: {stage.key}: params: {name}", ast.unparse(annotation), f"{value!r}")
