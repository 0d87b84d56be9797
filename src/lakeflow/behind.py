"""Work put behind: what is made is put away in a thread of its own, in order, while what comes next is made."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from lakeflow.machine import threads

WAITING = 1  # beside one that is being done and one that is being made: memory is bounded by these three
ROOM = (
    12 << 20
)  # bytes that may wait however many they are: a row group's worth, since writing one takes a while


class Behind:
    """Calls done one at a time in the order given; what one raises, the next `put` or `settle` raises.

    With one core to itself a process does them at once: a thread would only take turns with its caller.
    """

    def __init__(self, *, overlaps: bool | None = None) -> None:
        self._overlaps = threads() > 1 if overlaps is None else overlaps
        # The thread itself begins with the first call: most steps are small and never have one.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="behind")
        self._under_way: deque[tuple[Future[None], int]] = deque()
        self._held = 0

    def put(self, call: Callable[[], None], size: int = ROOM) -> None:
        """Have it done after all before it; waits while there is more to do than memory should hold: `size` is in bytes."""
        if not self._overlaps:
            call()
            return
        while len(self._under_way) > WAITING and self._held + size > ROOM:
            self._next()
        self._held += size
        self._under_way.append((self._thread.submit(call), size))

    def settle(self) -> None:
        """Wait until all is done."""
        while self._under_way:
            self._next()

    def close(self) -> None:
        """Begin nothing more; what is being done is done when this returns."""
        self._under_way.clear()
        self._thread.shutdown(cancel_futures=True)

    def _next(self) -> None:
        future, size = self._under_way.popleft()
        self._held -= size
        future.result()
