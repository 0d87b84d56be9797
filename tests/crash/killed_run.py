"""A process that runs toy projects in children of its own and does them harm: kills them, or fills up their disk.

It reads a JSON list of orders a line, each a run beside the others: the project's root, and how to kill it (`point` as
module:Class.method, `when`, `nth`; or `after_s`), or `limit`, the bytes that no file may grow beyond; or nothing. It answers with
the list of exit codes: -9 was killed, 70 is an error that is none of ours. Forking a prepared process saves the imports.
"""

import importlib
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lakeflow.check
import lakeflow.make  # noqa: F401  imported before the fork, so that no child has to
from lakeflow.errors import LakeflowError
from lakeflow.execution import Terms, execute
from lakeflow.project import open_project
from lakeflow.request import Request


def main() -> None:
    for line in sys.stdin:
        orders, began = json.loads(line), time.monotonic()
        children = [(start(order), order) for order in orders]
        doomed = [(order["after_s"], child) for child, order in children if "after_s" in order]
        for after_s, child in sorted(doomed):
            time.sleep(max(0.0, began + after_s - time.monotonic()))
            os.kill(child, signal.SIGKILL)
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child, _ in children]
        print(json.dumps(codes), flush=True)


def start(order: dict[str, Any]) -> int:
    child = os.fork()
    if child == 0:
        run(order)
    return child


def run(order: dict[str, Any]) -> None:
    """One run in the child; it never returns."""
    code = 70
    try:
        if "point" in order:
            arm(order["point"], order["when"], order["nth"])
        if "limit" in order:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (order["limit"], order["limit"]))
        with open_project(Path(order["root"])) as project:
            summary = execute(project, Request(frozenset(project.catalog.datasets)), Terms(workers=1))
        code = summary.code
    except LakeflowError as error:
        code = error.code
    except BaseException:  # noqa: BLE001  the test sees the code, and whoever debugs it the words
        traceback.print_exc()
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
