"""The manifest of a partition: what made it, from what; it lives in the Parquet file's own metadata."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lakeflow.errors import LakeflowError
from lakeflow.footer_values import lies
from lakeflow.ledger_tables import Entry
from lakeflow.partition import Partition
from lakeflow.shelf import DAMAGED

KEY = b"lakeflow"
FORM = 1


@dataclass(frozen=True)
class Manifest:
    """Nothing in it depends on when, where or by whom: the same recipe gives the same bytes."""

    dataset: str
    symbol: str
    dt: str
    stage: str
    asked: str
    recipe: str
    contract: str
    version: str
    schema_digest: str
    rules_digest: str
    code: dict[str, str] = field(
        default_factory=dict
    )  # module -> digest, so that `why` can say which one changed
    params: dict[str, Any] = field(default_factory=dict)
    keep: dict[str, list[str]] = field(default_factory=dict)
    flag: dict[str, list[str]] = field(default_factory=dict)
    inputs: list[list[str]] = field(default_factory=list)  # name, dataset, symbol, dt, content
    counts: dict[str, Any] = field(default_factory=dict)
    content: str = ""
    rows: int = 0
    siblings: list[list[str]] | None = None  # of the anchor only: dataset, symbol, content
    form: int = FORM

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class NotOurs(LakeflowError):
    """A Parquet file in the lake that lakeflow did not write, or one it cannot read."""

    code = 4


def read_manifest(root: Path, partition: Partition) -> Manifest:
    """The manifest in a partition's file."""
    return manifest_at(root / partition.path)


def manifest_at(path: Path) -> Manifest:
    try:
        metadata = pq.read_metadata(path).metadata or {}
        given = json.loads(metadata[KEY])
    except (pa.ArrowInvalid, OSError, KeyError, ValueError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise NotOurs(
            f"{path}: expected a Parquet file with a lakeflow manifest, found {described(error)}; "
            "move it out of the lake and run again: the partition is then made anew"
        ) from error
    if given.get("form") != FORM:
        raise NotOurs(
            f"{path}: expected a manifest of form {FORM}, found {given.get('form')}; use a newer lakeflow"
        )
    return Manifest(**given)


def described(error: Exception) -> str:
    return "none" if isinstance(error, KeyError) else f"{type(error).__name__}: {error}"


def read_entry(root: Path, partition: Partition, *, whole: bool = False) -> Entry:
    """The ledger's line about a partition, read from the partition itself; a damaged file is made anew by the next run.

    With `whole`, its bytes are read too, and held against what the manifest and the footer say of them.
    """
    try:
        manifest = read_manifest(root, partition)
        path = root / partition.path
        if whole and (not is_whole(path, manifest) or any(lies(path))):
            manifest = damaged(partition)
    except NotOurs:
        manifest = damaged(partition)
    if (manifest.dataset, manifest.symbol, manifest.dt) != tuple(partition):
        manifest = damaged(partition)  # a copy from elsewhere in the lake: not what the path says
    return entry_of(root, manifest)


def is_whole(path: Path, manifest: Manifest) -> bool:
    """Whether the bytes of a partition are those that were committed."""
    return content_digest(body_digest(path), manifest.schema_digest, manifest.rows) == manifest.content


def damaged(partition: Partition) -> Manifest:
    return Manifest(*partition, stage="", asked="", recipe=DAMAGED, contract="", version="", schema_digest="",
                    rules_digest="", content=DAMAGED)  # fmt: skip


def entry_of(root: Path, manifest: Manifest) -> Entry:
    stat = (root / Partition(manifest.dataset, manifest.symbol, manifest.dt).path).stat()
    return Entry(
        dataset=manifest.dataset,
        symbol=manifest.symbol,
        dt=manifest.dt,
        size=stat.st_size,
        mtime_ns=stat.st_mtime_ns,
        inode=stat.st_ino,
        recipe=manifest.recipe,
        content=manifest.content,
        schema_digest=manifest.schema_digest,
        rules_digest=manifest.rules_digest,
        rows=manifest.rows,
        stage=manifest.stage,
        asked=manifest.asked,
        siblings=None if manifest.siblings is None else json.dumps(manifest.siblings),
    )


def content_digest(body: str, schema_digest: str, rows: int) -> str:
    """What a partition holds: its bytes before the footer, its schema and its length; not how it came about."""
    return hashlib.sha256(f"{body} {schema_digest} {rows}".encode()).hexdigest()


def body_hash() -> hashlib.blake2b:
    """What a body is digested with: as safe as sha256, in 60 % of its time where a processor has no instructions for that."""
    return hashlib.blake2b(digest_size=32)


def body_digest(path: Path) -> str:
    """The digest of a Parquet file's bytes before its footer, read again from the disk."""
    size = path.stat().st_size
    digest = body_hash()
    with path.open("rb") as file:
        file.seek(size - 8)
        left = size - 8 - int.from_bytes(file.read(4), "little")
        file.seek(0)
        while left > 0:
            block = file.read(min(left, 1 << 20))
            digest.update(block)
            left -= len(block)
    return digest.hexdigest()
