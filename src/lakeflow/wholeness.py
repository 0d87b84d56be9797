"""The inputs of a step held against what was committed of them, byte for byte, while the step is made from them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lakeflow.errors import LakeflowError
from lakeflow.job import Job
from lakeflow.manifest import NotOurs, is_whole, manifest_at
from lakeflow.recipe import Input

SMALL = 1 << 20  # bytes that are read sooner than a thread begins


class InputDamaged(LakeflowError):
    """A table of the lake is not the bytes that were committed: what is made from it would be wrong, and look current."""


class Wholeness:
    """One step's inputs from the lake; hashing lets others run, so it costs little where there is a second core."""

    def __init__(self, job: Job) -> None:
        self._files = [
            (job.files[each][0], each) for each in job.inputs if not each.dataset.startswith("raw.")
        ]
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="wholeness")
        size = sum(file.stat().st_size for file, _ in self._files if file.exists())
        self._found = self._thread.submit(self._look) if size > SMALL else None

    def settle(self) -> None:
        """Raise if any input is not what it was when it was committed."""
        damaged = self._look() if self._found is None else self._found.result()
        self._thread.shutdown()
        if damaged:
            raise InputDamaged("; ".join(f"{each.dataset} {each.symbol} {each.dt}: {file}: expected the bytes that were committed, "
                               "found others: the next run makes it anew" for file, each in damaged))  # fmt: skip

    def _look(self) -> list[tuple[Path, Input]]:
        return [(file, each) for file, each in self._files if not is_as_committed(file, each)]


def is_as_committed(file: Path, given: Input) -> bool:
    """Whether a file holds the content that the plan took it for."""
    try:
        manifest = manifest_at(file)
    except (NotOurs, FileNotFoundError):
        return False
    return manifest.content == given.content and is_whole(file, manifest)
