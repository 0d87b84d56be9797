"""A project: the folder with datasets.yaml, its wiring checked, its lake, and its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from lakeflow.calendar import Calendar, CalendarError, load_calendar, with_overrides
from lakeflow.calendar import names as calendar_names
from lakeflow.catalog import Catalog
from lakeflow.code import Code
from lakeflow.contract import Contract, load_contract
from lakeflow.days import Days, earliest, latest
from lakeflow.deliveries import Deliveries
from lakeflow.errors import ConfigError, UsageError
from lakeflow.functions import add_root
from lakeflow.ledger import Ledger
from lakeflow.nearby import unknown
from lakeflow.params import param_faults
from lakeflow.partition import Partition
from lakeflow.plan import Planner
from lakeflow.promises import promise_faults
from lakeflow.recipe import Recipes, domain_package
from lakeflow.registry_file import NAME, read_registry
from lakeflow.request import Request, Symbols
from lakeflow.shelf import Shelves
from lakeflow.step import StepKey
from lakeflow.universe import Universe
from lakeflow.upstream import in_order
from lakeflow.wiring import wiring_faults

if TYPE_CHECKING:  # polars is loaded only where a table is read
    import polars as pl

    from lakeflow.handle import Table


class Project:
    """Everything a command works on; opening one reads no data and imports no stage."""

    def __init__(self, root: Path, lake: Path, catalog: Catalog, contracts: Mapping[str, Contract],
                 calendars: Mapping[str, Calendar], code: Code) -> None:  # fmt: skip
        self.root = root
        self.lake = lake
        self.catalog = catalog
        self.contracts = dict(contracts)  # by contract name
        self.days = Days(catalog, calendars)
        self.code = code
        self.recipes = Recipes(catalog, code, self.contracts)

    @property
    def ledger_path(self) -> Path:
        return self.lake / ".lakeflow" / "ledger.sqlite"

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger.open(self.ledger_path)

    @cached_property
    def symbols(self) -> Symbols:
        return Symbols(self.catalog)

    def require(self, key: str) -> None:
        """Raise, with what there is, unless a key is a table of this project."""
        if key not in self.catalog.datasets or self.catalog.datasets[key].is_raw:
            raise UsageError(
                unknown("dataset", key, (k for k, d in self.catalog.datasets.items() if not d.is_raw))
            )

    def contract(self, dataset: str) -> Contract:
        """The contract of a dataset, by its key."""
        return self.contracts[self.catalog.datasets[dataset].contract or ""]

    def universe(self, first: str = "", last: str = "9999") -> Universe:
        """The lake between two dates, looked at now."""
        return self.universe_with(self.ledger, first, last)

    def universe_with(self, ledger: Ledger, first: str = "", last: str = "9999") -> Universe:
        """The lake as another ledger helps to see it."""
        shelves = Shelves(self.lake, ledger, first, last)
        return Universe(self.catalog, shelves, Deliveries(self.lake, ledger, first, last), self.days)

    def planner(self, request: Request, universe: Universe | None = None,
                failed: frozenset[StepKey] = frozenset()) -> Planner:  # fmt: skip
        """What this request would take, given the lake as it is; steps that failed are not tried again."""
        universe = universe or self.universe(*self.reach(request))
        return Planner(universe, self.recipes, self.contracts, self.ledger.verdicts(), request, failed)

    def reach(self, request: Request) -> tuple[str, str]:
        """The dates that a request may read: its own, and as far back as the windows above it go."""
        return earliest(self.catalog.stages.values(), request.first), latest(
            self.catalog.stages.values(), request.last
        )

    def __getitem__(self, key: str) -> Table:
        """A table by its dataset key: `project["silver.future_mbo.bbo"].scan(symbol="ESH6")`."""
        from lakeflow.handle import Table

        self.require(key)
        return Table(self, key)

    def sql(self, query: str, narrowed: Mapping[str, list[Partition]] | None = None) -> pl.DataFrame:
        """DuckDB's answer to one SELECT, in human units, as a frame; `narrowed` gives tables fewer partitions."""
        from lakeflow.asking import answer

        return answer(self, query, narrowed or {})

    def close(self) -> None:
        if "ledger" in self.__dict__:
            self.ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def find_root(start: Path) -> Path:
    """The nearest folder, from here upward, that holds datasets.yaml."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / NAME).is_file():
            return folder
    raise ConfigError(
        [
            f"expected {NAME} in {start.resolve()} or a folder above it, found none; go to a project or pass --project"
        ]
    )


def open_project(
    start: Path | str = ".",
    lake: Path | str | None = None,
    change: Callable[[Catalog], Catalog] | None = None,
) -> Project:
    """The project around a folder, wiring checked; every fault of it in one ConfigError."""
    root = find_root(Path(start))
    add_root(root)
    catalog, faults = read_registry(root / NAME)
    catalog = change(catalog) if change else catalog
    code = Code(root, domain_package())
    calendars, calendar_faults = read_calendars(catalog)
    faults = [
        *faults,
        *calendar_faults,
        *wiring_faults(catalog, code, root / "contracts", dict.fromkeys(calendar_names())),
    ]
    contracts, contract_faults = read_contracts(catalog, root / "contracts")
    faults += [*contract_faults, *promise_faults(catalog, contracts)]
    faults = faults or list(param_faults(catalog, root))
    if faults:
        raise ConfigError(dict.fromkeys(faults))
    return Project(root, Path(lake) if lake else root / "lake", in_order(catalog), contracts, calendars, code)


def read_calendars(catalog: Catalog) -> tuple[dict[str, Calendar], list[str]]:
    """Every calendar that a product names, with the overrides of datasets.yaml on top."""
    faults: list[str] = []
    calendars: dict[str, Calendar] = {}
    wanted = {p.calendar for p in catalog.products.values()} | set(catalog.calendars)
    for name in sorted(wanted & set(calendar_names())):
        try:
            calendars[name] = with_overrides(load_calendar(name), catalog.calendars.get(name) or {})
        except CalendarError as error:
            faults += [f"{NAME}: calendars: {name}: {fault}" for fault in error.faults]
    return calendars, faults


def read_contracts(catalog: Catalog, folder: Path) -> tuple[dict[str, Contract], list[str]]:
    contracts: dict[str, Contract] = {}
    faults: list[str] = []
    for name in sorted({d.contract for d in catalog.datasets.values() if d.contract}):
        path = folder / f"{name}.avsc"
        try:
            if path.is_file():
                contracts[name] = load_contract(path)
        except ConfigError as error:
            faults += [str(fault) for fault in error.faults]
    return contracts, faults
