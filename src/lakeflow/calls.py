"""Each stage's function and filters, read from source, held against what datasets.yaml gives them."""

import ast
from collections.abc import Collection, Iterator
from typing import Any

from lakeflow.annotation import bare, fits, input_kind, takes_none
from lakeflow.catalog import REJECTS, SPECIALS, Catalog, Read, Stage
from lakeflow.code import PROJECT, Code, with_parents
from lakeflow.errors import ConfigError
from lakeflow.form import shown
from lakeflow.registry_file import at
from lakeflow.signature import Signature, functions_in

FRAMES = "pl.DataFrame, pl.LazyFrame or Iterator[pl.DataFrame]"
FILES = "Sequence[Path] (a delivery is files)"


def call_faults(catalog: Catalog, code: Code) -> Iterator[str]:
    """Every stage's, and every file of source that cannot be parsed, however many imports away."""
    for stage in catalog.stages.values():
        names = [stage.run, *filter_names(stage)]
        yield from source_faults(code, [name.rpartition(".")[0] for name in names])
        yield from stage_faults(catalog, code, stage)
        for name in filter_names(stage):
            yield from filter_faults(code, f"stages: {stage.key}: filters", name)


def filter_names(stage: Stage) -> list[str]:
    return sorted({name for names in [*stage.keep.values(), *stage.flag.values()] for name in names})


def source_faults(code: Code, modules: Collection[str]) -> Iterator[str]:
    yield from code.faults(modules)
    for package in sorted({name for module in code.closure(modules) for name in with_parents([module])}):
        if package.split(".", maxsplit=1)[0] in PROJECT and code.file_of(package) is None:
            folder = package.replace(".", "/")
            yield f"{folder}: expected an __init__.py (without one, another package of this name wins), found none"


def stage_faults(catalog: Catalog, code: Code, stage: Stage) -> Iterator[str]:
    where = f"stages: {stage.key}"
    if stage.keep and stage.makes and REJECTS not in stage.makes:
        yield at(
            f"{where}: makes", f"a table {REJECTS!r} (keep filters refuse rows)", f"{sorted(stage.makes)}"
        )
    if not stage.run:
        return
    yield from function_faults(code, f"{where}: run", stage.run, ("stages", "selection"))
    signature = signature_of(code, stage.run)
    if signature is not None:
        if stage.reads:  # none is a fault already, and all that the function takes would be one more
            yield from names_given(stage, signature)
        yield from parameters(stage, signature)
        for read in stage.reads:
            if read.dataset in catalog.datasets and read.name in signature.annotations:
                raw = catalog.datasets[read.dataset].is_raw
                yield from input_faults(stage, read, signature.annotations[read.name], raw=raw)


def function_faults(code: Code, where: str, dotted: str, folders: Collection[str] = ()) -> Iterator[str]:
    """Why a dotted name stands for no function, if it does not."""
    module, _, name = dotted.rpartition(".")
    file = code.file_of(module) if module else None
    if folders and dotted.split(".", maxsplit=1)[0] not in folders:
        yield at(where, f"a function in {' or '.join(f'{each}/' for each in folders)}", dotted)
    elif file is None:
        yield at(
            where, "a function of a module of the project or of a domain package", f"no module of {dotted}"
        )
    else:
        try:
            known = functions_in(code, module)
        except ConfigError as error:
            yield from map(str, error.faults)
            return
        if name not in known:
            yield at(where, f"one of {sorted(known)} in {code.place(file)}", repr(name))


def signature_of(code: Code, dotted: str) -> Signature | None:
    module, _, name = dotted.rpartition(".")
    try:
        return functions_in(code, module).get(name)
    except ConfigError:  # not Python: `function_faults` says so
        return None


def filter_faults(code: Code, where: str, name: str) -> Iterator[str]:
    yield from function_faults(code, where, name, ("filters",))
    signature = signature_of(code, name) if name.startswith("filters.") else None
    if signature is not None and signature.required:
        yield at(where, f"{name} to take no parameters", f"{sorted(signature.required)}")


def names_given(stage: Stage, signature: Signature) -> Iterator[str]:
    """The function takes what reads and params give, all of it and nothing else."""
    where, given = f"stages: {stage.key}", {*(read.name for read in stage.reads), *stage.params}
    for name in sorted({read.name for read in stage.reads} & stage.params.keys()):
        yield at(where, f"{name} as a read or as a param", "both")
    for name in sorted(given & set(SPECIALS)):
        yield at(where, f"another name than {name} (the engine fills it in)", name)
    if signature.nameless:
        yield at(
            f"{where}: run",
            "parameters that are given by name",
            f"positional-only {list(signature.nameless)}",
        )
    taken = signature.annotations.keys() - set(SPECIALS)
    unknown, lacking = given - taken - set(SPECIALS), (signature.required & taken) - given
    if unknown or lacking:
        said = [f"not taken {sorted(unknown)}"] * bool(unknown) + [f"not given {sorted(lacking)}"] * bool(
            lacking
        )
        yield at(where, f"what {stage.run} takes, {sorted(taken)}", f"{sorted(given)}: {', '.join(said)}")


def parameters(stage: Stage, signature: Signature) -> Iterator[str]:
    for name, value in stage.params.items():
        where = f"stages: {stage.key}: params: {name}"
        annotation = signature.annotations.get(name)
        if name in signature.annotations and annotation is None:
            yield at(where, f"a type on this parameter of {stage.run}", "none")
        elif annotation is not None and not fits(value, annotation):
            yield at(where, ast.unparse(annotation), f"{shown(value)}{hint(value, bare(annotation))}")


def hint(value: Any, name: str) -> str:
    """What YAML made of a value that was meant otherwise."""
    if isinstance(value, str) and name == "float":
        return " (text to YAML; a number has a point and a sign: 1.0e-9)"
    if isinstance(value, bool) and name == "str":
        return " (yes, no, on and off are so to YAML; quote it)"
    return ""


def input_faults(stage: Stage, read: Read, annotation: ast.expr | None, *, raw: bool) -> Iterator[str]:
    """A raw dataset comes as files, any other as a frame; a history's first day has no previous one."""
    where = f"stages: {stage.key}: reads: {read.name}"
    found = "no type" if annotation is None else ast.unparse(annotation)
    if (input_kind(annotation) == "files") != raw or input_kind(annotation) == "value":
        yield at(where, f"this parameter of {stage.run} to be {FILES if raw else FRAMES}", found)
    elif read.previous and not takes_none(annotation):
        yield at(where, f"this parameter of {stage.run} to be ... | None (a history begins without)", found)
