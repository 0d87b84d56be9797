"""What is read of a function's parameters without importing it."""

import ast
import sys
from pathlib import Path

from lakeflow.code import Code
from lakeflow.signature import find_signature, functions_in

SOURCE = """
raise RuntimeError("imported")

def scale(lines: pl.DataFrame, times: "int | None" = None, *rest, dt, unit: str = "USD", **more) -> pl.DataFrame: ...
def nameless(lines, wide=1, /, times=2): ...
def twice(old): ...
def twice(new): ...
async def later(lines): ...
class Stage:
    def inside(self): ...
known = lambda lines: lines
"""


def code(folder: Path) -> Code:
    (folder / "stages").mkdir()
    (folder / "stages/toy.py").write_text(SOURCE)
    return Code(folder, folder)


def test_parameters_have_their_annotations_and_some_have_no_default(tmp_path):
    found = find_signature(code(tmp_path), "stages.toy.scale")
    shown = {name: each and ast.unparse(each) for name, each in found.annotations.items()}
    assert shown == {"lines": "pl.DataFrame", "times": "'int | None'", "dt": None, "unit": "str"}
    assert found.required == {"lines", "dt"}
    assert "stages.toy" not in sys.modules


def test_positional_only_parameters_are_told_apart(tmp_path):
    found = find_signature(code(tmp_path), "stages.toy.nameless")
    assert (found.nameless, [*found.annotations], found.required) == (("lines", "wide"), ["times"], {"lines"})


def test_of_two_functions_with_one_name_the_last_counts(tmp_path):
    assert find_signature(code(tmp_path), "stages.toy.twice").required == {"new"}


def test_only_plain_functions_at_the_top_are_functions(tmp_path):
    found = code(tmp_path)
    assert sorted(functions_in(found, "stages.toy")) == ["nameless", "scale", "twice"]
    for name in (
        "stages.toy.later",
        "stages.toy.inside",
        "stages.toy.known",
        "stages.gone.scale",
        "scale",
        "",
        "polars.concat",
    ):
        assert find_signature(found, name) is None
