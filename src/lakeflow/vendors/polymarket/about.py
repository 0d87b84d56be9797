"""What a bare file does not say of itself: by whoever adds it, by a note beside it, or by its own name."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from lakeflow.vendors.errors import ForeignFile
from lakeflow.vendors.polymarket.bodies import SERVICES
from lakeflow.vendors.polymarket.instants import BadInstant, instant

SUFFIX = ".about.json"
OWN = "timestamp"  # of messages: each was received when the venue says that it was
COUNTS = ("status", "page", "ms")
FIELDS = (
    "capture", "conn", "cursor_in", "cursor_out", "day", "endpoint", "ms", "observed_at", "page", "params", "status", "sweep", "url",
)  # fmt: skip
IN_A_NAME = re.compile(
    r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})[T_](\d{2})[-:.]?(\d{2})[-:.]?(\d{2})(?:[.,](\d{1,9}))?Z"
)
NOBODY = "bare"  # the recorder of a file of which nobody says who fetched it
EXAMPLE = "2026-01-05T12:00:00Z"


class About(NamedTuple):
    """What is known of a bare file besides its bytes; `observed` counts microseconds, None where each message says its own."""

    observed: int | None
    said: Mapping[str, Any]


def is_note(path: Path) -> bool:
    """Whether a file only says something of the one beside it."""
    return path.name.endswith(SUFFIX)


def noted(path: Path) -> Path:
    """The file that a note is about."""
    return path.with_name(path.name.removesuffix(SUFFIX))


def spoken(path: Path, told: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Everything that is said of a file, by whoever adds it or by the note beside it."""
    return checked(path, told or beside(path))


def about(path: Path, said: Mapping[str, Any]) -> About:
    """The same with the instant; it is not taken from when a file was last written, which a copy changes."""
    return About(observed(path, said), said)


def beside(path: Path) -> Mapping[str, Any]:
    """What the note beside a file says."""
    note = path.with_name(path.name + SUFFIX)
    if not note.is_file():
        return {}
    try:
        said = json.loads(note.read_bytes())
    except ValueError as error:
        raise wrong(note, "an object of JSON", str(error)) from error
    if not isinstance(said, dict):
        raise wrong(note, "an object of JSON", type(said).__name__)
    return said


def checked(path: Path, said: Mapping[str, Any]) -> dict[str, Any]:
    """The same with counts as numbers and the parameters of the address apart."""
    if strange := sorted(set(said) - set(FIELDS)):
        raise wrong(path, f"of what is said about it {', '.join(FIELDS)}", ", ".join(strange))
    found = of_address(str(said.get("url", ""))) | dict(said)
    for name in COUNTS:
        if name in found and not re.fullmatch(r"\d{1,9}", str(found[name])):
            raise wrong(path, f"{name} as a whole number", repr(found[name]))
        found |= {name: int(found[name])} if name in found else {}
    if ("sweep" in found) != ("page" in found):
        raise wrong(path, "sweep and page together: a listing and the place in it", "one of them")
    if "day" in found and not re.fullmatch(r"\d{4}-[01]\d-[0-3]\d", str(found["day"])):
        raise wrong(path, "day such as 2026-01-05", repr(found["day"]))
    asked = urlsplit(str(found.get("url", "")))
    found |= {"url": asked.path + f"?{asked.query}" * bool(asked.query)} if asked.path else {}
    return found | {"params": params(path, found.get("params", {}))}


def params(path: Path, value: Any) -> dict[str, Any]:
    """The parameters of a request, as an object or as text of one."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise wrong(path, "params as an object of JSON", str(value)) from error
    if not isinstance(found, dict):
        raise wrong(path, "params as an object of JSON", str(value))
    return found


def of_address(url: str) -> dict[str, Any]:
    """The endpoint and the parameters of an address; `url` is left without its host."""
    if not url:
        return {}
    parts = urlsplit(url)
    host = (parts.hostname or "").replace(".", "-").split("-")
    service = next((name for name in SERVICES if name in host), "")
    asked = {
        name: values[0] if len(values) == 1 else values for name, values in parse_qs(parts.query).items()
    }
    return {"endpoint": f"{service}/{parts.path.strip('/')}".strip("/"), "params": asked}


def observed(path: Path, said: Mapping[str, Any]) -> int | None:
    """When a file was fetched, in microseconds."""
    value = said.get("observed_at", in_name(path))
    if value == OWN:
        return None
    try:
        found = instant(value)
    except BadInstant as error:
        raise wrong(path, f"observed_at such as {EXAMPLE}", str(value)) from error
    if found is None:
        raise timeless(path)
    return found // 1000


def in_name(path: Path) -> str:
    """The one instant that a file's name gives, with a Z: a date, a zone left out, or two instants tell none."""
    found = {match.groups() for match in IN_A_NAME.finditer(path.name)}
    if len(found) != 1:
        return ""
    year, month, day, hour, minute, second, fraction = found.pop()
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}.{fraction or 0}Z"


def wrong(path: Path, expected: str, found: str) -> ForeignFile:
    name = path.name.removesuffix(SUFFIX)
    advice = f"say what is right with --about NAME=VALUE or in {name}{SUFFIX} beside it"
    return ForeignFile(path, 0, expected, found[:120], advice)


def timeless(path: Path) -> ForeignFile:
    advice = (
        f"add it with --about observed_at={EXAMPLE}, say so in {path.name}{SUFFIX} beside it, or name it like "
        "books.20260105T120000Z.json"
    )
    found = "no such instant in its name, and nothing said"
    return ForeignFile(path, 0, "the instant at which it was fetched", found, advice)


def one_day(path: Path, micros: Sequence[int]) -> str:
    """The one UTC day of some instants."""
    days = sorted({datetime.fromtimestamp(each // 10**6, UTC).date().isoformat() for each in micros})
    if len(days) > 1:
        raise foreign(path, f"what came from {days[0]} to {days[-1]}", "cut it at midnight UTC, a file a day")
    return days[0]


def foreign(path: Path, found: str, advice: str, kind: type[ForeignFile] = ForeignFile) -> ForeignFile:
    expected = "a first line with a shard, an hour of the pmxt archive, or one answer or the messages of a feed as they were sent"
    how = (
        f"{advice} (--about NAME=VALUE or {path.name}{SUFFIX}: docs/prediction-markets.md)"
        if "say " in advice
        else advice
    )
    return kind(path, 0, expected, found[:120], how)
