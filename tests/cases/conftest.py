"""Deliveries written record by record, of any product, and the tables that the project makes of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest

from lakeflow.execution import Terms, execute
from lakeflow.project import open_project
from lakeflow.raw import NotDelivered, add
from lakeflow.request import Request
from lakeflow.simulate.contracts import nanoseconds
from lakeflow.simulate.reference import INT_MAX, NO_CODE, NO_COUNT, NO_PRICE
from lakeflow.simulate.wire import filled
from lakeflow.vendors.databento.codes import UNDEF_PRICE
from lakeflow.vendors.databento.encode import dbn_file
from lakeflow.vendors.databento.header import Header, Interval
from lakeflow.vendors.databento.schemas import LAYOUTS

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
DAY = date(2026, 1, 6)
NOON = 12 * 3_600 * 10**9
SECOND = 10**9
P = 10**9  # one point

DEFINITION = {
    **dict.fromkeys(NO_PRICE, UNDEF_PRICE),
    **dict.fromkeys(NO_COUNT, INT_MAX),
    **dict.fromkeys(NO_CODE, 255),
    "instrument_class": "F",
    "security_update_action": "A",
    "match_algorithm": "F",
    "min_price_increment": P // 4,
    "max_trade_vol": 3_000,
    "display_factor": P // 100,
    "unit_of_measure_qty": 50 * P,
}
STATISTIC = {"price": UNDEF_PRICE, "stat_type": 9, "update_action": 1}
Rows = Iterable[Mapping[str, Any]]


class Vendor(NamedTuple):
    """Who writes files here: where to, of which dataset and day, and the symbol of each instrument id."""

    folder: Path
    symbols: Mapping[str, int]
    day: date = DAY
    dataset: str = "GLBX.MDP3"
    stype_in: str = "raw_symbol"
    asked: tuple[str, ...] = ()
    version: int = 3

    def header(self, schema: str) -> Header:
        tomorrow = self.day + timedelta(days=1)
        return Header(
            version=self.version,
            dataset=self.dataset,
            schema=schema,
            start=nanoseconds(self.day),
            end=nanoseconds(tomorrow),
            limit=None,
            stype_in=self.stype_in,
            stype_out="instrument_id",
            symbols=self.asked or tuple(self.symbols),
            mappings={s: (Interval(self.day, tomorrow, str(n)),) for s, n in self.symbols.items()},
        )

    def file(self, schema: str, rows: Rows, name: str = "day", **about: Any) -> Path:
        """A file with the records that the rows tell; fields of its header by keyword."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = (
            self.folder
            / f"{self.dataset.lower().replace('.', '-')}-{self.day:%Y%m%d}-{name}.{schema}.dbn.zst"
        )
        with dbn_file(path, replace(self.header(schema), **about)) as file:
            file.write(filled(LAYOUTS[schema][self.version], rows).tobytes())
        return path

    def orders(self, *lines: tuple[Any, ...], at: int = NOON, name: str = "day", **about: Any) -> Path:
        """Orders from lines of symbol, action, side, order id, price, size and what else differs, a second apart."""
        start = nanoseconds(self.day) + at
        return self.file(
            "mbo", [self.order(start + n * SECOND, n, *line) for n, line in enumerate(lines)], name, **about
        )

    def order(self, ts: int, n: int, symbol: str, action: str, side: str, order_id: int, price: int, size: int, more: Mapping[str, Any] | None = None) -> dict[str, Any]:  # fmt: skip  # noqa: PLR0917
        told = {"action": action, "side": side, "order_id": order_id, "price": price, "size": size}
        return {
            "instrument_id": self.symbols[symbol],
            "ts_event": ts,
            "ts_recv": ts,
            "sequence": n,
            "flags": 128,
            **told,
            **(more or {}),
        }

    def definitions(self, *rows: Mapping[str, Any], name: str = "day", **about: Any) -> Path:
        """Definitions; a row names its symbol and what differs from a future with a tick of a quarter."""
        first = {
            "ts_recv": nanoseconds(self.day),
            "ts_event": nanoseconds(self.day),
            "expiration": nanoseconds(self.day + timedelta(days=73)),
            **DEFINITION,
        }
        told = [
            {**first, "instrument_id": self.symbols.get(row["raw_symbol"], 0), **row}
            for row in rows or [{"raw_symbol": symbol} for symbol in self.symbols]
        ]
        return self.file("definition", told, name, **about)


class Lake(NamedTuple):
    """A lake of the project that files are delivered to, and what is made in it."""

    root: Path

    def add(self, *files: Path) -> None:
        with open_project(ROOT, self.root) as project:
            if refused := add(project, files).refused:
                raise NotDelivered("\n".join(each.reason for each in refused))

    def run(self, *datasets: str, **about: Any) -> Any:
        """What a run of these datasets came to."""
        with open_project(ROOT, self.root) as project:
            return execute(project, Request(frozenset(datasets), **about), Terms(workers=1))

    def table(self, dataset: str, symbol: str, day: date = DAY) -> pl.DataFrame:
        layer, product, table = dataset.split(".")
        where = f"{layer}/product_type={product}/symbol={symbol}/table={table}/dt={day}/part-0.parquet"
        return pl.read_parquet(self.root / where)

    def symbols(self, dataset: str, day: date = DAY) -> list[str]:
        layer, product, table = dataset.split(".")
        found = self.root.glob(
            f"{layer}/product_type={product}/symbol=*/table={table}/dt={day}/part-0.parquet"
        )
        return sorted(path.parts[-4].removeprefix("symbol=") for path in found)


@pytest.fixture
def vendor(tmp_path: Path) -> Callable[..., Vendor]:
    """A vendor of instruments, told as symbol=id or a mapping of them."""

    def make(symbols: Mapping[str, int], **about: Any) -> Vendor:
        return Vendor(tmp_path / "delivered", symbols, **about)

    return make


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")
