"""One start of the books, as book_compile.py measures it: the kernels of a replay and of silver called once, what was compiled and how long it took."""

import json
import time

import numpy as np
from numba.core import event

from lakeflow.market.book import Replay
from lakeflow.market.measures import Measures
from lakeflow.market.records import MBO, words
from lakeflow.market.state import Room


class Kernels(event.Listener):
    """Processor time from the start to the end of a kernel's compilation, its pieces included."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = {}
        self._began: list[float] = []

    def on_start(self, _event: event.Event) -> None:
        self._began.append(time.process_time())

    def on_end(self, event: event.Event) -> None:
        took = time.process_time() - self._began.pop()
        if not self._began:
            name = event.data["dispatcher"].py_func.__name__
            self.taken[name] = self.taken.get(name, 0.0) + took


def replay_and_measure() -> None:
    """A book that grows twice, one of them from one publisher to two; its queues; then all that is measured of the same."""
    rows = np.zeros(64, MBO)
    rows["action"], rows["side"], rows["size"], rows["flags"] = b"A", b"B", 1, 128
    rows["order_id"], rows["publisher_id"] = np.arange(64), 1 + np.arange(64) % 2
    book = Replay(1, levels=10, room=Room(books=1, orders=15))
    book.apply(rows)
    assert len(book.resting(0, 1)) == 32
    assert book.position(0, 1, 0) == (0, 0, 1)
    measures = Measures(1)
    measures.apply(words(rows), np.arange(64))
    assert measures.finish()["depth"].shape[1] == 1


if __name__ == "__main__":
    kernels = Kernels()
    with event.install_listener("numba:compile", kernels):
        replay_and_measure()
    # Processor time of the whole process, from before its first import.
    print(json.dumps({"start": time.process_time(), "kernels": kernels.taken}))
