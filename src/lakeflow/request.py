"""What a command asks for: which tables, whose symbols, which dates, and how far it may go to get them."""

import fnmatch
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from lakeflow.catalog import Catalog, Product, Stage


def every_date(_: str) -> bool:
    return True


@dataclass(frozen=True)
class Request:
    """An empty tuple of symbols means every symbol."""

    datasets: frozenset[str]
    symbols: tuple[str, ...] = ()
    first: str = ""
    last: str = "9999"
    wants_date: Callable[[str], bool] = every_date
    upstream: bool = True
    overwrite: bool = False
    named: frozenset[str] = (
        frozenset()
    )  # datasets said outright: these are made even when built on request only

    @cached_property
    def is_open(self) -> bool:
        """Whether neither dates nor symbols narrow it."""
        return not self.symbols and not self.first and self.last == "9999" and self.wants_date is every_date


class Symbols:
    """Which symbol belongs to which, by the grammar of each product."""

    def __init__(self, catalog: Catalog) -> None:
        self._products = catalog.products
        self.related = lru_cache(maxsize=100_000)(self._related)

    def _related(self, product_type: str, symbol: str, group: str) -> str:
        """The parent or the underlying of a symbol; a symbol the grammar does not know is its own."""
        product: Product | None = self._products.get(product_type)
        if product is None or not product.symbols:
            return symbol
        match = re.fullmatch(product.symbols, symbol)
        return (match.groupdict().get(group) if match else None) or symbol

    def parent(self, product_type: str, symbol: str) -> str:
        return str(self.related(product_type, symbol, "parent"))

    def wants(self, request: Request, stage: Stage, symbol: str) -> bool:
        """Whether a step asked for this symbol is meant by the request's symbols.

        `ES` means ES and every contract of ES; `ESH6` means itself and, for a stage that fans out, its parent ES.
        """
        if not request.symbols:
            return True
        names = (symbol, self.parent(stage.product_type, symbol))
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in request.symbols for name in names):
            return True
        parents = (self.parent(stage.product_type, pattern) for pattern in request.symbols)
        return bool(stage.fans_out) and symbol in parents
