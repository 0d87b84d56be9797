"""Which product type a vendor's dataset is of, and the parent that a symbol has in it."""

from collections.abc import Callable
from typing import NamedTuple

from lakeflow.market.symbols import equity_option_parent, future_option_parent, future_parent

BESIDE = frozenset({"definition", "statistics", "status"})  # delivered beside a product's own records


class Product(NamedTuple):
    """A product type: the vendor datasets it comes from, its schemas, and the parent that a symbol has in it."""

    name: str
    datasets: frozenset[str]
    schemas: frozenset[str]
    parent: Callable[[str], str | None]


def _own_parent(symbol: str) -> str | None:
    """A share is delivered under its own symbol; all of them in one file are under none."""
    return symbol if symbol != "ALL_SYMBOLS" else None


SHARES = frozenset(
    {
        "ARCX.PILLAR",
        "BATS.PITCH",
        "BATY.PITCH",
        "DBEQ.BASIC",
        "DBEQ.PLUS",
        "EDGA.PITCH",
        "EDGX.PITCH",
        "EPRL.DOM",
        "EQUS.ALL",
        "EQUS.MINI",
        "EQUS.PLUS",
        "EQUS.SIP",
        "EQUS.SUMMARY",
        "FINN.NLS",
        "FINY.TRADES",
        "IEXG.TOPS",
        "MEMX.MEMOIR",
        "OCEA.MEMOIR",
        "XASE.PILLAR",
        "XBOS.ITCH",
        "XCHI.PILLAR",
        "XCIS.BBO",
        "XCIS.PILLAR",
        "XCIS.TRADES",
        "XCIS.TRADESBBO",
        "XNAS.BASIC",
        "XNAS.ITCH",
        "XNAS.NLS",
        "XNAS.QBBO",
        "XNYS.BBO",
        "XNYS.PILLAR",
        "XNYS.TRADES",
        "XNYS.TRADESBBO",
        "XPSX.ITCH",
    }
)
CME = frozenset({"GLBX.MDP3"})
FUTURES = CME | {
    "IFEU.IMPACT",
    "IFLL.IMPACT",
    "IFUS.IMPACT",
    "NDEX.IMPACT",
    "XCBF.PITCH",
    "XEEE.EOBI",
    "XEUR.EOBI",
}
OPRA = frozenset({"OPRA.PILLAR"})
PRODUCTS = (
    Product("future_mbo", FUTURES, BESIDE | {"mbo", "trades"}, future_parent),
    Product("future_option_mbo", CME, BESIDE | {"mbo"}, future_option_parent),
    Product("equity_mbo", SHARES, BESIDE | {"mbo", "trades"}, _own_parent),
    Product("equity_option_cmbp_1", OPRA, BESIDE | {"cmbp-1"}, equity_option_parent),
)
