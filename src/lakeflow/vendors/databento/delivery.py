"""What a delivered DBN file is, from its own header: product type, parent symbol, UTC date, schema."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from lakeflow.market.symbols import equity_option_parent, future_option_parent, future_parent
from lakeflow.vendors.databento.header import Header, read_header, utc_day
from lakeflow.vendors.errors import ForeignFile

BESIDE = frozenset({"definition", "statistics", "status"})  # delivered beside a product's own records


class Delivery(NamedTuple):
    """Where a file belongs: its product, the symbol it was downloaded by, and its UTC date."""

    product_type: str
    symbol: str
    dt: str


class Product(NamedTuple):
    """A product type: the vendor datasets it comes from, its own schema, and the parent that a symbol has in it."""

    name: str
    datasets: frozenset[str]
    schemas: frozenset[str]
    parent: Callable[[str], str | None]


def _own_parent(symbol: str) -> str | None:
    """A share is delivered under its own symbol."""
    return symbol or None


SHARES = frozenset(
    {
        "ARCX.PILLAR",
        "BATS.PITCH",
        "BATY.PITCH",
        "DBEQ.BASIC",
        "EDGA.PITCH",
        "EDGX.PITCH",
        "EPRL.DOM",
        "EQUS.ALL",
        "EQUS.PLUS",
        "IEXG.TOPS",
        "MEMX.MEMOIR",
        "XASE.PILLAR",
        "XBOS.ITCH",
        "XCHI.PILLAR",
        "XCIS.PILLAR",
        "XCIS.TRADESBBO",
        "XNAS.BASIC",
        "XNAS.ITCH",
        "XNYS.PILLAR",
        "XPSX.ITCH",
    }
)
CME = frozenset({"GLBX.MDP3"})
ICE = frozenset({"IFEU.IMPACT", "IFLL.IMPACT", "IFUS.IMPACT", "NDEX.IMPACT"})
OPRA = frozenset({"OPRA.PILLAR"})
PRODUCTS = (
    Product("future_mbo", CME | ICE, BESIDE | {"mbo"}, future_parent),
    Product("future_option_mbo", CME, BESIDE | {"mbo"}, future_option_parent),
    Product("equity_mbo", SHARES, BESIDE | {"mbo"}, _own_parent),
    Product("equity_option_cmbp_1", OPRA, BESIDE | {"cmbp-1"}, equity_option_parent),
)


def describe(path: Path) -> list[Delivery]:
    """The one place a file belongs, in a list; a file of several parents or days is refused with how to ask for it."""
    header = read_header(path)
    return [delivery(path, header)]


def delivery(path: Path, header: Header) -> Delivery:
    """The place of a file whose header is read."""
    product = _product(path, header)
    parents = sorted({product.parent(symbol) or "" for symbol in header.symbols})
    if len(parents) != 1:
        found = f"{len(parents)}: {', '.join(parents[:6])}"
        advice = "download them one parent at a time (or split_symbols for shares)"
        raise _foreign(path, "the symbols of one parent", found, advice)
    return Delivery(product.name, parents[0], _day(path, header).isoformat())


def refuse_stranger(path: Path, header: Header, expected: Delivery) -> None:
    """Raise unless the file is what its folder says: bytes under a wrong name would be wrong data under a right one."""
    found = delivery(path, header)
    if found != expected:
        raise ForeignFile(
            path,
            8,
            " ".join(expected),
            " ".join(found),
            "deliver it again with `lakeflow raw add`, which asks the file",
        )


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


def _day(path: Path, header: Header) -> date:
    """The one UTC date of a file; where it does not say its end, its mappings do."""
    start, end = utc_day(header.start), header.end
    if end is not None:
        last = utc_day(max(end - 1, header.start))
    else:
        ends = [i.end for intervals in header.mappings.values() for i in intervals]
        last = date.fromordinal(max(ends).toordinal() - 1) if ends else start
    if start != last:
        found = f"{start} to {last}"
        raise _foreign(path, "one UTC date", found, "download it with split_duration=day")
    return start


def _foreign(path: Path, expected: str, found: str, advice: str) -> ForeignFile:
    return ForeignFile(path, 8, expected, found, advice)
