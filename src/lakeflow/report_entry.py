"""One entry under `reports` of datasets.yaml: the function that writes the page, and the tables it takes."""

from collections.abc import Mapping
from typing import Any

from lakeflow.catalog import Report
from lakeflow.form import Faults, Kind

REPORT: dict[str, Kind] = {"run": str, "reads": dict, "about": str}


def report(key: str, given: Mapping[Any, Any], faults: Faults) -> Report:
    """The report, as far as it can be read."""
    where = f"reports: {key}"
    good = faults.known(where, given, REPORT)
    faults.has(where, given, "run", "reads")
    reads = {
        str(name): table
        for name, table in good.get("reads", {}).items()
        if faults.is_kind(f"{where}: reads: {name}", table, str)
    }
    return Report(key, good.get("run", ""), reads, good.get("about", ""))
