"""A report written: its tables of one symbol over some dates, given to its function, and the text that comes back."""

from collections.abc import Mapping

import polars as pl

from lakeflow.catalog import Report
from lakeflow.errors import MissingInput, UsageError
from lakeflow.functions import load_function
from lakeflow.nearby import unknown
from lakeflow.project import Project


def written(project: Project, name: str, symbol: str, dt: str | None) -> str:
    """The text of a report; rows are as stored, `symbol` and `dt` first."""
    if name not in project.catalog.reports:
        raise UsageError(unknown("report", name, project.catalog.reports))
    report = project.catalog.reports[name]
    frames = {argument: project[key].scan(symbol, dt).collect() for argument, key in report.reads.items()}
    first, last = ends(frames, report, symbol, dt)
    function = load_function(report.run, project.root)
    return str(function(**frames, symbol=symbol, first=first, last=last))


def ends(frames: Mapping[str, pl.DataFrame], report: Report, symbol: str, dt: str | None) -> tuple[str, str]:
    """The first and the last day that any of the tables has; none is an error with what to run."""
    days = [str(day) for frame in frames.values() for day in (frame["dt"].min(), frame["dt"].max()) if day]
    if not days:
        tables = " ".join(sorted(report.reads.values()))
        when = f" --dt {dt}" if dt else ""
        raise MissingInput(
            f"report {report.name}: expected tables of {symbol}{when} in the lake, found none; "
            f"make them with: lakeflow run {tables} --symbol {symbol}{when}"
        )
    return min(days), max(days)
