"""A file that lacks some of what it was asked for: the vendor resolved a symbol on no day, or not on every one."""

from pathlib import Path

from lakeflow.vendors.databento.header import Header
from lakeflow.vendors.errors import ForeignFile


def refuse_unresolved(path: Path, header: Header) -> None:
    """Raise where the header lists symbols that were resolved partly or not at all."""
    for kind, symbols in (("partial", header.partial), ("not_found", header.not_found)):
        if symbols:
            found = f"{len(symbols)} {kind}: {', '.join(sorted(symbols)[:5])}"
            advice = "download the days and symbols that exist, one file a UTC day (split_duration=day)"
            raise ForeignFile(path, 8, "every symbol resolved on every day", found, advice)
