"""Files as a venue sent them, without the first line of a shard: what they are by their shape, and their text as the lines of one."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from lakeflow.vendors.polymarket.about import NOBODY, OWN, About, about, foreign, one_day, spoken
from lakeflow.vendors.polymarket.answered import answered, named
from lakeflow.vendors.polymarket.lines import PIECE
from lakeflow.vendors.polymarket.unheaded import ONE, Text, parts, text_of

FETCH, CAPTURE = "polymarket/fetch/1", "polymarket/capture/1"
SOCKET = "ws/market"
HEADLESS = {CAPTURE: ("recv_us", "frame"), FETCH: ("observed_us", "body")}
MESSAGES = frozenset({"event_type", "price_changes", "changes", "buys", "sells", "new_tick_size"})
OWN_TIME = r'"timestamp"\s*:\s*"?(\d{9,19})\b'


class Bare(NamedTuple):
    """A file without a head: the kind of shard that its lines are, their day, the recorder, and how to read them some at a time."""

    kind: str
    day: str
    capture: str
    read: Callable[[int], Iterator[bytes]]
    is_late: bool = False  # an answer that is filed under an earlier day, of which it tells


def bare(path: Path, told: Mapping[str, str] | None = None) -> Bare:
    """A file as the lines of a shard."""
    text = text_of(path)
    document = None if text.whole is None else loaded(text.whole)
    if (kind := headless(document, text)) is not None:
        return of_lines(kind, text, told)
    said = spoken(path, told)
    if is_feed(document, text, said):
        return of_messages(document, text, about(path, said))
    if text.whole is None:
        raise foreign(path, f"one answer of more than {ONE >> 20} MiB", "deliver it as a shard")
    said |= {"endpoint": said.get("endpoint") or named(path, document)}
    line = answered(path, document, text.whole, about(path, said))
    came = one_day(path, [line["observed_us"]])
    capture, written = str(said.get("capture", NOBODY)), json.dumps(line).encode() + b"\n"
    return Bare(FETCH, str(said.get("day", came)), capture, lambda _: iter([written]), is_late="day" in said)


def loaded(raw: bytes) -> Any:
    """The one document of a text; None where it is lines, or none."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def headless(document: Any, text: Text) -> str | None:
    """The kind of shard whose lines a file holds, without the first one."""
    first = document if document is not None else loaded(text.first)
    fields = set(first) if isinstance(first, Mapping) else set()
    return next((kind for kind, needed in HEADLESS.items() if fields >= set(needed)), None)


def of_lines(kind: str, text: Text, told: Mapping[str, str] | None) -> Bare:
    """Lines that say themselves when they came; by which recorder, a note may say."""
    path, when = text.path, rf'"{HEADLESS[kind][0]}"\s*:\s*(\d{{1,18}})\b'
    borders: list[int] = []
    for part in parts(text, PIECE):
        times = texts(part.split(b"\n")).str.extract(when).cast(pl.Int64).drop_nulls().sort()
        borders += [times[0], times[-1]] if times.len() else []
    if not borders:
        raise foreign(path, "lines without one that says when it came", "deliver it again whole")
    capture = str(spoken(path, told).get("capture", NOBODY))
    return Bare(kind, one_day(path, [min(borders), max(borders)]), capture, partial(parts, text))


def is_feed(document: Any, text: Text, said: Mapping[str, Any]) -> bool:
    """Whether a file holds messages of the feed, by what is said of it or by its shape."""
    if said.get("endpoint"):
        return str(said["endpoint"]).startswith("ws/")
    if document is not None:
        return is_message(text.path, document)
    lines = (line for part in parts(text, PIECE) for line in part.split(b"\n"))
    first = next((found for each in lines if (found := loaded(each))), None)
    if first is None or not is_message(text.path, first):
        raise foreign(
            text.path, "lines that are no messages of the feed", "deliver one answer a file, or a shard"
        )
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


def frames(document: Any, text: Text, size: int) -> Iterator[list[bytes]]:
    """A document that is written over many lines as one frame, else a frame a line."""
    if document is not None and text.whole is not None and text.whole.removesuffix(b"\n").count(b"\n"):
        yield [text.whole]
        return
    for part in parts(text, size):
        yield part.removesuffix(b"\n").split(b"\n")


def of_messages(document: Any, text: Text, known: About) -> Bare:
    """Frames of one connection, which is the file."""
    conn = str(known.said.get("conn", text.path.name))
    span = span_of(text, frames(document, text, PIECE), known)

    def read(size: int) -> Iterator[bytes]:
        seq, at = 0, span[0]
        for some in frames(document, text, size):
            times = [at] * len(some) if known.observed is not None else own_times(some, at)
            told = zip(some, times, strict=True)
            yield b"".join(framed(line, when, conn, seq + place) for place, (line, when) in enumerate(told))
            seq, at = seq + len(some), times[-1]

    return Bare(CAPTURE, one_day(text.path, span), str(known.said.get("capture", NOBODY)), read)


def span_of(text: Text, every: Iterable[list[bytes]], known: About) -> tuple[int, int]:
    """When the first frame was received, and the last; what comes before the first message with a time came with it."""
    if known.observed is not None:
        return known.observed, known.observed
    told = [times for some in every if (times := said_times(some).drop_nulls()).len()]
    if not told:
        raise foreign(text.path, f"no message with a timestamp, and observed_at={OWN}", "say observed_at")
    return int(told[0][0]), max(int(times.max()) for times in told)  # type: ignore[arg-type]  # of numbers


def framed(line: bytes, at: int, conn: str, seq: int) -> bytes:
    """A line of a capture; what is no text stays as it is, and is refused as that."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return line + b"\n"
    return json.dumps({"recv_us": at, "conn": conn, "seq": seq, "frame": text}).encode() + b"\n"


def own_times(said: Sequence[bytes], since: int) -> list[int]:
    """When each frame was received, taken for when the venue says it was: never before the one above it."""
    told = pl.concat([pl.Series([since], dtype=pl.Int64), said_times(said)])
    found: list[int] = told.cum_max().forward_fill().slice(1).to_list()
    return found


def said_times(said: Sequence[bytes]) -> pl.Series:
    """The microseconds that each message tells; its unit shows by its size, since all are of this century."""
    digits = texts(said).str.extract(OWN_TIME)
    size, number = digits.str.len_chars(), digits.cast(pl.Int64, strict=False)
    return pl.select(
        pl.when(size <= 11)
        .then(number * 10**6)
        .when(size <= 14)
        .then(number * 10**3)
        .when(size <= 17)
        .then(number)
        .otherwise(number // 1000)
        .alias("at")
    ).to_series()


def texts(lines: Sequence[bytes]) -> pl.Series:
    return pl.Series([line.decode(errors="replace") for line in lines], dtype=pl.String)
