"""The rows of the ledger."""

from typing import NamedTuple


class Entry(NamedTuple):
    """What the ledger knows of one committed partition."""

    dataset: str
    symbol: str
    dt: str
    size: int
    mtime_ns: int
    inode: int
    recipe: str
    content: str
    schema_digest: str
    rules_digest: str
    rows: int
    stage: str
    asked: str
    siblings: str | None
