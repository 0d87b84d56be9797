"""Each stage's function and filters, read from source, held against what datasets.yaml gives them."""

import ast
from collections.abc import Collection, Iterator
from typing import Any

from lakeflow.annotation import LEAST, PAST, bare, fits, input_kind, takes_none
from lakeflow.catalog import REJECTS, SPECIALS, Catalog, Read, Report, Stage
from lakeflow.code import PROJECT, Code, with_parents
from lakeflow.errors import ConfigError
from lakeflow.form import shown
from lakeflow.registry_file import at
from lakeflow.signature import Signature, find_signature, functions_in

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
    if stage.refuses:
        yield from function_faults(code, f"{where}: refuses", stage.refuses)
    if not stage.run:
        return
    faults = [*function_faults(code, f"{where}: run", stage.run, ("stages", "selection"))]
    yield from faults
    signature = None if faults else find_signature(code, stage.run)
    if signature is not None:
        yield from names_given(stage, signature)
        yield from parameters(stage, signature)
        for read in stage.reads:
            if read.dataset in catalog.datasets and read.name in signature.annotations:
                raw = catalog.datasets[read.dataset].is_raw
                yield from input_faults(stage, read, signature.annotations[read.name], raw=raw)


def report_faults(report: Report, catalog: Catalog, code: Code) -> Iterator[str]:
    """A report's function is there and takes its reads, the symbol and the dates; its reads are tables."""
    where, told = f"reports: {report.name}", ("symbol", "first", "last")
    tables = {key for key, dataset in catalog.datasets.items() if not dataset.is_raw}
    for name, key in report.reads.items():
        if key not in tables:
            yield at(f"{where}: reads: {name}", f"one of {sorted(tables)}", repr(key))
    faults = [*function_faults(code, f"{where}: run", report.run)]
    yield from faults
    signature = None if faults else find_signature(code, report.run)
    given = sorted({*report.reads, *told})
    if signature is not None and sorted(signature.annotations) != given:
        yield at(where, f"{report.run} to take {given}", f"{sorted(signature.annotations)}")


def function_faults(code: Code, where: str, dotted: str, folders: Collection[str] = ()) -> Iterator[str]:
    """Why a dotted name stands for no function, if it does not."""
    module, _, name = dotted.rpartition(".")
    head = module.split(".", maxsplit=1)[0]
    file = code.file_of(module)
    if folders and head not in folders:
        yield at(where, f"a function in {' or '.join(f'{each}/' for each in folders)}", dotted)
    elif file is None and head in PROJECT:
        yield at(where, f"the file {module.replace('.', '/')}.py", "none")
    elif file is None:
        yield at(where, "a function of the project or of a domain package of lakeflow", dotted)
    else:
        yield from unknown_function(code, where, module, name)


def unknown_function(code: Code, where: str, module: str, name: str) -> Iterator[str]:
    try:
        known = functions_in(code, module)
    except ConfigError as error:
        yield from map(str, error.faults)
        return
    offered = sorted(each for each in known if not each.startswith("_"))
    if name not in known:
        yield at(
            where,
            f"a function that {module} defines" + (f", one of {offered}" if offered else ""),
            repr(name),
        )


def filter_faults(code: Code, where: str, name: str) -> Iterator[str]:
    faults = [*function_faults(code, where, name, ("filters",))]
    yield from faults
    signature = None if faults else find_signature(code, name)
    if signature is not None and signature.required:
        yield at(where, f"{name} to take no parameters", f"{sorted(signature.required)}")


def names_given(stage: Stage, signature: Signature) -> Iterator[str]:
    """No name is said twice, and none is the engine's or one that cannot be given."""
    where, reads = f"stages: {stage.key}", {read.name for read in stage.reads}
    for name in sorted(reads & stage.params.keys()):
        yield at(where, f"{name} as a read or as a param", "both")
    for name in sorted({*reads, *stage.params} & set(SPECIALS)):
        yield at(where, f"another name than {name} (the engine fills it in)", name)
    if signature.nameless:
        yield at(
            f"{where}: run",
            "parameters that are given by name",
            f"positional-only {list(signature.nameless)}",
        )
    elif stage.reads:  # none is a fault already, and all that the function takes would be one more
        yield from misfit(stage, signature, {*reads, *stage.params})


def misfit(stage: Stage, signature: Signature, given: set[str]) -> Iterator[str]:
    """The function takes what reads and params give, all of it and nothing else."""
    specials = set(SPECIALS)
    taken = signature.annotations.keys() - specials
    unknown, lacking = given - taken - specials, signature.required - given - specials
    if unknown or lacking:
        said = [f"not taken {sorted(unknown)}"] * bool(unknown) + [f"not given {sorted(lacking)}"] * bool(
            lacking
        )
        expected = f"what {stage.run} takes, {sorted(taken)}"
        yield at(f"stages: {stage.key}", expected, f"{sorted(given)}: {', '.join(said)}")


def parameters(stage: Stage, signature: Signature) -> Iterator[str]:
    """Each param is of the type that the function says."""
    typed = signature.annotations.keys() - {read.name for read in stage.reads} - set(SPECIALS)
    for name, value in ((name, value) for name, value in stage.params.items() if name in typed):
        where = f"stages: {stage.key}: params: {name}"
        annotation = signature.annotations[name]
        if annotation is None:
            yield at(where, f"a type on this parameter of {stage.run}", "none")
        elif not fits(value, annotation):
            yield at(where, ast.unparse(annotation), f"{shown(value)}{hint(value, bare(annotation))}")


def hint(value: Any, name: str) -> str:
    """What YAML made of a value that was meant otherwise."""
    if isinstance(value, str) and name == "float":
        return " (text to YAML; a number has a point and a sign: 1.0e-9)"
    if isinstance(value, bool) and name == "str":
        return " (yes, no, on and off are so to YAML; quote it)"
    if type(value) is int and not LEAST <= value < PAST:
        return " (no table holds an integer of more than 64 bits)"
    return ""


def input_faults(stage: Stage, read: Read, annotation: ast.expr | None, *, raw: bool) -> Iterator[str]:
    """A raw dataset comes as files, any other as a frame; a history's first day has no previous one."""
    where = f"stages: {stage.key}: reads: {read.name}"
    found = "no type" if annotation is None else ast.unparse(annotation)
    if (input_kind(annotation) == "files") != raw or input_kind(annotation) == "value":
        yield at(where, f"this parameter of {stage.run} to be {FILES if raw else FRAMES}", found)
    elif read.previous and not takes_none(annotation):
        yield at(where, f"this parameter of {stage.run} to be ... | None (a history begins without)", found)
