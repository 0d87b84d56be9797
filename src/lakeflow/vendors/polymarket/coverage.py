"""When a day was listened to: the gaps in which no connection that carries a token was alive, each with its reason."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

import polars as pl

from lakeflow.vendors.polymarket.changes import TIME
from lakeflow.vendors.polymarket.connections import Connections, Line
from lakeflow.vendors.polymarket.foregone import Marks, believed, nobody
from lakeflow.vendors.polymarket.stretches import Stretch, between

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
    "ts_known": TIME,
}
Row = tuple[str, int, int, str, int | None, int | None]  # as GAPS has them
V2_CUTOVER = datetime(2026, 4, 28, 11, tzinfo=UTC)  # all resting orders were wiped; books began anew


def gaps(heard: Connections, dt: date, marks: Marks) -> pl.DataFrame:
    """The intervals of a day in which nobody was there: for every token, and for those that only some connections carry."""
    every = list(silences(list(heard.lines.values()), heard, from_midnight=True))
    rows = list(told({EVERY_TOKEN: nobody(heard)}, every, list(heard.lines.values()), heard))
    rows += unheard_of(heard)
    for keys, tokens in heard.by_tokens().items():
        own = [heard.lines[key] for key in sorted(keys)]
        new = [
            (begins, ends) for begins, ends in silences(own, heard, from_midnight=False)
            if not any(a <= begins and ends <= b for a, b in every)
        ]  # fmt: skip
        rows += told({token: marks[token] for token in tokens}, new, own, heard)
    times = ("ts_start", "ts_end", "ts_known")
    found = pl.DataFrame(rows, schema=GAPS | dict.fromkeys(times, pl.Int64), orient="row").with_columns(
        pl.from_epoch(pl.col(times), "ns").dt.replace_time_zone("UTC")
    )
    return cut_over(found, dt)


def unheard_of(heard: Connections) -> Iterator[Row]:
    """Until a token is told of for the first time, nobody knows its book."""
    for keys, tokens in heard.by_tokens().items():
        lines = [heard.lines[key] for key in keys]
        for token in tokens:
            first = min(line.told.get(token, line.first) for line in lines)
            if first > heard.begin:
                yield token, heard.begin, first, NO_SNAPSHOT, 0, heard.begin


def silences(lines: Sequence[Line], heard: Connections, *, from_midnight: bool) -> Iterator[Stretch]:
    """When none of some connections was alive. One that is heard until shortly before midnight is alive until then, unless
    another of them began after its last frame.
    """
    stretches = [each for line in lines for each in line.alive(heard.stale, heard.silent)]
    newest = max((line.first for line in lines if line.spells), default=0)
    stretches += [
        (line.frame, heard.end)
        for line in lines
        if newest <= line.frame and line.reaches(heard.end, heard.stale, heard.silent)
    ]
    firsts = [first for first, _ in stretches]
    since = min([heard.begin, *firsts]) if from_midnight else min(firsts, default=heard.end)
    yield from (gap for gap in between(stretches, since, heard.end) if gap[1] > heard.begin)


def told(
    marks: Marks, silences: Iterable[Stretch], lines: Sequence[Line], heard: Connections
) -> Iterator[Row]:
    """Gaps as rows of each token that is marked, one for each thing that happened in them."""
    alive = [each for line in lines for each in believed(line, heard)]
    for gap in silences:
        at = max(gap[0], heard.begin)
        parts = [
            (max(begins, at), ends, why) for begins, ends, why in reasons(lines, gap, heard) if ends > at
        ]
        is_alive = any(first <= at < last for first, last in alive)
        for token, given_up in marks.items():
            then = next((each for each in given_up if at <= each < gap[1]), None) if is_alive else at
            for begins, ends, why in parts:
                yield token, begins, ends, why, None, None if then is None else max(then, begins)


def reasons(lines: Sequence[Line], gap: Stretch, heard: Connections) -> Iterator[tuple[int, int, str]]:
    """SILENT while a connection only answered PING. Without any frame it is RECONNECT from one's end to another's beginning
    that follows within `silent_s`, else CAPTURE_OFF.
    """
    answered = list(answering(lines, gap, heard))
    for begins, ends in between(answered, *gap):
        is_short = ends - begins <= heard.silent
        is_next = any(line.frame == begins for line in lines) and any(line.first == ends for line in lines)
        yield begins, ends, RECONNECT if is_short and is_next else CAPTURE_OFF
    without = list(between(answered, *gap))
    yield from ((begins, ends, SILENT) for begins, ends in between(without, *gap))


def answering(lines: Sequence[Line], gap: Stretch, heard: Connections) -> Iterator[Stretch]:
    """While a connection was there in a gap and answered PING."""
    for line in lines:
        beats = line.beats()
        inside = beats[(beats > gap[0]) & (beats < gap[1])]
        for first, last in line.connected(heard.stale, heard.silent) if inside.size else ():
            begins, ends = max(first, gap[0]), min(last, gap[1])
            if ((inside >= begins) & (inside <= ends)).any():
                yield begins, ends


def merged(rows: pl.DataFrame) -> pl.DataFrame:
    """Gaps of which those that wait for a token's snapshot one right after another are one."""
    is_waiting = pl.col("reason") == NO_SNAPSHOT
    waiting = rows.filter(is_waiting).sort("token_id", "ts_start")
    goes_on = (pl.col("token_id") == pl.col("token_id").shift(1)) & (
        pl.col("ts_start") == pl.col("ts_end").shift(1)
    )
    numbered = waiting.with_columns(nth=(~goes_on.fill_null(value=False)).cum_sum())
    whole = numbered.group_by("nth", maintain_order=True).agg(
        pl.col("token_id", "ts_start", "reason", "ts_known").first(),
        pl.col("ts_end").last(),
        pl.col("ignored").sum(),
    )
    return pl.concat([rows.filter(~is_waiting), whole.select(rows.columns)])


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
    cut = pl.DataFrame(
        [(EVERY_TOKEN, V2_CUTOVER, V2_CUTOVER, CAPTURE_OFF, None, V2_CUTOVER)], schema=GAPS, orient="row"
    )
    return pl.concat([found, cut]).sort("ts_start", "ts_end")
