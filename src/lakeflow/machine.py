"""What this machine gives a process, and what the process has taken of it: cores and memory."""

import ctypes
import gc
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

GIB = 1 << 30
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of <malloc.h>
KEPT = (
    2 << 20
)  # bytes: larger blocks are returned when they are freed; smaller would cost more in new pages than they free
CGROUP = Path("/sys/fs/cgroup")  # in a container: the container's own limits
SHARE = "LAKEFLOW_THREADS"  # a worker's environment: how many of the machine's cores are its own


def cores() -> int:
    """The cores that this process may use: fewer than the machine has, when pinned or in a container."""
    allowed = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    with suppress(OSError, ValueError):  # no cgroup, or "max" for no limit
        quota, period = map(int, (CGROUP / "cpu.max").read_text().split())
        return max(1, min(allowed, quota // period))
    return allowed


def threads() -> int:
    """The threads that this process may keep busy: one for each core, unless a pool of workers has shared the cores out."""
    return min(cores(), int(os.environ.get(SHARE, cores())))


def free_gb() -> float:
    """The memory that tasks may declare together: what is available, with a tenth left to everything else."""
    return min(limits()) / GIB * 0.9


def limits() -> Iterator[int]:
    with suppress(OSError):
        yield from (kilobytes * 1024 for kilobytes in fields(Path("/proc/meminfo"), "MemAvailable:"))
    with suppress(OSError, ValueError):
        yield int((CGROUP / "memory.max").read_text())
    yield os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def resident_bytes(pid: int) -> int:
    """The memory that a process holds now; 0 where the system does not say."""
    with suppress(OSError):
        return sum(fields(Path(f"/proc/{pid}/status"), "VmRSS:")) * 1024
    return 0


def give_back_early() -> None:
    """Have glibc return freed memory to the system: by itself it learns to keep blocks of up to 32 MiB, a tenth of a worker's peak."""
    with suppress(OSError, AttributeError):  # other systems and other C libraries have no such options
        tune = ctypes.CDLL(None).mallopt
        tune(M_MMAP_THRESHOLD, KEPT)
        tune(M_TRIM_THRESHOLD, KEPT)


def reset_peak() -> None:
    """Start the high-water mark anew, so that a task's peak is its own; not every kernel allows it."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak_bytes() -> int:
    """The most memory that this process held since the reset, or in its whole life where there is none."""
    with suppress(OSError):
        return sum(fields(Path("/proc/self/status"), "VmHWM:")) * 1024
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024  # macOS counts bytes, everybody else kilobytes


def fields(path: Path, name: str) -> Iterator[int]:
    """The number on the line of a /proc file that starts with a name."""
    return (int(line.split()[1]) for line in path.read_text().splitlines() if line.startswith(name))


@contextmanager
def without_gc() -> Iterator[None]:
    """For work that makes a million small values and no circle of them: looking for circles would take a third of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
