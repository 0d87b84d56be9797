"""What waits for what: keys with their needs, handed out when every need is done, skipped when one cannot be."""

from collections.abc import Iterable

from lakeflow.errors import LakeflowError


class Graph:
    """A growing acyclic graph; every edge is looked at once when its need is done."""

    def __init__(self) -> None:
        self._open: dict[str, set[str]] = {}  # key -> needs not yet done
        self._waiting: dict[str, list[str]] = {}  # need -> keys that wait for it
        self._ended: dict[str, bool] = {}  # key -> whether it was done
        self._ready: list[str] = []

    def add(self, key: str, needs: Iterable[str]) -> bool:
        """Take a key on; needs may be unknown yet or done. False, and it is skipped, when one has failed already."""
        wanted = dict.fromkeys(needs)
        if any(self._ended.get(need) is False for need in wanted):
            self._ended[key] = False
            return False
        open_needs = {need for need in wanted if need not in self._ended}
        if key in open_needs or any(self._leads_to(need, key) for need in open_needs):
            raise LakeflowError(f"{key}: expected no circle of needs, found it to need itself")
        self._open[key] = open_needs
        for need in open_needs:
            self._waiting.setdefault(need, []).append(key)
        if not open_needs:
            self._ready.append(key)
        return True

    def ready(self) -> list[str]:
        """The keys that became ready since last asked."""
        ready, self._ready = self._ready, []
        return ready

    def done(self, key: str) -> None:
        self._ended[key] = True
        for waiting in self._waiting.pop(key, ()):
            needs = self._open[waiting]
            needs.discard(key)
            if not needs and waiting not in self._ended:
                self._ready.append(waiting)

    def fail(self, key: str) -> list[str]:
        """The keys that can no longer be done because this one was not, nearest first."""
        self._ended[key] = False
        skipped = []
        queue = [key]
        while queue:
            for waiting in self._waiting.pop(queue.pop(0), ()):
                if waiting not in self._ended:
                    self._ended[waiting] = False
                    skipped.append(waiting)
                    queue.append(waiting)
        return skipped

    def _leads_to(self, start: str, goal: str) -> bool:
        """Whether a key needs another, over whatever way; only keys that came with unknown needs can close a circle."""
        if goal not in self._waiting:
            return False
        seen, queue = {start}, [start]
        while queue:
            for need in self._open.get(queue.pop(), ()):
                if need == goal:
                    return True
                if need not in seen:
                    seen.add(need)
                    queue.append(need)
        return False
