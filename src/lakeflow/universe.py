"""Which steps there can be: every (symbol, date) of a dataset that is in the lake, delivered, or makeable from those."""

from collections.abc import Iterator

from lakeflow.catalog import Catalog, Dataset, Read, Stage
from lakeflow.days import Days
from lakeflow.deliveries import Deliveries
from lakeflow.ledger_tables import Entry
from lakeflow.request import Symbols
from lakeflow.shelf import Shelves

Keys = frozenset[tuple[str, str]]  # (symbol, dt)


class Universe:
    """The lake as it is and as it could be, before anything is decided."""

    def __init__(self, catalog: Catalog, shelves: Shelves, deliveries: Deliveries, days: Days) -> None:
        self.catalog = catalog
        self.shelves = shelves
        self.deliveries = deliveries
        self.days = days
        self.symbols = Symbols(catalog)
        self._keys: dict[str, Keys] = {}
        self._steps: dict[str, Keys] = {}
        self._begins: dict[str, dict[str, str]] = {}
        self._symbols_at: dict[str, dict[str, list[str]]] = {}
        self._fanners: dict[str, list[Stage]] = {}

    def keys(self, dataset: Dataset) -> Keys:
        """Every (symbol, date) that the dataset has or, as far as can be known beforehand, could have."""
        if dataset.key not in self._keys:
            self._keys[dataset.key] = self._find_keys(dataset)
        return self._keys[dataset.key]

    def steps(self, stage: Stage) -> Keys:
        """Every (symbol, date) that a stage can be asked for."""
        if stage.key not in self._steps:
            found = self._find_steps(stage)
            sessions = {dt for dt in {dt for _, dt in found} if self.days.has_session(stage, dt)}
            self._steps[stage.key] = frozenset(key for key in found if key[1] in sessions)
        return self._steps[stage.key]

    def begins(self, stage: Stage) -> dict[str, str]:
        """The first date of each symbol that a stage can be asked for."""
        if stage.key not in self._begins:
            first: dict[str, str] = {}
            for symbol, dt in self.steps(stage):
                first[symbol] = min(dt, first.get(symbol, dt))
            self._begins[stage.key] = first
        return self._begins[stage.key]

    def symbols_at(self, dataset: Dataset, dt: str) -> list[str]:
        """The symbols of a dataset on a day, sorted."""
        if dataset.key not in self._symbols_at:
            by_day: dict[str, list[str]] = {}
            for symbol, day in sorted(self.keys(dataset)):
                by_day.setdefault(day, []).append(symbol)
            self._symbols_at[dataset.key] = by_day
        return self._symbols_at[dataset.key].get(dt, [])

    def asked(self, maker: Stage, dataset: str, symbol: str, dt: str, entry: Entry | None) -> str:
        """The symbol that the step making this partition is asked for."""
        if entry is not None and entry.stage == maker.key:
            return entry.asked
        name = next(n for n, key in maker.makes.items() if key == dataset)
        if name not in maker.fans_out or (symbol, dt) in self.steps(maker):
            return symbol
        return self.symbols.parent(maker.product_type, symbol)

    def fan_outs(self, dataset: Dataset) -> Iterator[tuple[Stage, str, str]]:
        """The steps whose fan-out decides which symbols a dataset has: (stage, asked symbol, date)."""
        for maker in self._fanning(dataset):
            yield from ((maker, symbol, dt) for symbol, dt in sorted(self.steps(maker)))

    def _fanning(self, dataset: Dataset) -> list[Stage]:
        """The stages that fan out on the way to a dataset; a way may lead round, through earlier days."""
        if dataset.key not in self._fanners:
            found = self._fanners[dataset.key] = []
            waiting, seen = [dataset.key], {dataset.key}
            while waiting:
                key = waiting.pop()
                maker = self.catalog.maker.get(key)
                if maker is None:
                    continue
                if key in (maker.makes[name] for name in maker.fans_out) and maker not in found:
                    found.append(maker)
                new = {read.dataset for read in maker.reads if not read.previous} - seen
                seen |= new
                waiting += sorted(new)
        return self._fanners[dataset.key]

    def _find_keys(self, dataset: Dataset) -> Keys:
        if dataset.is_raw:
            return frozenset(self.deliveries.of(dataset))
        held = frozenset(self.shelves.of(dataset))
        maker = self.catalog.maker[dataset.key]
        name = next(n for n, key in maker.makes.items() if key == dataset.key)
        return held if name in maker.fans_out else held | self.steps(maker)

    def _find_steps(self, stage: Stage) -> Keys:
        # What was made once may have to go.
        anchor = self.catalog.datasets[stage.anchor]
        held = frozenset(self.shelves.of(anchor))
        found = held.union(*(self._led(stage, read) for read in stage.drivers))
        if stage.is_history:
            found |= self._between(stage, found)
        return found

    def _between(self, stage: Stage, found: Keys) -> Keys:
        """Every date between the first and the last of each symbol: a history that can do without a day has no gap."""
        spans: dict[str, list[str]] = {}
        for symbol, dt in found:
            spans.setdefault(symbol, []).append(dt)
        return frozenset(
            (symbol, dt)
            for symbol, days in spans.items()
            for dt in self.days.between(stage, min(days), max(days))
        )

    def _led(self, stage: Stage, read: Read) -> Keys:
        """The steps that the partitions of one read lead to."""
        driven = self.keys(self.catalog.datasets[read.dataset])
        made = {dt: self.days.made(stage, read, dt) for dt in {dt for _, dt in driven}}
        return frozenset((stage.symbol or symbol, day) for symbol, dt in driven for day in made[dt])
