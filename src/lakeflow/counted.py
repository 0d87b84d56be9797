"""The account of a committed step: rows in are rows kept and rejected, and every table has the rows that were counted."""

from collections.abc import Iterator

import polars as pl
import pyarrow.parquet as pq

from lakeflow.catalog import REJECTS
from lakeflow.committed import Committed, Lacking
from lakeflow.finding import Finding

NAME = "counted"


def counted(step: Committed) -> Finding:
    """The first of the step's own counts that its tables do not bear out."""
    where = (NAME, step.stage.anchor, step.symbol, step.dt)
    try:
        wrong = [fault for fault in faults(step) if fault[1] != fault[2]]
    except (OSError, pl.exceptions.PolarsError, Lacking) as error:
        return Finding(*where, 1, "", "every table of the step", str(error).splitlines()[0])
    if not wrong:
        return Finding(*where)
    at, told, found = wrong[0]
    return Finding(*where, len(wrong), at, f"{told} rows", f"{found}")


def faults(step: Committed) -> Iterator[tuple[str, int, int]]:
    """What was counted, how many were, and how many there are."""
    counts = step.manifest.counts
    rows = {name: sum(height(step, name)) for name in step.stage.makes}
    for name, told in counts.get("rows", {}).items():
        yield f"table {name}", told, rows.get(name, 0)
    if step.stage.accounts == "rows":
        accounted = (held for name, held in rows.items() if name not in step.stage.apart)
        yield "rows kept and rejected of those read", counts["read"], sum(accounted)
    if REJECTS in step.stage.makes:
        found = by_reason(step)
        for reason in sorted({*found, *counts["rejected"]}):
            yield f"rejected by {reason}", counts["rejected"].get(reason, 0), found.get(reason, 0)


def height(step: Committed, name: str) -> Iterator[int]:
    """The rows of each partition of a table that the step made."""
    for partition in step.partitions(name):
        yield pq.read_metadata(step.file(partition)).num_rows


def by_reason(step: Committed) -> dict[str, int]:
    return dict(step.made(REJECTS).group_by("reason").len().collect().iter_rows())
