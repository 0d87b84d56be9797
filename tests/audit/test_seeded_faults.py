"""Faults sown into one committed table of a whole day: each turns its check red, and without them every check is green."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lakeflow.auditing import audited
from lakeflow.audits_file import read_audits
from lakeflow.partition import Partition
from lakeflow.project import Project, open_project
from lakeflow.validation import validate
from tests.audit.faults import CHOICE, FAULTS, ORDERS, of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def project(made) -> Iterator[Project]:
    with open_project(ROOT, made) as opened:
        yield opened


def red(project: Project, partition: Partition) -> set[str]:
    """What is wrong with a partition and its step: rules of its contract, and names of audits."""
    broken = {c.rule for c in validate(project, [partition]) if c.severity == "error"}
    return broken | {finding.check for finding in audited(project, [partition]) if finding.rows}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_turns_its_check_red(project, rewritten, fault):
    partition, change, check = FAULTS[fault]
    kept = rewritten(project, partition, change)
    found = red(project, partition)
    path = project.lake / partition.path
    path.replace(
        path.with_suffix(f".{fault.replace(' ', '-')}")
    )  # deleted, its inode would be the next file's
    kept.replace(path)
    assert check in found


# A short day has no event to harm: tests/audit/test_events.py harms events written by hand.
IN_EVENTS = {"events.is_apart", "events.is_followed", "events.is_inside_the_session"}
WHOLE = (of("bbo"), of("mbp"), of("activity"), of("session_volume", "ES"), ORDERS, CHOICE)


@pytest.mark.parametrize("partition", WHOLE, ids=str)
def test_what_nobody_harmed_is_green(project, partition):
    assert red(project, partition) == set()
    assert len(list(audited(project, [partition]))) > 1


def test_there_are_enough_faults_and_every_audit_of_futures_is_turned_red_by_one(project):
    audits = read_audits(ROOT, project.catalog)
    named = {audit.name for key, each in audits.items() if ".future_mbo." in key for audit in each}
    sown = {check for _, _, check in FAULTS.values()}
    assert len(FAULTS) >= 20
    assert named - sown - IN_EVENTS == set()
