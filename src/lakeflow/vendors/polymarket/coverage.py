"""When a day was listened to: what the recorders heard together, and the gaps between, each with its reason."""

from datetime import UTC, date, datetime, time, timedelta

import polars as pl

TIME = pl.Datetime("ns", "UTC")
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


class Listening:
    """The spells of each connection in which it was never silent for long, and when something came that was no message."""

    def __init__(self, silent_s: int) -> None:
        self._silent = silent_s * 10**9
        self._spells: dict[tuple[str, str], list[tuple[int, int]]] = {}  # from and to, in nanoseconds
        self._beats: list[pl.Series] = []

    def add(self, frames: pl.DataFrame) -> None:
        """Take frames, those of a connection in the order of their times."""
        is_message = pl.col("parse_status") == "MESSAGE"
        self._beats.append(frames.filter(~is_message)["ts_recv"].cast(TIME).unique())
        for capture, conn, first, last in spells(frames.filter(is_message), self._silent).iter_rows():
            had = self._spells.setdefault((capture, conn), [])
            if had and first - had[-1][1] <= self._silent:
                had[-1] = (had[-1][0], last)
            else:
                had.append((first, last))

    def gaps(self, dt: date) -> pl.DataFrame:
        """The intervals of a day in which nobody heard a message for longer than a feed is silent, for every token."""
        begins = datetime.combine(dt, time(), UTC)
        edges = [(at, at, None) for at in (begins, begins + timedelta(days=1))]
        heard = self._heard()
        between = (
            pl.concat([heard, pl.DataFrame(edges, schema=heard.schema, orient="row")])
            .sort("first", "last")
            .with_columns(until=pl.col("last").cum_max())
            .select(ts_start="until", ts_end=pl.col("first").shift(-1))
            .filter(pl.col("ts_end") > pl.col("ts_start"))
        )
        beats = pl.concat(self._beats) if self._beats else pl.Series([], dtype=TIME)
        known = between.with_columns(reason=reason(between, beats, heard)).with_columns(
            token_id=pl.lit(EVERY_TOKEN), ignored=pl.lit(None, pl.Int64)
        )
        return known.select(*GAPS).pipe(cut_over, dt)

    def _heard(self) -> pl.DataFrame:
        told = [(*spell, nth) for had in self._spells.values() for nth, spell in enumerate(had)]
        shape = dict.fromkeys(("first", "last", "spell"), pl.Int64)
        return pl.DataFrame(told, schema=shape, orient="row").with_columns(
            pl.from_epoch(name, "ns").dt.replace_time_zone("UTC") for name in ("first", "last")
        )


def spells(messages: pl.DataFrame, silent_ns: int) -> pl.DataFrame:
    """The spells of each connection in some messages, from the first to the last of each, in nanoseconds."""
    at = pl.col("at")
    return (
        messages.select("capture_id", "conn_id", at=pl.col("ts_recv").dt.epoch("ns"))
        .sort("at", maintain_order=True)
        .with_columns(
            spell=(at.diff() > silent_ns).fill_null(value=False).cum_sum().over("capture_id", "conn_id")
        )
        .group_by("capture_id", "conn_id", "spell", maintain_order=True)
        .agg(first=at.min(), last=at.max())
        .drop("spell")
    )


def reason(between: pl.DataFrame, beats: pl.Series, heard: pl.DataFrame) -> pl.Series:
    """RECONNECT where one connection's end meets another's beginning, else CAPTURE_OFF."""
    firsts = heard.filter(pl.col("spell") == 0)["first"].implode()
    inside = [beats.is_between(a, b, closed="none").any() for a, b in between.iter_rows()]
    return between.select(
        pl.when(pl.col("ts_end").is_in(firsts) & pl.col("ts_start").is_in(heard["last"].implode()))
        .then(pl.lit(RECONNECT))
        .when(pl.Series(inside, dtype=pl.Boolean))
        .then(pl.lit(SILENT))
        .otherwise(pl.lit(CAPTURE_OFF))
    ).to_series()


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
