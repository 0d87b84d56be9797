"""What a partition is made by: six digests in one line, so that two recipes that differ also say in what."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from lakeflow.catalog import Catalog, Stage
from lakeflow.code import Code
from lakeflow.contract import Contract
from lakeflow.digest import digest
from lakeflow.signature import find_signature

WORDS = {
    "stage": "stage renamed",
    "code": "code changed",
    "contract": "contract changed",
    "params": "params changed",
    "calendar": "calendar changed",
    "inputs": "input changed",
}


class Input(NamedTuple):
    """One partition that a step reads, and what it held."""

    name: str
    dataset: str
    symbol: str
    dt: str
    content: str


class Recipe(NamedTuple):
    """The parts of a recipe; `filters` are code where their source changed and params where their list did."""

    stage: str
    code: str
    contract: str
    params: str
    calendar: str
    inputs: str

    def __str__(self) -> str:
        return ".".join(self)


def differences(old: str, new: str) -> list[str]:
    """In words, what differs between two recipes."""
    names = Recipe._fields
    return [WORDS[n] for n, a, b in zip(names, old.split("."), new.split("."), strict=False) if a != b]


class Recipes:
    """Today's recipe of any step; what a stage's steps share is digested once."""

    def __init__(self, catalog: Catalog, code: Code, contracts: dict[str, Contract]) -> None:
        self._catalog = catalog
        self._code = code
        self._contracts = contracts
        self._heads: dict[str, str] = {}
        self._sessions: dict[str, bool] = {}

    def of(self, stage: Stage, calendar: str, inputs: Iterable[Input]) -> str:
        """The recipe of one step, as one line of text."""
        return self.of_lines(stage, calendar, "\n".join(map("\t".join, inputs)))

    def of_lines(self, stage: Stage, calendar: str, lines: str) -> str:
        """The same from inputs that are text already: name, dataset, symbol, dt and content with tabs, a line an input."""
        head = self._heads.get(stage.key) or self._head(stage)
        return f"{head}.{short(calendar) if calendar else NO_CALENDAR}.{short(lines)}"

    def takes_session(self, stage: Stage) -> bool:
        """Whether the stage's function asks for its session, so that the calendar is part of its recipe."""
        if stage.key not in self._sessions:
            signature = find_signature(self._code, stage.run)
            self._sessions[stage.key] = signature is not None and "session" in signature.annotations
        return self._sessions[stage.key]

    def modules(self, stage: Stage) -> tuple[str, ...]:
        """The modules that datasets.yaml names for a stage: its own and its filters'."""
        names = [stage.run, *(n for names in [*stage.keep.values(), *stage.flag.values()] for n in names)]
        return tuple(dict.fromkeys(name.rpartition(".")[0] for name in names))

    def sources(self, stage: Stage) -> dict[str, str]:
        """The digest of each module that a stage stands on."""
        return {name: short(text) for name, text in self._code.parts(list(self.modules(stage))).items()}

    def _head(self, stage: Stage) -> str:
        if stage.key not in self._heads:
            self._heads[stage.key] = ".".join(map(short, self._head_parts(stage)))
        return self._heads[stage.key]

    def _head_parts(self, stage: Stage) -> tuple[str, str, str, str]:
        schemas = {
            n: self._contracts[self._catalog.datasets[k].contract or ""].schema_digest
            for n, k in stage.makes.items()
        }
        choices = [
            stage.run,
            stage.params,
            stage.keep,
            stage.flag,
            stage.fans_out,
            stage.accounts,
            dict(stage.makes),
            *filter(None, [stage.apart]),
        ]
        return stage.key, self._code.digest(list(self.modules(stage))), digest(schemas), digest(choices)


def short(text: str) -> str:
    """128 bits are plenty to tell two texts apart and keep a hundred thousand recipes small."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


NO_CALENDAR = short("")


def domain_package() -> Path:
    """Where lakeflow's own source is: the domain packages that stages import are beside this file."""
    return Path(__file__).parent
