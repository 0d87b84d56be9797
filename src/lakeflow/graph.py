"""What waits for what: keys with their needs, handed out when every need is done, skipped when one cannot be."""

from collections import deque
from collections.abc import Iterable

from lakeflow.errors import LakeflowError


class Graph:
    """A growing acyclic graph; every edge is looked at once, when its need ends."""

    def __init__(self) -> None:
        self._open: dict[str, dict[str, None]] = {}  # key -> needs not yet done, as they were given
        self._waiting: dict[str, list[str]] = {}  # need -> keys that wait for it
        self._ended: dict[str, bool] = {}  # key -> whether it was done
        self._ready: list[str] = []
        self._skipped: list[str] = []

    def add(self, key: str, needs: Iterable[str]) -> bool:
        """Take a key on; needs may be unknown yet or done. False, and it is skipped, when one has failed already."""
        if key in self._open:
            raise LakeflowError(f"{key}: expected a step to be planned once, found it planned twice")
        wanted = dict.fromkeys(needs)
        open_needs = {need: None for need in wanted if need not in self._ended}
        self._refuse_circle(key, open_needs)
        self._open[key] = open_needs
        if any(map(self.has_failed, wanted)):
            self._skipped += self.fail(key)
            return False
        for need in open_needs:
            self._waiting.setdefault(need, []).append(key)
        if not open_needs:
            self._ready.append(key)
        return True

    def ready(self) -> list[str]:
        """The keys that became ready since last asked."""
        ready, self._ready = self._ready, []
        return ready

    def skipped(self) -> list[str]:
        """The keys, since last asked, that were waiting for one which was skipped as it was added."""
        skipped, self._skipped = self._skipped, []
        return skipped

    def has_failed(self, key: str) -> bool:
        """Whether a key failed, or was skipped because another did."""
        return self._ended.get(key) is False

    def done(self, key: str) -> None:
        self._ended[key] = True
        for waiting in self._waiting.pop(key, ()):
            needs = self._open[waiting]
            del needs[key]
            if not needs and waiting not in self._ended:
                self._ready.append(waiting)

    def fail(self, key: str) -> list[str]:
        """The keys that can no longer be done because this one was not, nearest first."""
        self._ended[key] = False
        skipped = []
        queue = deque([key])
        while queue:
            for waiting in self._waiting.pop(queue.popleft(), ()):
                if waiting not in self._ended:
                    self._ended[waiting] = False
                    skipped.append(waiting)
                    queue.append(waiting)
        return skipped

    def forget(self, key: str) -> None:
        """Let go of a key that was skipped, as if it had never been added."""
        del self._open[key], self._ended[key]
        for waiting in self._waiting.values():
            waiting[:] = [each for each in waiting if each != key]

    def _refuse_circle(self, key: str, needs: Iterable[str]) -> None:
        """Only a key that others already wait for, or that needs itself, can close a circle."""
        seen: dict[str, str] = {}  # need -> what led to it
        queue = deque((need, key) for need in needs) if key in self._waiting or key in needs else deque()
        while queue:
            need, because = queue.popleft()
            if need in seen:
                continue
            seen[need] = because
            if need == key:
                raise LakeflowError(f"{key}: expected no circle of needs, found {circle(key, seen)}")
            queue.extend((further, need) for further in self._open.get(need, ()))


def circle(key: str, led: dict[str, str]) -> str:
    """The way from a key back to itself: each needs the next."""
    path = [key, led[key]]
    while path[-1] != key:
        path.append(led[path[-1]])
    return " -> ".join(reversed(path))
