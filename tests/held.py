"""Whether the tests that a list names are there."""

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path

TESTS = Path(__file__).parent


def lacking(held: Mapping[int, Iterable[str]]) -> list[str]:
    """Of tests named by number, each as a file under tests/ without its ending and a function in it, those that there are not."""
    return [test for tests in held.values() for test in tests if not is_there(*test.rsplit(".", 1))]


def is_there(file: str, name: str) -> bool:
    tree = ast.parse((TESTS / f"{file}.py").read_text())
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body)
