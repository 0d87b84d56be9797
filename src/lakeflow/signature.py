"""A function's parameters, read from source without importing it."""

import ast
from typing import Any, NamedTuple

from lakeflow.code import Code

SCALARS: dict[str, tuple[type, ...]] = {"int": (int,), "float": (float, int), "str": (str,), "bool": (bool,)}
LISTS = ("list", "Sequence", "tuple", "Iterable", "Collection", "set", "frozenset")
MAPS = ("dict", "Mapping")


class Signature(NamedTuple):
    """Parameter names with their annotations, and those that have no default."""

    annotations: dict[str, ast.expr | None]
    required: set[str]


def find_signature(code: Code, dotted: str) -> Signature | None:
    """The signature of the function a dotted name stands for; None when there is no such function."""
    module, _, name = dotted.rpartition(".")
    file = code.file_of(module) if module else None
    if file is None:
        return None
    for node in code.tree(file).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return signature_of(node)
    return None


def signature_of(node: ast.FunctionDef) -> Signature:
    plain = [*node.args.posonlyargs, *node.args.args]
    without_default = plain[: len(plain) - len(node.args.defaults)]
    keyword = [
        arg
        for arg, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        if default is None
    ]
    every = [*plain, *node.args.kwonlyargs]
    return Signature({a.arg: a.annotation for a in every}, {a.arg for a in [*without_default, *keyword]})


def fits(value: Any, annotation: ast.expr) -> bool:
    """Whether a YAML value is of an annotated type; an annotation YAML cannot say (a class of ours) fits nothing."""
    if isinstance(annotation, ast.Constant):
        return annotation.value is None and value is None
    if isinstance(annotation, ast.BinOp):
        return fits(value, annotation.left) or fits(value, annotation.right)
    if isinstance(annotation, ast.Subscript):
        return fits_generic(value, bare(annotation.value), annotation.slice)
    name = bare(annotation)
    if name in SCALARS:
        return isinstance(value, SCALARS[name]) and (name == "bool" or not isinstance(value, bool))
    return (
        name == "Any"
        or (name in LISTS and isinstance(value, list))
        or (name in MAPS and isinstance(value, dict))
    )


def fits_generic(value: Any, name: str, inner: ast.expr) -> bool:
    items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name == "Literal":
        return any(
            isinstance(item, ast.Constant) and type(item.value) is type(value) and item.value == value
            for item in items
        )
    if name == "Optional":
        return value is None or fits(value, inner)
    if name in MAPS:
        return isinstance(value, dict) and all(
            fits(k, items[0]) and fits(v, items[1]) for k, v in value.items()
        )
    if name == "tuple" and not (len(items) == 2 and isinstance(items[1], ast.Constant)):  # noqa: PLR2004  tuple[int, ...]
        return isinstance(value, list) and len(value) == len(items) and all(map(fits, value, items))
    return name in LISTS and isinstance(value, list) and all(fits(item, items[0]) for item in value)


def bare(node: ast.expr) -> str:
    """`collections.abc.Mapping` and `Mapping` are one name here."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
