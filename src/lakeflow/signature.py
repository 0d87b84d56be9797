"""A function's parameters, read from source without importing it."""

import ast
from typing import NamedTuple

from lakeflow.code import Code


class Signature(NamedTuple):
    """Parameters that can be given by name, with their annotations; those without a default; those without a name."""

    annotations: dict[str, ast.expr | None]
    required: set[str]
    nameless: tuple[str, ...] = ()  # positional-only: the engine gives arguments by name


def find_signature(code: Code, dotted: str) -> Signature | None:
    """The signature of the function a dotted name stands for; None when there is no such function."""
    module, _, name = dotted.rpartition(".")
    return functions_in(code, module).get(name)


def functions_in(code: Code, module: str) -> dict[str, Signature]:
    """The functions that a module defines at its top level; of two with one name Python keeps the last."""
    file = code.file_of(module) if module else None
    if file is None:
        return {}
    return {
        node.name: signature_of(node) for node in code.tree(file).body if isinstance(node, ast.FunctionDef)
    }


def signature_of(node: ast.FunctionDef) -> Signature:
    given = node.args
    plain = [*given.posonlyargs, *given.args]
    required = {arg.arg for arg in plain[: len(plain) - len(given.defaults)]}
    required |= {
        a.arg for a, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default is None
    }
    return Signature(
        annotations={arg.arg: arg.annotation for arg in [*given.args, *given.kwonlyargs]},
        required=required,
        nameless=tuple(arg.arg for arg in given.posonlyargs),
    )
