"""What a Python file says, as text that is the same for every layout of it and on every version of Python.

Neither `ast.unparse` nor `ast.dump` is: 3.12 quotes the strings in an f-string otherwise, ends a format spec with an
empty piece and has fields that 3.11 has not; 3.13 leaves empty ones out. This text names each node's class and its
fields that hold something. Left out are positions, comments, the `u` before a string, bare strings (they do nothing;
docstrings are some) and the context of a name, which its place already says.
"""

import ast
from collections.abc import Iterator
from typing import Any

SKIPPED = frozenset({"kind", "type_comment", "type_ignores", "ctx"})
BLOCKS = frozenset({"body", "orelse", "finalbody"})


def canonical(tree: ast.AST) -> str:
    """The text of a tree; written with a stack of its own, as a long expression nests deeper than Python calls."""
    written: list[str] = []
    waiting: list[Any] = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            written.append(item)
        else:
            waiting += reversed([*tokens(item)])
    return "".join(written)


def tokens(node: ast.AST) -> Iterator[ast.AST | str]:
    """A node as text, with the nodes below it still to be written."""
    yield f"({type(node).__name__}"
    for name in node._fields:
        value = getattr(node, name, None)
        if name in SKIPPED or (value is None and not isinstance(node, ast.Constant)):
            continue
        if isinstance(value, list):
            items = block(value, name) if name in BLOCKS else value
            if isinstance(node, ast.JoinedStr):
                items = [each for each in items if not is_empty_text(each)]
            if items:
                yield f" {name}["
                yield from (item if isinstance(item, ast.AST) else leaf(item) for item in items)
                yield "]"
        else:
            yield f" {name}="
            yield value if isinstance(value, ast.AST) else leaf(value)
    yield ")"


def block(statements: list[Any], name: str) -> list[Any]:
    """Statements without those that are only a string; a body that is left empty is a `pass`."""
    left = [each for each in statements if not is_bare_string(each)]
    return left or ([ast.Pass()] if name == "body" else [])


def is_bare_string(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def is_empty_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value == ""


def leaf(value: Any) -> str:
    """A name or a constant; in ASCII, since which characters `repr` shows depends on the version's Unicode."""
    return f" {value:x}h" if type(value) is int else f" {value!a}"
