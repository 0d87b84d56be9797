"""What a delivered DBN file is, from its own header: product type, schema, and every parent symbol and UTC date it is of."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from lakeflow.vendors.databento.header import Header, read_header, utc_day
from lakeflow.vendors.databento.products import PRODUCTS, Product
from lakeflow.vendors.databento.unresolved import refuse_unresolved
from lakeflow.vendors.errors import ForeignFile

SUPPORT = frozenset({"condition.json", "manifest.json", "metadata.json", "symbology.json"})
DAY = timedelta(days=1)


class Delivery(NamedTuple):
    """Where a file belongs: its product, the symbol it was downloaded by, and a UTC date."""

    product_type: str
    symbol: str
    dt: str


def describe(path: Path) -> list[Delivery]:
    """Every place a file belongs, by date and parent; none for what the vendor puts beside the data of a job.

    A file that could not be used fails the one delivery that it is of; one of several is refused before it fails them all.
    """
    if path.name in SUPPORT:
        return []
    header = read_header(path)
    found = deliveries(path, header)
    if len(found) > 1:
        refuse_unresolved(path, header)
    return found


def deliveries(path: Path, header: Header) -> list[Delivery]:
    """The places of a file whose header is read: each parent on each of its days on which the header knows an id of it."""
    product = _product(path, header)
    first, last = _days(header)
    spans: dict[str, set[tuple[date, date]]] = defaultdict(set)
    parents = parents_of(header, product)
    for symbol, intervals in header.mappings.items():
        spans[parents[symbol]] |= {(i.start, i.end - DAY) for i in intervals if i.symbol.isdigit()}
    found = {
        (day.isoformat(), parent)
        for parent, known in spans.items()
        for start, end in known
        for day in _between(max(start, first), min(end, last))
    }
    if not found and first != last:
        raise _foreign(path, f"symbols on some day of {first} to {last}", "none", "download it by UTC day")
    if not found:  # nothing is listed on the one day that it is of: a holiday
        found = {(first.isoformat(), parent) for parent in _asked(header, product)}
    return [Delivery(product.name, parent, dt) for dt, parent in sorted(found)]


def parents_of(header: Header, product: Product) -> Mapping[str, str]:
    """The parent of each symbol that the header maps: the one it was asked for by, or the first where no grammar tells which."""
    asked = _asked(header, product)
    if len(asked) == 1:
        return dict.fromkeys(header.mappings, asked[0])
    told = {symbol: product.parent(symbol) for symbol in header.mappings}
    return {symbol: parent if parent in asked else asked[0] for symbol, parent in told.items()}


def product_named(name: str) -> Product:
    """The product of that name."""
    return next(product for product in PRODUCTS if product.name == name)


def refuse_stranger(path: Path, header: Header, expected: Delivery) -> None:
    """Raise unless the file is of its folder: bytes under a wrong name would be wrong data under a right one."""
    found = deliveries(path, header)
    if expected not in found:
        raise ForeignFile(
            path,
            8,
            " ".join(expected),
            shown(found),
            "deliver it again with `lakeflow raw add`, which asks the file",
        )


def shown(found: list[Delivery]) -> str:
    """The places of a file for a reader: all that differs between the first and the last."""
    more = f" ({len(found)} deliveries, to {' '.join(found[-1][1:])})" if len(found) > 1 else ""
    return " ".join(found[0]) + more


def _asked(header: Header, product: Product) -> list[str]:
    """The parents that the file was asked for by, sorted."""
    return sorted({product.parent(symbol) or "" for symbol in header.symbols})


def _between(first: date, last: date) -> Iterator[date]:
    return (first + n * DAY for n in range((last - first).days + 1))


def _product(path: Path, header: Header) -> Product:
    known = [p for p in PRODUCTS if header.dataset in p.datasets]
    if not known:
        datasets = sorted({name for product in PRODUCTS for name in product.datasets})
        raise _foreign(path, f"a dataset of {datasets}", header.dataset, "deliver one of those")
    schemas = sorted({schema for product in known for schema in product.schemas})
    if header.schema not in schemas:
        found = header.schema or "several schemas"
        raise _foreign(path, f"{header.dataset} with a schema of {schemas}", found, "download one of those")
    if not header.symbols:
        raise _foreign(path, "the symbols it was asked for", "none", "download it by symbol or parent")
    for product in known:
        if all(product.parent(symbol) for symbol in header.symbols):
            return product
    strange = sorted(s for s in header.symbols if not any(p.parent(s) for p in known))
    found = f"{', '.join(strange[:5]) or 'a mix of them'} (stype_in {header.stype_in})"
    advice = "download it by parent (stype_in parent) or by raw symbol, one kind a file"
    raise _foreign(path, f"symbols of {' or '.join(p.name for p in known)}", found, advice)


def _days(header: Header) -> tuple[date, date]:
    """The first and the last UTC date of a file; where it does not say its end, its mappings do."""
    start, end = utc_day(header.start), header.end
    if end is not None:
        return start, utc_day(max(end - 1, header.start))
    ends = [i.end - DAY for intervals in header.mappings.values() for i in intervals]
    return start, max([start, *ends])


def _foreign(path: Path, expected: str, found: str, advice: str) -> ForeignFile:
    return ForeignFile(path, 8, expected, found, advice)
