"""A committed step checked again by today's rules, without making it anew."""

from lakeflow.check import check_file
from lakeflow.errors import ContractBroken
from lakeflow.job import Job
from lakeflow.partition import Partition


def revalidate(job: Job) -> dict[Partition, list[str]]:
    """The warnings of each partition of the step; raises with every error when the rules do not hold."""
    errors: list[object] = []
    warnings: dict[Partition, list[str]] = {}
    for partition in job.family:
        verdict = check_file(job.lake / partition.path, job.contracts[partition.dataset])
        errors += [f"{partition}: {complaint}" for complaint in verdict.errors]
        warnings[partition] = [str(complaint) for complaint in verdict.warnings]
    if errors:
        raise ContractBroken(errors)
    return warnings
