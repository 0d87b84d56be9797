"""What workers are given to do in these tests; and the two words the tests give it with."""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

from lakeflow.executor import Executor, Outcome, Task


def task(call: str, *args: object, **more: object) -> Task:
    return Task(str(more.pop("key", call)), f"chores:{call}", args, **more)  # type: ignore[arg-type]


def outcome_of(executor: Executor, given: Task) -> Outcome:
    executor.submit(given)
    (outcome,) = executor.outcomes()
    return outcome


class Busy(Exception):
    transient = True


class Panic(BaseException):
    """As polars raises when Rust panics."""


class Stubborn:
    def __reduce__(self):
        return refuse, ("made nowhere else",)


def double(number):
    return number * 2


def pid():
    return os.getpid()


def refuse(words):
    raise ValueError(words)


def leave():
    sys.exit(3)


def panic():
    raise Panic("index out of bounds")


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def crash():
    ctypes.string_at(0)


def nap(seconds):
    time.sleep(seconds)


def tries_so_far(path):
    with Path(path).open("a+") as log:
        log.write("x")
    return Path(path).stat().st_size


def busy_until(path, times):
    if (tries := tries_so_far(path)) < times:
        raise Busy("the vendor says 503")
    return tries


def die_until(path, times):
    if (tries := tries_so_far(path)) < times:
        die()
    return tries


def come_and_go(path, seconds):
    for word in "+-":
        with Path(path).open("a") as log:
            log.write(word)
        time.sleep(seconds if word == "+" else 0)


def bytes_of(size):
    return b"x" * size


def length(data):
    return len(data)


def unpicklable():
    return lambda: None


def stubborn():
    return Stubborn()


def environment(name):
    return os.environ[name]


def hoard(size):
    hoard.kept = bytearray(size)
    return os.getpid()


def borrow(size):
    return len(b"x" * size)


def chatter():
    print("for nobody's eyes")
    os.write(1, b"from deep down" if os.environ.get("IN_POOL") else b"")


def ignores_interrupts():
    return signal.getsignal(signal.SIGINT) == signal.SIG_IGN


def ctrl_c():
    os.kill(os.getppid() if os.environ.get("IN_POOL") else os.getpid(), signal.SIGINT)
    time.sleep(0.2)
    return "finished"
