"""A report written: its tables of one symbol over some dates, given to its function, and the text that comes back."""

from collections.abc import Mapping
from typing import NamedTuple, NoReturn

import polars as pl

from lakeflow.catalog import Report
from lakeflow.errors import MissingInput, UsageError
from lakeflow.functions import load_function
from lakeflow.nearby import unknown
from lakeflow.project import Project


class Written(NamedTuple):
    """A report's text, and the first and the last day that it has tables of."""

    text: str
    first: str
    last: str


def written(project: Project, name: str, symbol: str, dt: str | None) -> Written:
    """A report; its function gets rows as stored, `symbol` and `dt` first."""
    if name not in project.catalog.reports:
        raise UsageError(unknown("report", name, project.catalog.reports))
    report = project.catalog.reports[name]
    frames = {argument: project[key].scan(symbol, dt).collect() for argument, key in report.reads.items()}
    first, last = ends(frames) or none(project, report, symbol, dt)
    function = load_function(report.run, project.root)
    return Written(str(function(**frames, symbol=symbol, first=first, last=last)), first, last)


def ends(frames: Mapping[str, pl.DataFrame]) -> tuple[str, str] | None:
    """The first and the last day that any of the tables has."""
    days = [str(day) for frame in frames.values() for day in (frame["dt"].min(), frame["dt"].max()) if day]
    return (min(days), max(days)) if days else None


def none(project: Project, report: Report, symbol: str, dt: str | None) -> NoReturn:
    """There is nothing to write of: an error with what there is instead, else with what to run."""
    when = f" --dt {dt}" if dt else ""
    held = [partition for key in report.reads.values() for partition in project[key].partitions()]
    symbols = sorted({partition.symbol for partition in held})
    days = sorted({partition.dt for partition in held if partition.symbol == symbol})
    tables = " ".join(sorted(report.reads.values()))
    what = (
        f"the lake has them from {days[0]} to {days[-1]}"
        if days
        else f"the lake has them of {', '.join(symbols)}"
        if symbols
        else f"make them with: lakeflow run {tables} --symbol {symbol}{when} (from deliveries that `lakeflow raw ls` lists)"
    )
    raise MissingInput(
        f"report {report.name}: expected tables of {symbol}{when} in the lake, found none; {what}"
    )
