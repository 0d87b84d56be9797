"""What datasets.yaml says, as frozen values: products, datasets, and the stages that make them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

LAYERS = ("raw", "bronze", "silver", "selection", "gold")
DT_KINDS = ("utc_date", "session_date", "local_date")
SPECIALS = ("symbol", "dt", "session")  # parameters that a stage may take and the engine fills in
REJECTS = "rejects"


def layer_of(key: str) -> str:
    return key.partition(".")[0]


def product_of(key: str) -> str:
    """The product type in a key layer.product_type.name; nothing in a key that has no such part."""
    return key.partition(".")[2].partition(".")[0]


@dataclass(frozen=True)
class Product:
    """A product type: the calendar its sessions come from and the grammar of its symbols."""

    name: str
    calendar: str
    symbols: str | None = (
        None  # a regular expression with a group `parent`, and `underlying` where there is one
    )
    about: str = ""
    selected_by: str | None = None  # the selection that says which of a parent's symbols a date is about


@dataclass(frozen=True)
class Dataset:
    """A table of the lake, or of what vendors deliver."""

    key: str
    about: str = ""
    contract: str | None = None  # None for raw: what a delivered file is, its own metadata says
    dt_kind: str = "utc_date"
    describe: str | None = None  # raw only: the function that reads a file's own metadata
    clipped: bool = False  # holds nothing after the pre-open window of its session

    @property
    def layer(self) -> str:
        return layer_of(self.key)

    @property
    def product_type(self) -> str:
        return product_of(self.key)

    @property
    def table(self) -> str:
        return self.key.partition(".")[2].partition(".")[2]

    @cached_property
    def is_raw(self) -> bool:
        return self.layer == "raw"


@dataclass(frozen=True)
class Read:
    """One input of a stage: which dataset, whose symbol, which days."""

    name: str
    dataset: str
    symbol: str = "same"  # same | parent | underlying | children | chosen | *
    map: str | None = None  # session_window: the UTC days that the session spans
    days: tuple[int, int] | None = None  # offsets in trading sessions, both ends inclusive
    previous: bool = False  # the stage's own table, one session earlier; absent at the start of a history
    min: int | None = None  # fewer partitions than the window has will do, down to this many
    late: int = 0  # days after the step's own that may tell more of it: read where they are there, waited for by nobody

    @cached_property
    def is_plain(self) -> bool:
        """Whether it reads the step's own symbol and date, as most do."""
        return self.symbol == "same" and not (self.map or self.days or self.previous)

    @property
    def is_window(self) -> bool:
        return self.map is not None or self.days is not None or self.is_of_many

    @property
    def is_of_many(self) -> bool:
        """Whether it reads several symbols: all there are, all whose parent the step's symbol is, or each day's chosen one."""
        return self.symbol in ("*", "children", "chosen")

    @property
    def is_earlier(self) -> bool:
        """Whether it reads only sessions before the step's own."""
        return self.previous or (self.days is not None and self.days[1] < 0)


@dataclass(frozen=True)
class Stage:
    """A function, what it reads, what it makes, and what becomes of the rows on the way."""

    key: str
    run: str
    reads: tuple[Read, ...]
    makes: Mapping[str, str]
    params: Mapping[str, Any] = field(default_factory=dict)
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flag: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fans_out: tuple[str, ...] = ()
    accounts: str | None = None
    apart: tuple[str, ...] = ()  # tables whose rows are none of those that are read and accounted for
    build: str | None = None
    symbol: str | None = None  # the one symbol a stage is asked for when it reads every symbol at once
    memory_gb: float = 0.0
    timeout: float | None = None
    retries: int = 2
    about: str = ""
    refuses: str | None = None  # the function that says what is wrong with the params, before anything runs

    @property
    def layer(self) -> str:
        return layer_of(self.key)

    @property
    def product_type(self) -> str:
        return product_of(self.key)

    @cached_property
    def anchor(self) -> str:
        """The dataset whose partition, at the symbol asked for, stands for the whole step."""
        return next(key for name, key in self.makes.items() if name not in self.fans_out)

    @cached_property
    def is_history(self) -> bool:
        """Whether it stands on its own table of the session before, and can do without everything else."""
        others = [read for read in self.reads if not read.previous]
        return len(others) < len(self.reads) and all(read.min == 0 for read in others)

    @cached_property
    def driver(self) -> Read | None:
        """The read whose partitions say which steps there are; None when the stage names its one symbol.

        Where there is a choice, one that reaches the step's own day: a window of earlier days would lead a day further.
        """
        found = [r for r in self.reads if r.symbol == "same" and not r.previous]
        return next((r for r in found if not r.is_earlier), found[0] if found else None)

    @cached_property
    def drivers(self) -> tuple[Read, ...]:
        """The reads whose partitions say which dates there are steps for: the driver, else whatever symbol they are of."""
        if self.driver is not None:
            return (self.driver,)
        found = tuple(read for read in self.reads if not read.previous)
        return tuple(read for read in found if not read.is_earlier) or found


@dataclass(frozen=True)
class Report:
    """A page that a function writes from tables of one symbol."""

    name: str
    run: str
    reads: Mapping[str, str]  # argument -> dataset
    about: str = ""


@dataclass(frozen=True)
class Catalog:
    """datasets.yaml, checked; what could not be read of it, and is a fault already, is an empty string or absent."""

    products: Mapping[str, Product]
    datasets: Mapping[str, Dataset]
    stages: Mapping[str, Stage]  # upstream first
    calendars: Mapping[str, Any] = field(default_factory=dict)
    reports: Mapping[str, Report] = field(default_factory=dict)
    demo: str | None = None

    @cached_property
    def maker(self) -> Mapping[str, Stage]:
        """The stage that makes each dataset."""
        return {key: stage for stage in self.stages.values() for key in stage.makes.values()}

    @cached_property
    def telling(self) -> frozenset[str]:
        """The stages that tell which steps there are: those that fan out, and those that choose symbols."""
        choosing = {p.selected_by for p in self.products.values() if p.selected_by}
        return frozenset(
            s.key for s in self.stages.values() if s.fans_out or choosing & set(s.makes.values())
        )

    @cached_property
    def readers(self) -> Mapping[str, tuple[Stage, ...]]:
        """The stages that read each dataset."""
        return {
            key: tuple(s for s in self.stages.values() if any(r.dataset == key for r in s.reads))
            for key in self.datasets
        }
