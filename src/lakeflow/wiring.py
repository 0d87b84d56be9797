"""What datasets.yaml says held against itself and the source: makers, reads, circles, products, contracts.

Functions are read from source, not imported, so that a run with nothing to do imports no stage.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from lakeflow.calls import call_faults, function_faults, report_faults
from lakeflow.catalog import Catalog, Dataset, Product, Stage
from lakeflow.code import Code
from lakeflow.read_wiring import groups, reads
from lakeflow.registry_file import at
from lakeflow.upstream import circles, leads

GRAMMAR = "a regular expression"


def wiring_faults(
    catalog: Catalog, code: Code, contracts: Path, calendars: Mapping[str, object]
) -> Iterator[str]:
    """Every way in which the catalog does not fit together, one line each."""
    faults = chain(
        products(catalog, calendars),
        makers(catalog),
        reads(catalog),
        round_trips(catalog),
        chain.from_iterable(files(dataset, code, contracts) for dataset in catalog.datasets.values()),
        function_faults(code, "demo", catalog.demo) if catalog.demo else (),
        chain.from_iterable(report_faults(each, catalog, code) for each in catalog.reports.values()),
        call_faults(catalog, code),
    )
    return iter(dict.fromkeys(faults))


def round_trips(catalog: Catalog) -> Iterator[str]:
    """Stages that stand on what they make, or whose steps only they themselves could tell."""
    found = [at("stages", "no circle", " -> ".join(circle)) for circle in circles(catalog)]
    expected = "a read first that says which days there are, and is not made from the stage's own tables"
    yield from found or (at("stages", expected, " -> ".join(circle)) for circle in circles(catalog, leads))


def products(catalog: Catalog, calendars: Mapping[str, object]) -> Iterator[str]:
    """Each product that a dataset is of has an entry, with a calendar that there is and a grammar that parses."""
    used = {dataset.product_type for dataset in catalog.datasets.values()} - {""}
    for name in sorted(used - catalog.products.keys()):
        yield at("products", f"an entry {name} with its calendar", "none")
    for name in sorted(catalog.calendars.keys() - calendars.keys()):
        yield at("calendars", f"one of {sorted(calendars)}", repr(name))
    for product in catalog.products.values():
        where = f"products: {product.name}"
        if product.calendar and product.calendar not in calendars:
            yield at(f"{where}: calendar", f"one of {sorted(calendars)}", repr(product.calendar))
        try:
            if product.symbols and "parent" not in groups(product):
                yield at(f"{where}: symbols", "a group (?P<parent>...)", repr(product.symbols))
        except re.error as error:
            yield at(f"{where}: symbols", GRAMMAR, f"{product.symbols!r}: {error}")
        yield from selections(catalog, product)


def selections(catalog: Catalog, product: Product) -> Iterator[str]:
    """The selection that a product names is one: of the product, by session, for symbols that have a parent."""
    key = product.selected_by
    if key is None:
        return
    where = f"products: {product.name}: selected_by"
    there = sorted(
        d.key for d in catalog.datasets.values() if (d.layer, d.product_type) == ("selection", product.name)
    )
    if key not in there:
        yield at(where, f"one of {there}", repr(key))
    elif (kind := catalog.datasets[key].dt_kind) != "session_date":
        yield at(where, "a selection of session dates", f"{key}, of {kind}")
    if not product.symbols:
        yield at(where, f"products: {product.name}: symbols, to tell whose parent a symbol has", "none")


def makers(catalog: Catalog) -> Iterator[str]:
    """Each dataset but raw has exactly one maker, in its own layer and product."""
    made: dict[str, list[str]] = {}
    for stage in catalog.stages.values():
        for key in stage.makes.values():
            made.setdefault(key, []).append(stage.key)
        yield from makes(catalog, stage)
    for key, dataset in catalog.datasets.items():
        stages = made.get(key, [])
        if dataset.is_raw and stages:
            yield at(f"datasets: {key}", "no maker (raw is delivered)", f"{stages}")
        elif not dataset.is_raw and not stages:
            yield at(f"datasets: {key}", "a stage that makes it", "none")
        elif len(set(stages)) > 1:
            yield at(f"datasets: {key}", "one stage that makes it", f"{stages}")


def makes(catalog: Catalog, stage: Stage) -> Iterator[str]:
    where = f"stages: {stage.key}: makes"
    seen: dict[str, str] = {}
    for name, key in stage.makes.items():
        if key not in catalog.datasets:
            yield at(f"{where}: {name}", f"one of {sorted(catalog.datasets)}", repr(key))
        elif key.split(".")[:2] != stage.key.split(".")[:2]:
            yield at(f"{where}: {name}", "a dataset of the stage's own layer and product", key)
        elif key in seen:
            yield at(f"{where}: {name}", f"another dataset than {seen[key]} makes", key)
        seen[key] = name
    kinds = {key: catalog.datasets[key].dt_kind for key in seen if key in catalog.datasets}
    if len(set(kinds.values())) > 1:
        found = ", ".join(f"{key} {kind}" for key, kind in kinds.items())
        yield at(where, "datasets of one dt_kind (a step has one dt)", found)


def files(dataset: Dataset, code: Code, contracts: Path) -> Iterator[str]:
    where = f"datasets: {dataset.key}"
    if dataset.contract and not (contracts / f"{dataset.contract}.avsc").is_file():
        yield at(f"{where}: contract", f"the file contracts/{dataset.contract}.avsc", "none")
    if dataset.describe:
        yield from function_faults(code, f"{where}: describe", dataset.describe)
