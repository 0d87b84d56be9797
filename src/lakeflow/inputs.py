"""What one step reads: every input partition with its content, the steps that must come first, or what is lacking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lakeflow.lacking import lacks
from lakeflow.recipe import Input
from lakeflow.step import Missing, Step, StepKey

if TYPE_CHECKING:  # plan and inputs ask each other
    from lakeflow.catalog import Dataset, Read, Stage
    from lakeflow.plan import Planner
    from lakeflow.selected import Meant, Selected
    from lakeflow.universe import Universe


class Gathered(NamedTuple):
    """The inputs that are there, the steps that would change or make one, and why the step cannot be, if so."""

    inputs: list[Input]
    needs: tuple[StepKey, ...]
    lacking: str
    later: StepKey | None = None  # a fan-out that must be made before anyone knows all the inputs
    is_withdrawn: bool = False  # what is lacking was made once, and its maker makes it no more
    is_failed: bool = False  # what is lacking failed in the run that plans


class Look(NamedTuple):
    """One address: its content, or the step that must come first, or why it is not there."""

    content: str = ""
    step: Step | None = None
    why: str = ""
    is_withdrawn: bool = False
    is_failed: bool = False


class Inputs:
    """Follows a step's reads to partitions; with a planner, to the steps that make them as well."""

    def __init__(self, universe: Universe, planner: Planner | None, selected: Selected) -> None:
        self._universe = universe
        self._planner = planner
        self._selected = selected

    def gather(self, stage: Stage, key: StepKey, *, with_content: bool) -> Gathered:  # noqa: C901  one pass over the reads
        inputs: list[Input] = []
        needs: dict[StepKey, None] = {}
        for read in stage.reads:
            dataset = self._universe.catalog.datasets[read.dataset]
            if read.is_plain and not needs:
                look = self._look(dataset, key.symbol, key.dt, with_content=with_content)
                if look.step is None and not look.why:
                    inputs.append(Input(read.name, read.dataset, key.symbol, key.dt, look.content))
                    continue
            match self._unsettled(read, dataset, stage, key):
                case StepKey() as fan_out:
                    return Gathered(inputs, tuple(needs), "", fan_out)
                case Missing() as lost:
                    return Gathered(inputs, tuple(needs), lost.why, is_failed=True)
            absent: dict[tuple[str, str], Look] = {}
            addresses = list(self._addresses(stage, read, dataset, key))
            for symbol, dt in addresses:
                look = self._look(dataset, symbol, dt, with_content=with_content)
                if look.step is not None and look.step.action == "later":
                    return Gathered(inputs, tuple(needs), "", look.step.needs[0])
                if look.step is not None:
                    needs[look.step.key] = None
                if look.why:
                    absent[symbol, dt] = look
                elif look.step is None:
                    inputs.append(Input(read.name, read.dataset, symbol, dt, look.content))
            days = self._universe.days.read(stage, read, key.dt)
            hole = self._hole(read, days, absent, stage, key)
            if lacking := hole or lacks(read, days, addresses, absent, key):
                withdrawn = any(look.is_withdrawn for look in absent.values())
                failed = any(look.is_failed for look in absent.values())
                return Gathered(inputs, tuple(needs), lacking, is_withdrawn=withdrawn, is_failed=failed)
        return Gathered(inputs, tuple(needs), "")

    def _unsettled(
        self, read: Read, dataset: Dataset, stage: Stage, key: StepKey
    ) -> StepKey | Missing | None:
        """For a read of many symbols: a fan-out or selection still to be made on a day of it, or a fan-out that failed."""
        if not read.is_of_many or self._planner is None:
            return None
        if read.symbol == "chosen":
            return next(
                (step.key for _, meant in self._meant(stage, read, key) for step in meant.pending), None
            )
        dates = set(self._universe.days.read(stage, read, key.dt))
        for maker, asked, dt in self._universe.fan_outs(dataset):
            if dt in dates and self._is_read(read, stage, key, asked):
                step = self._planner.visit(maker, asked, dt)
                if isinstance(step, Step) and step.action == "make":
                    return step.key
                if isinstance(step, Missing) and step.is_failed and read.min is None:
                    return step
        return None

    def _hole(
        self,
        read: Read,
        days: Sequence[str],
        absent: Mapping[tuple[str, str], Look],
        stage: Stage,
        key: StepKey,
    ) -> str:
        """Why a history cannot go on: it had begun, and the day before is not there. It never begins anew in silence."""
        began = self._universe.begins(stage).get(key.symbol, key.dt) if read.previous and absent else key.dt
        if not days or began >= days[0] or any(look.is_failed for look in absent.values()):
            return ""
        return (
            f"{key}: {read.name}: expected {read.dataset} {key.symbol} {days[0]}, for its history began on {began}, found none; "
            "deliver that day, or say `min: 0` of the stage's other reads in datasets.yaml: it then goes on over days without a delivery"
        )

    def _addresses(self, stage: Stage, read: Read, dataset: Dataset, key: StepKey) -> list[tuple[str, str]]:
        if read.symbol == "chosen":
            chosen = self._meant(stage, read, key)
            return [(symbol, dt) for dt, meant in chosen for symbol in sorted(meant.symbols)]
        dates = self._universe.days.read(stage, read, key.dt)
        if read.is_of_many:
            there = ((symbol, dt) for dt in dates for symbol in self._universe.symbols_at(dataset, dt))
            return [(symbol, dt) for symbol, dt in there if self._is_read(read, stage, key, symbol)]
        symbol = key.symbol
        if read.symbol != "same":
            symbol = self._universe.symbols.related(stage.product_type, symbol, read.symbol)
        return [(symbol, dt) for dt in dates]

    def _meant(self, stage: Stage, read: Read, key: StepKey) -> Iterator[tuple[str, Meant]]:
        """What the selection says of each session that is read, of the parent of the step's symbol."""
        parent = self._universe.symbols.parent(stage.product_type, key.symbol)
        dates = self._universe.days.read(stage, read, key.dt)
        return ((dt, self._selected.meant(stage, parent, dt)) for dt in dates)

    def _is_read(self, read: Read, stage: Stage, key: StepKey, symbol: str) -> bool:
        """Whether a read of many symbols means this one."""
        parent = self._universe.symbols.parent
        return read.symbol == "*" or parent(stage.product_type, symbol) == key.symbol

    def _look(self, dataset: Dataset, symbol: str, dt: str, *, with_content: bool) -> Look:  # noqa: PLR0911  a guard for each state
        if dataset.is_raw:
            if (symbol, dt) not in self._universe.deliveries.of(dataset):
                return Look(why=f"{dataset.key} {symbol} {dt} is not delivered (lakeflow raw add FILE...)")
            return Look(self._universe.deliveries.content(dataset, symbol, dt) if with_content else "")
        entry = self._universe.shelves.of(dataset).get((symbol, dt))
        if self._planner is None:
            return Look(entry.content) if entry else Look(why=f"{dataset.key} {symbol} {dt} is not made")
        maker = self._universe.catalog.maker[dataset.key]
        asked = self._universe.asked(maker, dataset.key, symbol, dt, entry)
        if maker.is_history and (asked, dt) not in self._universe.steps(maker):
            return Look(why=f"{dataset.key} {symbol} {dt} lies outside its history")
        step = self._planner.visit(maker, asked, dt)
        if isinstance(step, Missing):
            return Look(entry.content) if entry else Look(why=step.why, is_failed=step.is_failed)
        if step.action in ("make", "later"):
            return Look(step=step)
        if step.action == "remove":
            return Look(step=step, why=f"{step.key} is to be removed", is_withdrawn=True)
        if entry is not None:
            return Look(entry.content)
        return Look(
            why=f"{dataset.key} {symbol} {dt}: {maker.key} {asked} {dt} is made and holds no {symbol}",
            is_withdrawn=True,
        )
