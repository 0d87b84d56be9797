"""What an annotation in a stage's source asks for: which YAML values fit it, and in what form it takes a table."""

import ast
from collections.abc import Mapping, Sequence
from typing import Any

SCALARS: Mapping[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (float, int),
    "str": (str,),
    "bool": (bool,),
}
LISTS = ("list", "Sequence", "Iterable", "Collection")  # YAML gives a list: it is no tuple and no set
MAPS = ("dict", "Mapping")
ANY = ("Any", "object")
LEAST, PAST = -(2**63), 2**64  # no table holds an integer outside these
FRAMES = {"DataFrame": "frame", "LazyFrame": "lazy"}


def fits(value: Any, annotation: ast.expr) -> bool:
    """Whether a YAML value is of an annotated type; an annotation YAML cannot say (a class of ours) fits nothing."""
    match plain(annotation):
        case ast.Constant(value=None):
            return value is None
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return fits(value, left) or fits(value, right)
        case ast.Subscript(value=name, slice=inner):
            return fits_generic(value, bare(name), inner.elts if isinstance(inner, ast.Tuple) else [inner])
        case node:
            return fits_name(value, bare(node))


def fits_name(value: Any, name: str) -> bool:
    if name in SCALARS:
        return type(value) in SCALARS[name] and is_plain(value)
    if name in LISTS:
        return isinstance(value, list) and is_plain(value)
    return is_plain(value) and (name in ANY or (name in MAPS and isinstance(value, dict)))


def fits_generic(value: Any, name: str, inner: Sequence[ast.expr]) -> bool:
    if name == "Literal":
        return any(fits_literal(value, each) for each in inner)
    if name in ("Optional", "Union"):
        return (name == "Optional" and value is None) or any(fits(value, each) for each in inner)
    if name in ("Annotated", "Final"):
        return fits(value, inner[0])
    if name in MAPS and len(inner) == 2:
        return isinstance(value, dict) and all(
            fits(k, inner[0]) and fits(v, inner[1]) for k, v in value.items()
        )
    return name in LISTS and isinstance(value, list) and all(fits(item, inner[0]) for item in value)


def fits_literal(value: Any, node: ast.expr) -> bool:
    try:
        said = ast.literal_eval(node)
    except ValueError:  # a name, such as an enum's member: not a value that YAML can say
        return False
    return type(said) is type(value) and bool(said == value)


def is_plain(value: Any) -> bool:
    """Whether a value is text, numbers, true or false, lists and maps of such: what can be part of a recipe."""
    if isinstance(value, dict):
        return all(map(is_plain, value)) and all(map(is_plain, value.values()))
    if isinstance(value, list):
        return all(map(is_plain, value))
    if type(value) is int:
        return LEAST <= value < PAST
    return value is None or type(value) in (str, float, bool)


def input_kind(annotation: ast.expr | None) -> str:
    """How a parameter wants its input: `frame`, `lazy`, `stream` or `files`; `value` for all else."""
    match plain(annotation):
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):  # a history's first day has no yesterday
            return input_kind(left if is_none(right) else right)
        case ast.Subscript(value=name, slice=inner) if bare(name) == "Optional":
            return input_kind(inner)
        case ast.Subscript(value=name, slice=inner) if (
            bare(name) == "Iterator" and bare(plain(inner)) == "DataFrame"
        ):
            return "stream"
        case ast.Subscript(value=name, slice=inner) if bare(name) in LISTS and bare(plain(inner)) == "Path":
            return "files"
        case node:
            return FRAMES.get(bare(node), "value")


def takes_none(annotation: ast.expr | None) -> bool:
    match plain(annotation):
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return is_none(left) or is_none(right)
        case ast.Subscript(value=name):
            return bare(name) == "Optional"
    return False


def plain(annotation: ast.expr | None) -> ast.expr | None:
    """An annotation in quotes is the annotation that stands in them."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return annotation
    return annotation


def is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def bare(node: ast.expr | None) -> str:
    """`collections.abc.Mapping` and `Mapping` are one name here."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
