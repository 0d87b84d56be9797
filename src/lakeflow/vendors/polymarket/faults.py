"""Why something that was fetched or captured is no row: the reasons, and the row that says so."""

import hashlib
import json
import re
from typing import Any, NamedTuple

import polars as pl

BAD_JSON = "BAD_JSON"
NO_ID = "NO_ID"
BAD_ARRAY = "BAD_ARRAY"
LEN_MISMATCH = "LEN_MISMATCH"
PRICE_RANGE = "PRICE_RANGE"
BAD_AMOUNT = "BAD_AMOUNT"
BAD_TS = "BAD_TS"
BAD_TOKEN_ID = "BAD_TOKEN_ID"  # noqa: S105  a token here is what one bets on
UNKNOWN_EVENT_TYPE = "UNKNOWN_EVENT_TYPE"
HTTP_ERROR = "HTTP_ERROR"
REPEATED = "REPEATED"
INCOMPLETE_SWEEP = "INCOMPLETE_SWEEP"
OTHER_MARKET = "OTHER_MARKET"
OTHER_DAY = "OTHER_DAY"
TRUNCATED = "TRUNCATED"
UNKNOWN_EXCHANGE = "UNKNOWN_EXCHANGE"
NOT_SETTLED = "NOT_SETTLED"

QUARANTINE: dict[str, pl.DataType | type[pl.DataType]] = {
    "meant_for": pl.String,
    "reason": pl.String,
    "detail": pl.String,
    "ts_observed": pl.Datetime("ns", "UTC"),
    "capture_id": pl.String,
    "place": pl.String,
    "payload": pl.String,
}

HALF_A_PAIR = re.compile("[\ud800-\udfff]")  # half a character, which JSON can write and no text can hold


class Fault(NamedTuple):
    """One thing that could not be kept: the table it was meant for, why, what was found, and where."""

    meant_for: str
    reason: str
    detail: str
    observed: int | None
    capture: str
    place: str
    payload: str


def by_text(payload: str) -> str:
    """A place that says which text it was, and not in which of the files that it may be delivered in."""
    return f"sha256 {hashlib.sha256(payload.encode(errors='backslashreplace')).hexdigest()[:16]}"


ORDER = ("meant_for", "at", "capture_id", "place", "reason", "payload", "detail")


def timed(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of quarantine with what they are ordered by, of which nothing is null: without a time, they come first."""
    return rows.with_columns(at=pl.col("ts_observed").dt.epoch("ns").fill_null(0))


def quarantine(faults: list[Fault]) -> pl.DataFrame:
    """The faults as rows, in an order that does not depend on how they were found."""
    rows = sorted(
        faults, key=lambda f: (f.meant_for, f.observed or 0, f.capture, f.place, f.reason, f.payload)
    )
    return pl.DataFrame(rows, schema=QUARANTINE, orient="row")


def text(item: Any) -> str:
    """An item of a body as text again, with the vendor's order of fields."""
    try:
        said = json.dumps(item, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        return "nested too deep to be written; its answer is in bronze"
    return json.dumps(item, separators=(",", ":")) if HALF_A_PAIR.search(said) else said
