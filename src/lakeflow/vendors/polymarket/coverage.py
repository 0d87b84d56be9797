"""When a day was listened to: the gaps in which no connection that carries a token was alive, each with its reason."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import polars as pl

from lakeflow.vendors.polymarket.changes import TIME
from lakeflow.vendors.polymarket.connections import Connections, Line, between

CAPTURE_OFF, RECONNECT, SILENT, NO_SNAPSHOT, DESYNC = (
    "CAPTURE_OFF",
    "RECONNECT",
    "SILENT",
    "NO_SNAPSHOT",
    "DESYNC",
)
EVERY_TOKEN = ""
GAPS: dict[str, pl.DataType | type[pl.DataType]] = {
    "token_id": pl.String,
    "ts_start": TIME,
    "ts_end": TIME,
    "reason": pl.String,
    "ignored": pl.Int64,
}
V2_CUTOVER = datetime(2026, 4, 28, 11, tzinfo=UTC)  # all resting orders were wiped; books began anew


def gaps(heard: Connections, dt: date) -> pl.DataFrame:
    """The intervals of a day in which nobody was there: for every token, and for those that only some connections carry."""
    every = list(silences(list(heard.lines.values()), heard, from_midnight=True))
    rows = [(EVERY_TOKEN, *each, None) for each in every]
    for keys, tokens in heard.by_tokens().items():
        own = silences([heard.lines[key] for key in keys], heard, from_midnight=False)
        new = [each for each in own if not any(a <= each[0] and each[1] <= b for a, b, _ in every)]
        rows += [(token, *each, None) for token in tokens for each in new]
    shape = GAPS | {"ts_start": pl.Int64, "ts_end": pl.Int64}
    found = pl.DataFrame(rows, schema=shape, orient="row").with_columns(
        pl.from_epoch(pl.col("ts_start", "ts_end"), "ns").dt.replace_time_zone("UTC")
    )
    return cut_over(found, dt)


def silences(
    lines: Sequence[Line], heard: Connections, *, from_midnight: bool
) -> Iterator[tuple[int, int, str]]:
    """When none of some connections was alive, and why. One that is heard until shortly before midnight is alive until then,
    unless another of them began after its last message.
    """
    stretches = [each for line in lines for each in line.alive(heard.stale)]
    newest = max((line.first for line in lines if line.spells), default=0)
    stretches += [
        (line.last, heard.end)
        for line in lines
        if newest <= line.last and line.reaches(heard.end, heard.silent, heard.stale)
    ]
    firsts = [first for first, _ in stretches]
    since = min([heard.begin, *firsts]) if from_midnight else min(firsts, default=heard.end)
    for begins, ends in between(stretches, since, heard.end):
        if ends > heard.begin:
            yield max(begins, heard.begin), ends, reason(lines, begins, ends)


def reason(lines: Sequence[Line], begins: int, ends: int) -> str:
    """RECONNECT where one connection's end meets another's beginning, SILENT where one only answered PING, else CAPTURE_OFF."""
    began = any(line.spells and line.spells[0][0] == ends for line in lines)
    if began and any(line.last == begins for line in lines):
        return RECONNECT
    beats = (line.beats() for line in lines)
    return SILENT if any(((at > begins) & (at < ends)).any() for at in beats) else CAPTURE_OFF


def stands_until() -> pl.Expr:
    """The cut-over, of a book that was fetched in the day before it, or later and was so before it; no book stands across."""
    cut = pl.lit(V2_CUTOVER).cast(TIME)
    since = cut - pl.duration(days=1, time_unit="ns")
    fetched_before = pl.col("ts_observed").is_between(since, cut, closed="left")
    was_before = (pl.col("ts_observed") >= cut) & (pl.col("ts_event") < cut)
    return pl.when(fetched_before | was_before).then(cut)


def cut_over(found: pl.DataFrame, dt: date) -> pl.DataFrame:
    """On the day of the second exchange no book outlives the cut-over, whatever the recorders heard."""
    if dt != V2_CUTOVER.date():
        return found
    cut = pl.DataFrame([(EVERY_TOKEN, V2_CUTOVER, V2_CUTOVER, CAPTURE_OFF, None)], schema=GAPS, orient="row")
    return pl.concat([found, cut]).sort("ts_start", "ts_end")
