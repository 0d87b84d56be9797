"""What scripts/validate_*.py do: a layer held against contracts and audits, a table of both; 0 whole, 1 red, 2 not asked well."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from lakeflow.auditing import audited
from lakeflow.cli.chosen import Choice
from lakeflow.cli.held import held
from lakeflow.errors import LakeflowError, MissingInput
from lakeflow.finding import Finding
from lakeflow.project import Project, open_project
from lakeflow.table import as_text
from lakeflow.validation import Complaint, validate

WHOLE, RED, ASKED = 0, 1, 2


def main(layer: str, about: str, words: Sequence[str] | None = None) -> int:
    """Validate what the lake holds of a layer; the exit code."""
    given = parser(about).parse_args(words)
    try:
        with open_project(given.project, given.lake) as project:
            return shown(*looked_at(project, layer, given))
    except LakeflowError as error:
        sys.stderr.write(f"{error}\n")
        return ASKED


def parser(about: str) -> argparse.ArgumentParser:
    given = argparse.ArgumentParser(description=about)
    given.add_argument("--project", type=Path, default=Path(), help="a folder in the project")
    given.add_argument("--lake", type=Path, help="the lake's folder, if not the project's own")
    given.add_argument("--product-type", action="append", help="may be repeated; else all")
    given.add_argument("--symbol", action="append", help="a symbol or a glob; may be repeated; else all")
    given.add_argument("--dt", help="2026-01-06, 2026-01-05..2026-01-09, 'last 5 days'; else all")
    given.add_argument("--deep", action="store_true", help="also hash every file again")
    return given


def looked_at(
    project: Project, layer: str, given: argparse.Namespace
) -> tuple[list[Complaint], list[Finding]]:
    """What contracts complain of, and how every audit ended."""
    choice = Choice(
        layer=[layer], product_type=given.product_type, symbol=given.symbol, dt=given.dt, upstream=False
    )
    partitions = held(project, choice.request(project))
    if not partitions:
        raise MissingInput(
            f"nothing to validate: the lake holds no such partition of {layer}; make it with lakeflow run"
        )
    complaints = [c for c in validate(project, partitions, deep=given.deep) if c.severity == "error"]
    return complaints, list(audited(project, partitions))


def shown(complaints: Sequence[Complaint], findings: Sequence[Finding]) -> int:
    """Every check with how many steps it was asked of, then all that is wrong."""
    sys.stdout.write(as_text(summed(findings), None) + "\n")
    red = [f for f in findings if f.rows]
    wrong = [row(c.rule, c, c.found) for c in complaints] + [row(f.check, f, f.words) for f in red]
    if wrong:
        sys.stdout.write("\n" + as_text(wrong, None) + "\n")
    sys.stdout.write(f"{len(findings)} audits, {len(red)} red, {len(complaints)} errors of contract\n")
    return RED if wrong else WHOLE


def summed(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """A line for each check of each product: steps, those it is red for, rows that break it."""
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    for finding in findings:
        product = finding.dataset.rpartition(".")[0]
        line = lines.setdefault(
            (product, finding.check),
            {"tables": product, "check": finding.check, "steps": 0, "red": 0, "rows": 0},
        )
        line["steps"] += 1
        line["red"] += finding.rows > 0
        line["rows"] += finding.rows
    return [lines[key] for key in sorted(lines)]


def row(check: str, about: Complaint | Finding, words: str) -> dict[str, Any]:
    return {
        "check": check,
        "dataset": about.dataset,
        "symbol": about.symbol,
        "dt": about.dt,
        "what is wrong": words,
    }
