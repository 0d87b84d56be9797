"""One step: read, call, keep, check. What it makes is staged and whole; committing it is the coordinator's."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from lakeflow.drafts import Drafts
from lakeflow.errors import StepFailed
from lakeflow.functions import load_function, verify_code
from lakeflow.job import Job, Made
from lakeflow.reading import Reading
from lakeflow.wholeness import Wholeness


def make(job: Job) -> Made:
    """Every partition of a step as a checked draft; raises with nothing in the lake changed."""
    verify_code(job.project, job.modules, job.sources)
    job.folder.mkdir(parents=True, exist_ok=True)
    function = load_function(job.stage.run, job.project)
    reading, wholeness = Reading(job), Wholeness(job)
    drafts = Drafts(job)
    try:
        for chunk in chunks(job, function(**reading.arguments(function))):
            drafts.take(chunk)
        made = drafts.finish(reading.rows)
    except BaseException as error:
        drafts.abandon()
        if isinstance(error, Exception):
            # An input replaced between two opens of it, or damaged, fails in many ways: that is what happened.
            reading.held_still()
            wholeness.settle()
        raise
    reading.held_still()
    wholeness.settle()
    return made


def chunks(job: Job, result: Any) -> Iterator[Mapping[str, Any]]:
    """What a stage returned or yields, always as mappings from table to frame."""
    tables = [name for name in job.stage.makes if name != "rejects"]
    for each in [result] if isinstance(result, pl.DataFrame | pl.LazyFrame | Mapping) else parts(job, result):
        if isinstance(each, Mapping):
            yield each
        elif len(tables) == 1:
            yield {tables[0]: each}
        else:
            raise StepFailed(
                f"{job.key}: expected a mapping from {tables} to frames, found {type(each).__name__}"
            )


def parts(job: Job, result: Any) -> Iterator[Any]:
    if not isinstance(result, Iterator):
        raise StepFailed(
            f"{job.key}: {job.stage.run}: expected a frame, a mapping of frames, or an iterator of either, "
            f"found {type(result).__name__}"
        )
    return result
