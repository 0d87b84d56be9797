"""Answers to validate, gc and doctor."""

from collections.abc import Iterable
from pathlib import Path

from lakeflow.auditing import audited
from lakeflow.cli.chosen import Choice
from lakeflow.cli.held import held
from lakeflow.cli.opening import opened
from lakeflow.cli.options import Place
from lakeflow.doctor import examine, rebuild_ledger
from lakeflow.errors import MissingInput
from lakeflow.garbage import find, remove
from lakeflow.project import Project
from lakeflow.validation import Complaint, validate


def print_validation(choice: Choice, place: Place, *, deep: bool) -> int:
    """Every complaint about the chosen partitions and the steps they are of; 4 when there is an error among them."""
    with opened(place) as (project, voice, _):
        partitions = held(project, choice.request(project))
        if not partitions:
            raise MissingInput(
                "nothing to validate: the lake holds no such partition; make it with lakeflow run"
            )
        found = list(validate(project, partitions, deep=deep))
        findings = list(audited(project, partitions))
        found += [Complaint(f.dataset, f.symbol, f.dt, "error", f.check, f.words) for f in findings if f.rows]
        errors = [complaint for complaint in found if complaint.severity == "error"]
        voice.rows(
            "complaints",
            [complaint._asdict() for complaint in found],
            partitions=len(partitions),
            audits=len(findings),
            errors=len(errors),
        )
        warnings = len(found) - len(errors)
        voice.say(
            f"{len(partitions)} partitions, {len(errors)} errors, {warnings} warnings, {len(findings)} audits"
        )
        if errors and (old := of_old_contracts(project, {partition.dataset for partition in partitions})):
            voice.say(
                f"{old} partitions of these tables were written under an older contract, which may be all that is wrong: "
                "lakeflow plan says what is stale, lakeflow run makes it anew; validate again after that"
            )
        return 4 if errors else 0


def of_old_contracts(project: Project, datasets: Iterable[str]) -> int:
    """How many partitions of these datasets say another contract than today's."""
    return sum(project.ledger.of_other_schema(key, project.contract(key).schema_digest) for key in datasets)


def collect_garbage(place: Place, keep_runs: int, *, remove_it: bool) -> None:
    with opened(place) as (project, voice, _):
        found = find(project, keep_runs)
        rows = [{"path": shown(g.path, project.lake), "why": g.why, "bytes": g.bytes} for g in found]
        voice.rows("garbage", rows, removed=remove_it)
        total = remove(found) if remove_it else sum(g.bytes for g in found)
        voice.say(
            f"{len(found)} things, {total / (1 << 20):.1f} MiB "
            + ("removed" if remove_it else "to remove; pass --yes to do it")
        )


def shown(path: Path, lake: Path) -> str:
    return str(path.relative_to(lake) if path.is_relative_to(lake) else path)


def print_examination(place: Place, *, rebuild: bool) -> int:
    with opened(place) as (project, voice, _):
        if rebuild:
            known = rebuild_ledger(project)
            voice.say(
                f"the ledger was made anew from the lake: {known} partitions; the old one lies beside it"
            )
            return 0
        found = list(examine(project))
        voice.rows("findings", [finding._asdict() for finding in found])
        return 1 if any(finding.state == "bad" for finding in found) else 0
