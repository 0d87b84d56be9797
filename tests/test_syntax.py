"""The text that stands for a file's syntax: the same for every layout and every Python, another for other code."""

import ast
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from lakeflow.syntax import canonical

SOURCE = Path(__file__).parent.parent / "src"
DIGESTS = """
import ast, hashlib, sys
sys.path.insert(0, sys.argv[1])
from lakeflow.syntax import canonical
for source in sys.stdin.read().split("\\f"):
    print(hashlib.sha256(canonical(ast.parse(source)).encode()).hexdigest())
"""
# One string in quotes of another kind in an f-string, empty pieces, doubled braces, `=`, and characters that only
# newer Pythons know to be printable: each is another tree, another `unparse` or another `repr` on some version.
EVERYWHERE = [
    """f"{rows['bid']!r:>{wide}.{most}} {least=} {{}} {{{1:{2}}}}" 'a' f'{x}' u"b" """,
    'f"{when:%H:%M}" f"{x:}" f"" "" f"{a}{b}"',
    'x = "\U0001fae8 \u1c89 é \\x00 \\ud800", b"\\xff", 1e999, 0x' + "f" * 5000 + ", 2j, ..., None",
    "def f(a, /, b: int = 1, *c, d=None, **e) -> 'x': ...\nclass A(B, metaclass=C): x: int = 1",
    "match x:\n    case {'a': [1, *_], **rest} if y: pass\n    case A(b=None) | -1j: pass",
    "try: pass\nexcept* (A, B) as e: raise C from e\nelse: pass\nfinally: pass",
    "async def f():\n    async with a as b, c: await d\n    return [x async for x in y if z]",
]
NEWER = [
    "type Side[T] = list[T]\nclass A[T: int, *Ts, **P]:\n    def f[U](self): ...",
    "f'{x['a']} {'\\n'.join(y)}'",
]


def text(source: str) -> str:
    return canonical(ast.parse(source))


@cache
def digests(python: str, sources: tuple[str, ...]) -> list[str] | None:
    """What an interpreter of that name makes of the sources; None where there is no such interpreter."""
    version = {"PYENV_VERSION": python.removeprefix("python")} if python.startswith("python") else {}
    command = [python, "-I", "-c", DIGESTS, str(SOURCE)]
    try:
        done = subprocess.run(
            command,
            input="\f".join(sources),
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, **version},
            check=False,
        )
    except FileNotFoundError:
        return None
    return None if done.returncode == 127 else done.stdout.split() or pytest.fail(done.stderr)


@pytest.mark.parametrize("python", ["python3.12", "python3.13"])
def test_every_python_writes_the_same_text(python):
    files = [path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py"))]
    sources = (*EVERYWHERE, *files)
    found = digests(python, sources)
    if found is None:
        pytest.skip(f"no {python} at hand")
    assert len(found) == len(sources)
    assert found == digests(sys.executable, sources)


def test_syntax_that_is_new_in_3_12_has_one_text_since():
    found = [digests(f"python3.{minor}", tuple(NEWER)) for minor in (12, 13)]
    if None in found:
        pytest.skip("no python3.12 and python3.13 at hand")
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 'a' 'b'", 'x = """ab"""'),
        ("x = u'a'", "x = 'a'"),
        ("x = 0x10, 1_0, 1e1", "x = (16, 10, 10.0)"),
        ("def f(): pass", 'def f():\n    """Says what."""'),
        ("def f(): return 1", 'def f():\n    """Says what."""\n    return 1'),
        ("class A:\n    x = 1", 'class A:\n    """Says what."""\n    x = 1\n    """Says what x is."""'),
        ("async def f(): pass", 'async def f():\n    """Says what."""\n    pass'),
        ("", '"""Says what."""\n'),
        ("if x:\n    y\nelse:\n    'nothing'", "if x: y"),
        ("with (a as b, c as d,): pass", "with a as b, c as d: pass"),
        ("f'{x}' 'a'", 'f"{x}a"'),
    ],
)
def test_two_ways_to_write_one_thing_have_one_text(one, other):
    assert text(one) == text(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x = True"),
        ("x = 1", "x = 1.0"),
        ("x = 1", "x = '1'"),
        ("x = 'a'", "x = b'a'"),
        ("x = None", "x = ..."),
        ("x = None", "x = 'None'"),
        ("return_ = f(None)", "return_ = f()"),
        ("def f(): return", "def f(): return None"),
        ("{**a}", "{None: a}"),
        ("def f(*, a, b=1): ...", "def f(*, a=1, b): ..."),
        ("def f(a, b): ...", "def f(a, /, b): ..."),
        ("x = [a, b]", "x = [a], b"),
        ("x = a, (b, c)", "x = (a, b), c"),
        ("if x:\n    y\nz", "if x:\n    y\n    z"),
        ("f'{x!r}'", "f'{x!s}'"),
        ("f'{x}'", "f'{{x}}'"),
        ("from a import b", "from .a import b"),
        ("from a import b", "import a.b"),
        ("import a as b", "import b as a"),
        ("print('a')", "print('b')"),
        ("def f(): 'a'; return 1", "def f(): return 'a'"),
        ("try: x\nexcept A: y", "try: x\nexcept* A: y"),
        ("x: int", "x: int = None"),
    ],
)
def test_two_things_have_two_texts(one, other):
    assert text(one) != text(other)


def test_an_expression_may_nest_deeper_than_python_calls():
    assert text(" + ".join(["x"] * 900)).count("BinOp") == 899
