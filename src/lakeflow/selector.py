"""The one grammar by which every command is told which datasets, whose symbols and which dates it is about."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import NamedTuple

from lakeflow.dates import EVERY_DATE, Dates
from lakeflow.errors import UsageError
from lakeflow.nearby import unknown


class Pattern(NamedTuple):
    """A dataset key or a glob over keys: `+silver.x` with all that it stands on, `gold.x+` with all made from it."""

    glob: str
    upstream: bool = False
    downstream: bool = False

    @property
    def is_outright(self) -> bool:
        """Whether it names one dataset letter by letter."""
        return not is_glob(self.glob)

    def __str__(self) -> str:
        return f"{'+' * self.upstream}{self.glob}{'+' * self.downstream}"


@dataclass(frozen=True)
class Selection:
    """What the words of a command chose; patterns add up, every other kind narrows, an empty one allows all."""

    patterns: tuple[Pattern, ...] = ()
    layers: tuple[str, ...] = ()
    product_types: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    dates: Dates = EVERY_DATE

    def wants_symbol(self, symbol: str) -> bool:
        return not self.symbols or any(fnmatchcase(symbol, glob) for glob in self.symbols)


class Matched(NamedTuple):
    """Dataset keys: all that were chosen, and of these the ones said outright, with upstream and with downstream."""

    datasets: frozenset[str]
    named: frozenset[str]
    upstream: frozenset[str]
    downstream: frozenset[str]


def parse_selection(
    patterns: Iterable[str] | None = None,
    *,
    layers: Iterable[str] | None = None,
    product_types: Iterable[str] | None = None,
    stages: Iterable[str] | None = None,
    symbols: Iterable[str] | None = None,
    dates: Dates = EVERY_DATE,
) -> Selection:
    """The selection in a command's words; each may be repeated, or hold several with commas between them."""
    return Selection(
        patterns=tuple(dict.fromkeys(parse_pattern(each) for each in words(patterns, "a selector"))),
        layers=words(layers, "--layer"),
        product_types=words(product_types, "--product-type"),
        stages=words(stages, "--stage"),
        symbols=words(symbols, "--symbol"),
        dates=dates,
    )


def parse_pattern(text: str) -> Pattern:
    glob = text.removeprefix("+").removesuffix("+")
    if not glob or "+" in glob:
        raise UsageError(
            f"{text!r}: expected a dataset key or glob, with at most one + before and one after it; "
            "say silver.future_mbo.bbo, 'silver.*', +gold.x or bronze.x+"
        )
    return Pattern(glob, text.startswith("+"), text.endswith("+"))


def match_datasets(
    selection: Selection, keys: Iterable[str], makes: Mapping[str, Iterable[str]] | None = None
) -> Matched:
    """The datasets of `keys` that a selection means; `makes` says what each stage makes, for `--stage`.

    A word that matches nothing is an error, and so is a choice that leaves nothing: never an empty success.
    """
    keys = sorted(set(keys))
    faults = [*_pattern_faults(selection, keys), *_option_faults(selection, keys, makes or {})]
    if faults:
        raise UsageError("\n".join(faults))
    chosen = [key for key in keys if _is_chosen(selection, key, makes or {})]
    if not chosen:
        raise UsageError(
            f"expected a dataset that is all of {_described(selection)}, found none; leave one of these out"
        )
    return _matched(selection, chosen)


def words(texts: Iterable[str] | None, what: str) -> tuple[str, ...]:
    """The words of an option; one that was given and says nothing is an error, for nothing said means all."""
    found: dict[str, None] = {}
    for text in texts or ():
        said = [word.strip() for word in text.split(",") if word.strip()]
        if not said:
            raise UsageError(
                f"{what} {text!r}: expected a name or a glob, found none; leave it out to mean all"
            )
        found.update(dict.fromkeys(said))
    return tuple(found)


def is_glob(text: str) -> bool:
    return any(letter in text for letter in "*?[")


def _pattern_faults(selection: Selection, keys: list[str]) -> Iterable[str]:
    for pattern in selection.patterns:
        if not any(fnmatchcase(key, pattern.glob) for key in keys):
            yield unknown("dataset", pattern.glob, keys)


def _option_faults(
    selection: Selection, keys: list[str], makes: Mapping[str, Iterable[str]]
) -> Iterable[str]:
    kinds: list[tuple[str, tuple[str, ...], Iterable[str]]] = [
        ("layer", selection.layers, [_part(key, 0) for key in keys]),
        ("product type", selection.product_types, [_part(key, 1) for key in keys]),
        ("stage", selection.stages, makes),
    ]
    for what, globs, known in kinds:
        names = sorted(set(known))
        yield from (
            unknown(what, glob, names) for glob in globs if not any(fnmatchcase(n, glob) for n in names)
        )


def _is_chosen(selection: Selection, key: str, makes: Mapping[str, Iterable[str]]) -> bool:
    stages = [stage for stage, made in makes.items() if key in made]
    return (
        _any(lambda glob: fnmatchcase(key, glob), [pattern.glob for pattern in selection.patterns])
        and _any(lambda glob: fnmatchcase(_part(key, 0), glob), selection.layers)
        and _any(lambda glob: fnmatchcase(_part(key, 1), glob), selection.product_types)
        and _any(lambda glob: any(fnmatchcase(stage, glob) for stage in stages), selection.stages)
    )


def _any(test: Callable[[str], bool], globs: Iterable[str]) -> bool:
    globs = list(globs)
    return not globs or any(map(test, globs))


def _matched(selection: Selection, chosen: list[str]) -> Matched:
    def by(patterns: Iterable[Pattern]) -> frozenset[str]:
        globs = [pattern.glob for pattern in patterns]
        return frozenset(key for key in chosen if any(fnmatchcase(key, glob) for glob in globs))

    patterns = selection.patterns
    return Matched(
        frozenset(chosen),
        by(p for p in patterns if p.is_outright),
        by(p for p in patterns if p.upstream),
        by(p for p in patterns if p.downstream),
    )


def _described(selection: Selection) -> str:
    kinds = {
        "datasets": [str(pattern) for pattern in selection.patterns],
        "--layer": selection.layers,
        "--product-type": selection.product_types,
        "--stage": selection.stages,
    }
    return " and ".join(f"{kind} {', '.join(words)}" for kind, words in kinds.items() if words)


def _part(key: str, index: int) -> str:
    return key.split(".", 2)[index] if key.count(".") >= index else ""
