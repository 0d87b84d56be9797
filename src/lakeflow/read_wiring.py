"""Whether what a stage reads can be read: by whose symbol, of which days, and nothing of what it stands on itself."""

import re
from collections.abc import Iterator, Mapping

from lakeflow.catalog import Catalog, Product, Read, Stage
from lakeflow.registry_file import at
from lakeflow.selected import GOVERNED
from lakeflow.upstream import above

PREVIOUS = "a table that the stage itself makes"
EARLIER = "earlier sessions (days: [-n, -1] or previous: self) or a dataset that is clipped: true"
TODAY = "the session's own day (a selection may not look ahead)"
BEFORE = "earlier sessions (days: [-n, -1]) of a dataset of session dates"


def reads(catalog: Catalog) -> Iterator[str]:
    for stage in catalog.stages.values():
        where = f"stages: {stage.key}"
        if stage.reads and stage.driver is None and stage.symbol is None:
            yield at(where, "a read of the same symbol, or `symbol:` naming the one to make", "neither")
        if stage.driver is not None and stage.symbol is not None:
            expected = f"none ({stage.driver.name} is read at the same symbol, so its symbols are made)"
            yield at(f"{where}: symbol", expected, repr(stage.symbol))
        for read in stage.reads:
            if read.dataset in catalog.datasets:
                yield from read_faults(catalog, stage, read, f"{where}: reads: {read.name}")
            elif read.dataset:
                yield at(
                    f"{where}: reads: {read.name}", f"one of {sorted(catalog.datasets)}", repr(read.dataset)
                )


def read_faults(catalog: Catalog, stage: Stage, read: Read, where: str) -> Iterator[str]:
    if read.previous and read.dataset not in stage.makes.values():
        yield at(f"{where}: previous", PREVIOUS, read.dataset)
    group = {"children": "parent"}.get(read.symbol, read.symbol)
    if group in ("parent", "underlying") and not has_group(catalog, stage, group):
        grammar = f"products: {stage.product_type}: symbols"
        yield at(f"{where}: symbol", f"a group (?P<{group}>...) in {grammar}", "none")
    if read.symbol == "chosen":
        yield from chosen(catalog, stage, read, where)
    yield from dates(catalog, stage, read, where)
    yield from told_late(catalog, stage, read, f"{where}: late")
    dataset = catalog.datasets[read.dataset]
    allowed = read.is_earlier or dataset.clipped or dataset.layer == "selection"
    if stage.layer == "selection" and not allowed:
        yield at(where, EARLIER, TODAY)


def chosen(catalog: Catalog, stage: Stage, read: Read, where: str) -> Iterator[str]:
    """A selection of earlier days says which symbol is read; it does not stand on what reads by it."""
    product = catalog.products.get(stage.product_type)
    chooser = catalog.maker.get(product.selected_by or "") if product else None
    if chooser is None:
        yield at(f"{where}: symbol", f"products: {stage.product_type}: selected_by, to say which", "none")
    elif stage.layer not in GOVERNED or stage.key in above(catalog, [chooser]):
        yield at(
            f"{where}: symbol",
            f"a stage of {' or '.join(GOVERNED)} that {chooser.key} does not stand on",
            stage.key,
        )
    if (kind := catalog.datasets[read.dataset].dt_kind) != "session_date" or not read.is_earlier:
        yield at(
            where,
            BEFORE,
            f"days: {read.days}, of {kind}",
        )


def told_late(catalog: Catalog, stage: Stage, read: Read, where: str) -> Iterator[str]:
    """What is told of a day later does not stand on what that day made of it, and chooses nothing beforehand."""
    if not read.late:
        return
    maker = catalog.maker.get(read.dataset)
    if stage.layer == "selection":
        yield at(where, TODAY, f"{read.late}")
    if maker is not None and stage.key in above(catalog, [maker]):
        yield at(where, f"a dataset that does not stand on {stage.key}", read.dataset)
    if catalog.datasets[read.dataset].dt_kind != "utc_date":
        yield at(where, "a dataset of UTC dates", read.dataset)


def has_group(catalog: Catalog, stage: Stage, group: str) -> bool:
    """Whether the product's grammar has a group; one that is missing or broken is a fault already."""
    product = catalog.products.get(stage.product_type)
    try:
        return product is None or group in groups(product)
    except re.error:
        return True


def dates(catalog: Catalog, stage: Stage, read: Read, where: str) -> Iterator[str]:
    """A session's date and a UTC date are not the same day, whatever their text."""
    kinds = {catalog.datasets[key].dt_kind for key in stage.makes.values() if key in catalog.datasets}
    made, found = min(kinds, default=""), catalog.datasets[read.dataset].dt_kind
    if read.map and not (read.days or read.previous) and (made, found) != ("session_date", "utc_date"):
        yield at(f"{where}: map", "it where session dates are made from UTC dates", f"{made} from {found}")
    if read.map or read.days or read.previous:
        return
    if (made, found) == ("session_date", "utc_date"):
        yield at(
            where,
            "map: session_window (the stage makes session dates)",
            f"the same dt of {read.dataset}, a UTC date",
        )
    if (made, found) == ("utc_date", "session_date"):
        yield at(
            where, "a dataset of UTC dates, as the stage makes them", f"{read.dataset}, of session dates"
        )


def groups(product: Product) -> Mapping[str, int]:
    return re.compile(product.symbols or "").groupindex
