"""What changes the digest of a stage's code, and what does not."""

import ast
import time
from pathlib import Path

import pytest

from lakeflow.code import Code, absolute
from lakeflow.errors import ConfigError
from lakeflow.source import imported

STAGE = """
import filters.near
from lakeflow.market import book
from lakeflow.lake import Lake

def scale(rows, times=2):
    return rows * times
"""
FILES = {
    "stages/__init__.py": "",
    "stages/silver/__init__.py": "",
    "stages/silver/scale.py": STAGE,
    "filters/__init__.py": "",
    "filters/near.py": "from filters import far\n",
    "filters/far.py": "def keep():\n    from . import deep\n    return deep.LEAST\n",
    "filters/deep.py": "LEAST = 1\n",
    "filters/other.py": "MOST = 9\n",
    "selection/__init__.py": "",
    "package/market/__init__.py": "",
    "package/market/book.py": "from ..market.sub import kernel\n",
    "package/market/sub/__init__.py": "TICK = 1\n",
    "package/market/sub/kernel.py": "STEP = 1\n",
    "package/market/spare.py": "",
    "package/lake.py": "class Lake: ...\n",
}


def digest(root: Path, files: dict[str, str]) -> str:
    for name, text in (FILES | files).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return Code(root, root / "package").digest(["stages.silver.scale"])


@pytest.mark.parametrize(
    "same",
    [
        STAGE + "# a comment\n",
        '"""What the module is for."""\n' + STAGE,
        STAGE.replace("    return", '    """Twice as much."""\n    return'),
        STAGE.replace("    return", "\n\n    # why\n    return"),
        STAGE.replace("rows * times", "(\n        rows  *  times\n    )"),
        STAGE.replace("(rows, times=2)", "(\n    rows,\n    times = 2,\n)"),
        STAGE.replace("\n", "\r\n"),
        "\ufeff" + STAGE,
    ],
)
def test_comments_docstrings_and_layout_do_not_change_it(tmp_path, same):
    assert digest(tmp_path, {"stages/silver/scale.py": same}) == digest(tmp_path, {})


@pytest.mark.parametrize(
    "changed",
    [
        {"stages/silver/scale.py": STAGE.replace("*", "+")},
        {"stages/silver/scale.py": STAGE.replace("times=2", "times=3")},
        {"stages/silver/scale.py": STAGE.replace("times=2", "times=2.0")},
        {"stages/silver/scale.py": STAGE.replace("times=2", "times=True")},
        {"stages/silver/scale.py": STAGE.replace("times", "factor")},
        {"stages/silver/scale.py": STAGE + "def more(): ...\n"},
        {"stages/__init__.py": "X = 1\n"},  # runs before the stage
        {"stages/silver/__init__.py": "X = 1\n"},
        {"filters/__init__.py": "X = 1\n"},
        {"filters/near.py": "from filters import far\nX = 1\n"},  # one hop
        {"filters/far.py": "def keep():\n    from . import deep\n    return deep.LEAST + 1\n"},  # two hops
        {"filters/deep.py": "LEAST = 2\n"},  # imported inside a function, relatively
        {"filters/far/__init__.py": "X = 1\n"},  # a package wins over the module of its name
        {"package/market/__init__.py": "X = 1\n"},
        {"package/market/sub/__init__.py": "TICK = 2\n"},
        {"package/market/sub/kernel.py": "STEP = 2\n"},
    ],
    ids=str,
)
def test_what_the_stage_runs_changes_it(tmp_path, changed):
    assert digest(tmp_path / "new", changed) != digest(tmp_path / "old", {})


@pytest.mark.parametrize(
    "name", ["filters/other.py", "package/lake.py", "package/market/spare.py", "selection/__init__.py"]
)
def test_what_the_stage_does_not_import_and_the_engine_do_not_change_it(tmp_path, name):
    assert digest(tmp_path, {name: "X = 2\n"}) == digest(tmp_path, {})


def test_the_closure_names_every_module_with_its_file(tmp_path):
    digest(tmp_path, {})
    closure = Code(tmp_path, tmp_path / "package").closure(["stages.silver.scale"])
    assert sorted(closure) == [
        "filters", "filters.deep", "filters.far", "filters.near",
        "lakeflow.market", "lakeflow.market.book", "lakeflow.market.sub", "lakeflow.market.sub.kernel",
        "stages", "stages.silver", "stages.silver.scale",
    ]  # fmt: skip
    assert closure["lakeflow.market.book"] == tmp_path / "package/market/book.py"


def test_a_circle_of_imports_is_followed_once(tmp_path):
    files = {"filters/deep.py": "import filters.near\nLEAST = 1\n"}
    assert digest(tmp_path, files) != digest(tmp_path, {})


@pytest.mark.parametrize(
    "name", ["lakeflow.lake", "lakeflow", "polars", "stages.gone", "stages..a", "", "filters.a/b"]
)
def test_a_name_of_no_module_of_ours_has_no_file(tmp_path, name):
    digest(tmp_path, {})
    assert Code(tmp_path, tmp_path / "package").file_of(name) is None


@pytest.mark.parametrize(
    ("module", "is_package", "statement", "named"),
    [
        ("a.b.c", False, "from . import d", "a.b"),
        ("a.b.c", False, "from .d import e", "a.b.d"),
        ("a.b.c", False, "from ..d import e", "a.d"),
        ("a.b", True, "from . import d", "a.b"),
        ("a.b", True, "from ..d import e", "a.d"),
        ("a", False, "from ...d import e", "d"),
    ],
)
def test_a_relative_import_is_told_from_where_it_stands(module, is_package, statement, named):
    written = next(imported(ast.parse(statement)))
    assert absolute(written, module, is_package=is_package) == named


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"\nx = = 1\n", "filters/near.py:2: not valid Python: invalid syntax"),
        (
            b"x = '\xff'\n",
            "filters/near.py:1: not valid Python: (unicode error) 'utf-8' codec can't decode byte 0xff",
        ),
        (
            b"x = " + b"1+" * 5000 + b"1",
            "filters/near.py: not valid Python: maximum recursion depth exceeded",
        ),
        (b"x = 1\0\n", "filters/near.py: not valid Python: source code string cannot contain null bytes"),
    ],
)
def test_a_file_that_is_not_python_is_an_error_of_the_project(tmp_path, source, said):
    digest(tmp_path, {})
    (tmp_path / "filters/near.py").write_bytes(source)
    code = Code(tmp_path, tmp_path / "package")
    assert [fault[: len(said)] for fault in code.faults(["stages.silver.scale"])] == [said]
    with pytest.raises(ConfigError, match=r"^filters/near\.py.*: not valid Python"):
        code.digest(["stages.silver.scale"])


def test_a_hundred_modules_are_digested_in_a_second(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # nothing is known
    body = "\n".join(
        f"def f{n}(a: int, b: float = 2.0) -> float:\n    return (a + b) * {n} if a > b else {{'n': [a, b]}}"
        for n in range(25)
    )
    files = {f"stages/silver/m{n}.py": f"import stages.silver.m{n + 1}\n{body}" for n in range(100)}
    digest(tmp_path, files)
    began = time.process_time()
    assert len(Code(tmp_path, tmp_path / "package").parts(["stages.silver.m0"])) == 102
    assert time.process_time() - began < 3  # generous: a walk that grows with the square would not pass
