"""The plan: every step this request would take, inputs before what needs them, each with its reason. Writes nothing."""

from lakeflow.catalog import Read, Stage
from lakeflow.contract import Contract
from lakeflow.inputs import Gathered, Inputs
from lakeflow.ledger_tables import Entry
from lakeflow.recipe import Recipes, differences
from lakeflow.request import Request
from lakeflow.shelf import DAMAGED
from lakeflow.siblings import lost_siblings, stale_verdicts
from lakeflow.step import Missing, Step, StepKey
from lakeflow.universe import Universe

Verdicts = set[tuple[str, str, str, str, str]]  # dataset, symbol, dt, content, rules digest: checked and good


class Planner:
    """Decides each step once; a step that is current costs one look at its inputs."""

    def __init__(
        self,
        universe: Universe,
        recipes: Recipes,
        contracts: dict[str, Contract],
        verdicts: Verdicts,
        request: Request,
    ) -> None:
        self.universe = universe
        self.missing: list[Missing] = []
        self.current = 0
        self._recipes = recipes
        self._contracts = contracts
        self._verdicts = verdicts
        self._request = request
        self._memo: dict[StepKey, Step | Missing] = {}
        self._order: list[Step] = []

    def steps(self) -> list[Step]:
        """Every step to be taken, upstream first and within a stage by date; `missing` says what cannot be."""
        for stage in self.universe.catalog.stages.values():
            if self._wants(stage):
                self._plan_stage(stage)
        return self._order

    def _wants(self, stage: Stage) -> bool:
        made = set(stage.makes.values())
        if stage.build == "on_request":
            return bool(made & self._request.named)
        return bool(made & self._request.datasets)

    def _plan_stage(self, stage: Stage) -> None:
        for symbol, dt in sorted(self.universe.steps(stage), key=lambda k: (k[1], k[0])):
            if not self._asked_for(stage, symbol, dt):
                continue
            step = self.visit(stage, symbol, dt)
            if isinstance(step, Missing):
                self.missing.append(step)
            elif step.action == "none":
                self.current += 1
        self._plan_later(stage)

    def _asked_for(self, stage: Stage, symbol: str, dt: str) -> bool:
        request = self._request
        return (
            request.first <= dt <= request.last
            and request.wants_date(dt)
            and self.universe.symbols.wants(request, stage, symbol)
        )

    def _plan_later(self, stage: Stage) -> None:
        """Steps whose symbols are known only when a fan-out that they stand on is made: plan that, and say so."""
        if not self._request.upstream:
            return
        reads = [r for r in stage.reads if r.symbol in ("same", "*") and not r.previous]
        for read in reads:
            for maker, asked, dt in self.universe.fan_outs(self.universe.catalog.datasets[read.dataset]):
                if any(
                    self._asked_for_later(maker, stage, asked, made)
                    for made in self._step_dates(stage, maker, dt)
                ):
                    step = self.visit(maker, asked, dt)
                    if isinstance(step, Step) and step.action == "make":
                        self._say_later(stage, step)

    def _step_dates(self, stage: Stage, maker: Stage, dt: str) -> tuple[str, ...]:
        same_kind = stage.driver is None or not stage.driver.is_window
        return (
            (dt,)
            if same_kind and maker.product_type == stage.product_type
            else (*self.universe.days.made(stage, dt), dt)
        )

    def _asked_for_later(self, maker: Stage, stage: Stage, asked: str, dt: str) -> bool:
        if stage.symbol is not None and self._request.symbols:
            return self._asked_for(stage, stage.symbol, dt)
        return self._asked_for(maker, asked, dt)

    def _say_later(self, stage: Stage, fan_out: Step) -> None:
        key = StepKey(stage.key, f"{fan_out.key.symbol}:*", fan_out.key.dt)
        if key not in self._memo:
            self._memo[key] = step = Step(key, "later", f"symbols known after {fan_out.key}", (fan_out.key,))
            self._order.append(step)

    def visit(self, stage: Stage, symbol: str, dt: str) -> Step | Missing:
        """What is to be done about one step, decided after everything it stands on."""
        key = StepKey(stage.key, symbol, dt)
        if key not in self._memo:
            for read in stage.reads:
                if read.previous:
                    self._visit_history(stage, read, symbol, dt)
            self._memo[key] = step = self._decide(stage, key)
            if isinstance(step, Step) and step.action != "none":
                self._order.append(step)
        return self._memo[key]

    def decided(self, key: StepKey) -> Step | Missing | None:
        """What was found out about a step, if the plan came by it."""
        return self._memo.get(key)

    def _visit_history(self, stage: Stage, read: Read, symbol: str, dt: str) -> None:
        """A history is planned from its oldest missing day on, so that no chain of days is a chain of calls."""
        waiting = []
        steps = self.universe.steps(stage)
        while (earlier := self.universe.days.read(stage, read, dt)) and (symbol, earlier[0]) in steps:
            dt = earlier[0]
            if StepKey(stage.key, symbol, dt) in self._memo:
                break
            waiting.append(dt)
        for day in reversed(waiting):
            self.visit(stage, symbol, day)

    def _decide(self, stage: Stage, key: StepKey) -> Step | Missing:
        anchor = self.universe.shelves.of(self.universe.catalog.datasets[stage.anchor]).get(
            (key.symbol, key.dt)
        )
        follow = self if self._request.upstream else None
        found = Inputs(self.universe, follow).gather(stage, key, with_content=anchor is not None)
        if found.later:
            return Step(key, "later", f"symbols known after {found.later}", (found.later,))
        if found.lacking:
            return (
                Step(key, "none", f"kept as it is: {found.lacking}")
                if anchor
                else Missing(key, found.lacking)
            )
        if anchor is None:
            return Step(key, "make", "missing", found.needs)
        if self._request.overwrite and self._wants(stage) and self._asked_for(stage, key.symbol, key.dt):
            return Step(key, "make", "asked for", found.needs)
        if found.needs:
            return Step(key, "make", f"input changed: {found.needs[0]} is made first", found.needs)
        return self._compare(stage, key, anchor, found)

    def _compare(self, stage: Stage, key: StepKey, anchor: Entry, found: Gathered) -> Step:
        if anchor.recipe == DAMAGED:
            return Step(key, "make", "damaged: the file is no whole partition with a manifest of ours")
        recipe = self.recipe(stage, key, found)
        if recipe != anchor.recipe:
            return Step(
                key, "make", ", ".join(differences(anchor.recipe, recipe)) or "made by an older lakeflow"
            )
        datasets = self.universe.catalog.datasets
        if lost := lost_siblings(anchor, self.universe.shelves, datasets):
            return Step(key, "make", f"{lost} is gone or was replaced")
        rules = {
            key: self._contracts[datasets[key].contract or ""].rules_digest for key in stage.makes.values()
        }
        if stale := stale_verdicts(anchor, rules, self.universe.shelves, datasets, self._verdicts):
            return Step(key, "validate", f"rules changed: {stale}")
        return Step(key, "none")

    def recipe(self, stage: Stage, key: StepKey, found: Gathered) -> str:
        calendar = (
            self.universe.days.session_digest(stage, key.dt) if self._recipes.takes_session(stage) else ""
        )
        return self._recipes.of(stage, calendar, found.inputs)

    def settle(self, stage: Stage, key: StepKey) -> tuple[Step | Missing, Gathered, str]:
        """The same question asked again when everything upstream is done: what, from which inputs, by which recipe."""
        anchor = self.universe.shelves.of(self.universe.catalog.datasets[stage.anchor]).get(
            (key.symbol, key.dt)
        )
        found = Inputs(self.universe, None).gather(stage, key, with_content=True)
        if found.lacking:
            return Missing(key, found.lacking), found, ""
        recipe = self.recipe(stage, key, found)
        if anchor is None:
            return Step(key, "make", "missing"), found, recipe
        return self._compare(stage, key, anchor, found), found, recipe
