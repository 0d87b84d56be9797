"""Who does the work of a run: this process, or a supervised pool of spawned ones."""

import os

from lakeflow.executor import Executor, InlineExecutor
from lakeflow.kernels import VARIABLE, Kernels
from lakeflow.machine import cores
from lakeflow.pool import Pool
from lakeflow.step import Step
from lakeflow.summary import Listener


def choose_executor(
    kernels: Kernels, steps: list[Step], workers: int | None, memory_gb: float | None, listener: Listener
) -> Executor:
    """As many workers as cores, and no more than there is work for; one worker is this process itself."""
    to_do = sum(step.action != "none" for step in steps)
    later = any(step.action == "later" for step in steps)
    wanted = workers or (cores() if later else min(cores(), to_do))
    folder = kernels.folder
    if kernels.lacking({step.key.stage for step in steps if step.action != "none"}):
        listener.say("compiling kernels, as on every first run with new source: the first steps take longer")
    if wanted <= 1:
        os.environ.setdefault(VARIABLE, str(folder))
        return InlineExecutor()
    return Pool(wanted, memory_gb=memory_gb, env={VARIABLE: str(folder)})
