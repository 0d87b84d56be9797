"""Work done ahead in a thread of its own: what comes next is made ready while what came before is used."""

from collections.abc import Generator, Iterator
from contextlib import closing
from queue import Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")
DEPTH = 2  # ready and waiting; beside them one is being made and one is in use
IN_FLIGHT = DEPTH + 2


def ahead(source: Iterator[T]) -> Iterator[T]:
    """The same items; an error comes out where its item would have been. Whoever stops early stops the thread too."""
    ready: Queue[tuple[T | None, BaseException | None]] = Queue(DEPTH)
    enough = Event()
    thread = Thread(target=_make, args=(source, ready, enough), name="ahead", daemon=True)
    thread.start()
    with closing(_taken(ready)) as taken:
        try:
            yield from taken
        finally:
            enough.set()
            while thread.is_alive():  # it may stand before a full queue
                _clear(ready)
                thread.join(0.01)


def _taken(ready: "Queue[tuple[T | None, BaseException | None]]") -> Generator[T, None, None]:
    while True:
        item, error = ready.get()
        if error is not None:
            raise error
        if item is None:
            return
        yield item


def _make(source: Iterator[T], ready: "Queue[tuple[T | None, BaseException | None]]", enough: Event) -> None:
    error: BaseException | None = None
    try:
        for item in source:
            ready.put((item, None))
            if enough.is_set():
                break
    except BaseException as raised:  # noqa: BLE001  it is raised again, by the thread that waits for the item
        error = raised
    ready.put((None, error))


def _clear(ready: "Queue[tuple[T | None, BaseException | None]]") -> None:
    while not ready.empty():
        ready.get()
