"""The plan: every step this request would take, inputs before what needs them, each with its reason. Writes nothing."""

from dataclasses import replace

from lakeflow.catalog import Stage
from lakeflow.contract import Contract
from lakeflow.descent import Descent
from lakeflow.glance import Glance
from lakeflow.inputs import Gathered, Inputs
from lakeflow.later import plan_later
from lakeflow.ledger_tables import Entry
from lakeflow.machine import without_gc
from lakeflow.recipe import Recipes, differences
from lakeflow.request import Request
from lakeflow.selected import Selected
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
        failed: frozenset[StepKey] = frozenset(),
    ) -> None:
        self.universe = universe
        self.missing: list[Missing] = []
        self.current = 0
        self._recipes = recipes
        self._contracts = contracts
        self._verdicts = verdicts
        self.request = request
        self._memo: dict[StepKey, Step | Missing] = {
            key: Missing(key, f"{key} failed in this run", is_failed=True) for key in failed
        }
        self._order: list[Step] = []
        # What windows stand on is asked of selections apart from what the request's symbols mean.
        asked, as_it_is = (Selected(universe, each, self.visit) for each in (request, settled(request)))
        self._inputs = Inputs(universe, self if request.upstream else None, asked)
        self._settled = Inputs(universe, None, as_it_is)
        self._rules_of: dict[str, dict[str, str]] = {}
        self._descent = Descent(self._conclude)
        self._glance = Glance(universe, recipes, self._memo)
        self.selected = Selected(universe, request, self.visit)

    def steps(self) -> list[Step]:
        """Every step to be taken, upstream first and within a stage by date; `missing` says what cannot be."""
        with without_gc():
            for stage in self.universe.catalog.stages.values():
                if self._wants(stage):
                    self._plan_stage(stage)
        return self._order

    def _wants(self, stage: Stage) -> bool:
        made = set(stage.makes.values())
        if stage.build == "on_request":
            return bool(made & self.request.named)
        return bool(made & self.request.datasets)

    def _plan_stage(self, stage: Stage) -> None:
        for symbol, dt in sorted(self.universe.steps(stage), key=lambda k: (k[1], k[0])):
            if not self.asked_for(stage, symbol, dt):
                continue
            step = self.visit(stage, symbol, dt)
            if isinstance(step, Missing):
                self.missing.append(step)
            elif step.action == "none":
                self.current += 1
        self._plan_selections(stage)
        if self.request.upstream:
            plan_later(self, stage, has_symbols=bool(self.request.symbols))

    def _plan_selections(self, stage: Stage) -> None:
        """Put off the steps whose symbols a selection has yet to say, and say where none can be made."""
        for parent, dt, meant in self.selected.unsettled(stage):
            for step in meant.pending:
                self.put_off(stage, step)
            if meant.lacking:
                self.missing.append(Missing(StepKey(stage.key, parent, dt), meant.lacking[0]))

    def asked_for(self, stage: Stage, symbol: str, dt: str) -> bool:
        """Whether the request means this step."""
        request = self.request
        return request.is_open or (
            request.first <= dt <= request.last
            and request.wants_date(dt)
            and (not request.symbols or self.selected.wants(stage, symbol, dt))
        )

    def put_off(self, stage: Stage, fan_out: Step | Missing) -> None:
        """Say that steps of a stage follow from a fan-out, and cannot be told before it is made."""
        key = StepKey(stage.key, f"{fan_out.key.symbol}:*", fan_out.key.dt)
        if key not in self._memo:
            self._memo[key] = step = Step(key, "later", f"symbols known after {fan_out.key}", (fan_out.key,))
            self._order.append(step)

    def visit(self, stage: Stage, symbol: str, dt: str) -> Step | Missing:
        """What is to be done about one step, decided after everything it stands on."""
        key = StepKey(stage.key, symbol, dt)
        known = self._memo.get(key)
        if known is not None:
            return known
        if not self.request.overwrite and (
            plain := self._glance.current(stage, symbol, dt, self._rules(stage))
        ):
            self._memo[key] = plain
            return plain
        return self._descent.decide(stage, key)

    def decided(self, key: StepKey) -> Step | Missing | None:
        """What was found out about a step, if the plan came by it."""
        return self._memo.get(key)

    def _conclude(self, stage: Stage, key: StepKey) -> Step | Missing:
        self._memo[key] = step = self._decide(stage, key)
        if isinstance(step, Step) and step.action != "none":
            self._order.append(step)
        return step

    def _decide(self, stage: Stage, key: StepKey) -> Step | Missing:  # noqa: PLR0911  a guard for each outcome
        anchor = self.universe.shelves.of(self.universe.catalog.datasets[stage.anchor]).get(
            (key.symbol, key.dt)
        )
        found = self._inputs.gather(stage, key, with_content=anchor is not None)
        if found.later:
            return Step(key, "later", f"symbols known after {found.later}", (found.later,))
        if found.lacking and anchor is None:
            return Missing(key, found.lacking, found.is_failed)
        if found.lacking:
            action, word = ("remove", "withdrawn") if found.is_withdrawn else ("none", "kept as it is")
            return Step(key, action, f"{word}: {found.lacking}", found.needs)
        if anchor is None:
            return Step(key, "make", "missing", found.needs)
        if self.request.overwrite and self._wants(stage) and self.asked_for(stage, key.symbol, key.dt):
            return Step(key, "make", "asked for", found.needs)
        if found.needs:
            return Step(key, "make", f"input changed: {found.needs[0]} comes first", found.needs)
        return self._compare(stage, key, anchor, found)

    def _compare(self, stage: Stage, key: StepKey, anchor: Entry, found: Gathered) -> Step:
        if anchor.recipe == DAMAGED:
            return Step(key, "make", "damaged: its bytes are not a whole partition as it was committed")
        recipe = self.recipe(stage, key, found)
        if recipe != anchor.recipe:
            return Step(
                key, "make", ", ".join(differences(anchor.recipe, recipe)) or "made by an older lakeflow"
            )
        rules = self._rules(stage)
        if anchor.siblings in (None, "[]") and anchor.rules_digest == rules[anchor.dataset]:
            return Step(key, "none")  # as nearly every step of a current lake
        datasets = self.universe.catalog.datasets
        if lost := lost_siblings(anchor, self.universe.shelves, datasets):
            return Step(key, "make", f"{lost} is gone or was replaced")
        if stale := stale_verdicts(anchor, rules, self.universe.shelves, datasets, self._verdicts):
            return Step(key, "validate", f"rules changed: {stale}")
        return Step(key, "none")

    def _rules(self, stage: Stage) -> dict[str, str]:
        """Today's rules of what a stage makes."""
        if stage.key not in self._rules_of:
            datasets = self.universe.catalog.datasets
            self._rules_of[stage.key] = {
                made: self._contracts[datasets[made].contract or ""].rules_digest
                for made in stage.makes.values()
            }
        return self._rules_of[stage.key]

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
        found = self._settled.gather(stage, key, with_content=True)
        if found.lacking:
            return Missing(key, found.lacking), found, ""
        recipe = self.recipe(stage, key, found)
        if anchor is None:
            return Step(key, "make", "missing"), found, recipe
        return self._compare(stage, key, anchor, found), found, recipe


def settled(request: Request) -> Request:
    """The same request once everything upstream is done."""
    return replace(request, upstream=False)
