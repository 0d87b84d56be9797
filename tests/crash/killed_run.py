"""A process that runs toy projects in children of its own and kills them, at a named step of a commit or at an instant.

It reads one JSON object a line: the project's root, and how to kill (`point` as Class.method, `when`, `nth`; or `after_s`; or
nothing). It answers with the child's exit code, -9 when it was killed. Forking a prepared process saves the imports.
"""

import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lakeflow.check
import lakeflow.make  # noqa: F401  imported before the fork, so that no child has to
from lakeflow.execution import Terms, execute
from lakeflow.project import open_project
from lakeflow.request import Request


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            run(order)
        if "after_s" in order:
            time.sleep(order["after_s"])
            os.kill(child, signal.SIGKILL)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def run(order: dict[str, Any]) -> None:
    """One run in the child; it never returns."""
    code = 70
    try:
        if "point" in order:
            arm(order["point"], order["when"], order["nth"])
        with open_project(Path(order["root"])) as project:
            summary = execute(project, Request(frozenset(project.catalog.datasets)), Terms(workers=1))
        code = summary.code
    finally:
        os._exit(code)


def arm(point: str, when: str, nth: int) -> None:
    """Wrap a function so that its nth call kills the process, before it begins or after it is done."""
    module, _, path = point.partition(":")
    owner: Any = importlib.import_module(module)
    *outer, name = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    setattr(owner, name, deadly(getattr(owner, name), when, nth))


def deadly(inner: Callable[..., Any], when: str, nth: int) -> Callable[..., Any]:
    calls = 0

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = inner(*args, **kwargs)
        if calls == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return wrapped


if __name__ == "__main__":
    main()
