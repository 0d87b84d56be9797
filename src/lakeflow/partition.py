"""The address of a partition: dataset, symbol and date, and the one path under the lake that follows from them."""

from typing import NamedTuple
from urllib.parse import quote, unquote

FILE = "part-0.parquet"


class Partition(NamedTuple):
    """One Parquet file of the lake; `dt` is an ISO date, so partitions sort as time does."""

    dataset: str
    symbol: str
    dt: str

    @property
    def path(self) -> str:
        """The file's path under the lake root; it follows from the address and is never written down."""
        layer, product_type, table = self.dataset.split(".", 2)
        return f"{layer}/product_type={product_type}/symbol={encode(self.symbol)}/table={table}/dt={self.dt}/{FILE}"

    def __str__(self) -> str:
        return f"{self.dataset} {self.symbol} {self.dt}"


def encode(symbol: str) -> str:
    """A symbol as Hive writes it in a path: percent-encoded, so that `A/B` is one folder."""
    encoded = quote(symbol, safe="")
    return encoded.replace(".", "%2E") if symbol.strip(".") == "" else encoded


def decode(folder: str) -> str:
    """The symbol that `encode` was given."""
    return unquote(folder)
