"""Files as a venue sent them, without the first line of a shard: what they are by their shape, and their text as the lines of one."""

import gzip
import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from lakeflow.vendors.errors import StrangeFile
from lakeflow.vendors.polymarket.about import NOBODY, OWN, About, about, foreign, one_day, spoken
from lakeflow.vendors.polymarket.answered import answered, named

FETCH, CAPTURE = "polymarket/fetch/1", "polymarket/capture/1"
SOCKET = "ws/market"
HEADLESS = {CAPTURE: ("recv_us", "frame"), FETCH: ("observed_us", "body")}
BEGINS = (b"{", b"[", b"P")  # JSON, or the PONG of a feed
MARK = b"\xef\xbb\xbf"  # what some editors put before UTF-8
MESSAGES = frozenset({"event_type", "price_changes", "changes", "buys", "sells", "new_tick_size"})
OWN_TIME = r'"timestamp"\s*:\s*"?(\d{9,19})\b'


class Bare(NamedTuple):
    """A file without a head: the kind of shard that its lines are, their day, the recorder, and the lines."""

    kind: str
    day: str
    capture: str
    lines: bytes
    is_late: bool = False  # an answer that is filed under an earlier day, of which it tells


def bare(path: Path, told: Mapping[str, str] | None = None) -> Bare:
    """A file as the lines of a shard."""
    raw = content(path)
    document = whole(raw)
    if (kind := headless(document, raw)) is not None:
        return of_lines(path, kind, raw, told)
    said = spoken(path, told)
    if is_feed(path, document, raw, said):
        return of_messages(path, frames(document, raw), about(path, said))
    said |= {"endpoint": said.get("endpoint") or named(path, document)}
    line = answered(path, document, raw, about(path, said))
    came = one_day(path, [line["observed_us"]])
    capture, text = str(said.get("capture", NOBODY)), json.dumps(line).encode() + b"\n"
    return Bare(FETCH, str(said.get("day", came)), capture, text, is_late="day" in said)


def content(path: Path) -> bytes:
    """The bytes of a file that begins like JSON or like a feed."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            begins = file.read(64)
            if begins.removeprefix(MARK).lstrip()[:1] not in BEGINS:
                raise foreign(path, repr(begins[:20]), "give it to the vendor whose file it is", StrangeFile)
            return begins + file.read()
    except (OSError, EOFError, zlib.error) as error:
        raise foreign(path, f"{type(error).__name__}: {error}", "deliver it again whole") from error


def whole(raw: bytes) -> Any:
    """The one document of a file; None where it is lines, or none."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def headless(document: Any, raw: bytes) -> str | None:
    """The kind of shard whose lines a file holds, without the first one."""
    first = document if document is not None else whole(raw.partition(b"\n")[0])
    fields = set(first) if isinstance(first, Mapping) else set()
    return next((kind for kind, needed in HEADLESS.items() if fields >= set(needed)), None)


def of_lines(path: Path, kind: str, raw: bytes, told: Mapping[str, str] | None) -> Bare:
    """Lines that say themselves when they came; by which recorder, a note may say."""
    when = HEADLESS[kind][0]
    lines = pl.Series(raw.decode(errors="replace").split("\n"))
    times = lines.str.extract(rf'"{when}"\s*:\s*(\d{{1,18}})\b').cast(pl.Int64).drop_nulls().sort()
    capture = str(spoken(path, told).get("capture", NOBODY))
    return Bare(kind, one_day(path, [times[0], times[-1]]), capture, raw)


def is_feed(path: Path, document: Any, raw: bytes, said: Mapping[str, Any]) -> bool:
    """Whether a file holds messages of the feed, by what is said of it or by its shape."""
    if said.get("endpoint"):
        return str(said["endpoint"]).startswith("ws/")
    if document is not None:
        return is_message(path, document)
    first = next((line for each in raw.split(b"\n") if (line := whole(each))), None)
    if first is None or not is_message(path, first):
        raise foreign(path, "lines that are no messages of the feed", "deliver one answer a file, or a shard")
    return True


def is_message(path: Path, document: Any) -> bool:
    """Whether a document is a message. A book alone may be either: feed and service write it alike."""
    first = document[0] if isinstance(document, list) and document else document
    has = frozenset(first) if isinstance(first, Mapping) else frozenset()
    if has & MESSAGES:
        return True
    if "asset_id" in has and has & {"bids", "asks"} and "min_order_size" not in has:
        raise foreign(
            path, "a book that may be an answer or a message", f"say endpoint=clob/book or endpoint={SOCKET}"
        )
    return has >= {"asset_id", "fee_rate_bps"} and "taker_order_id" not in has


def frames(document: Any, raw: bytes) -> list[bytes]:
    """A document that is written over many lines as one frame, else a frame a line."""
    lines = raw.split(b"\n")
    lines = lines[:-1] if not lines[-1] else lines
    return lines if document is None or len(lines) == 1 else [raw]


def of_messages(path: Path, said: Sequence[bytes], known: About) -> Bare:
    """Frames of one connection, which is the file."""
    times = [known.observed] * len(said) if known.observed is not None else own_times(path, said)
    conn = str(known.said.get("conn", path.name))
    lines = (framed(line, at, conn, seq) for seq, (line, at) in enumerate(zip(said, times, strict=True)))
    return Bare(
        CAPTURE, one_day(path, [times[0], times[-1]]), str(known.said.get("capture", NOBODY)), b"".join(lines)
    )


def framed(line: bytes, at: int, conn: str, seq: int) -> bytes:
    """A line of a capture; what is no text stays as it is, and is refused as that."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return line + b"\n"
    return json.dumps({"recv_us": at, "conn": conn, "seq": seq, "frame": text}).encode() + b"\n"


def own_times(path: Path, said: Sequence[bytes]) -> list[int]:
    """When each frame was received, taken for when the venue says it was: never before the one above it."""
    digits = pl.Series([line.decode(errors="replace") for line in said]).str.extract(OWN_TIME)
    size, number = digits.str.len_chars(), digits.cast(pl.Int64, strict=False)
    told = pl.DataFrame({"size": size, "number": number}).select(
        pl.when(pl.col("size") <= 11)
        .then(pl.col("number") * 10**6)
        .when(pl.col("size") <= 14)
        .then(pl.col("number") * 10**3)
        .when(pl.col("size") <= 17)
        .then("number")
        .otherwise(pl.col("number") // 1000)
    )
    found: list[int] = told.to_series().cum_max().forward_fill().backward_fill().drop_nulls().to_list()
    if not found:
        raise foreign(path, f"no message with a timestamp, and observed_at={OWN}", "say observed_at")
    return found
