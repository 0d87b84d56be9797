"""Connections of a feed: when each was heard, of which tokens it told, and what one day leaves of them to the next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import polars as pl

from lakeflow.vendors.polymarket.changes import TIME
from lakeflow.vendors.polymarket.compiled import Ints
from lakeflow.vendors.polymarket.naming import NAME

MISSED = 3  # answers to a PING that are missed before a connection is taken for dead
Stretch = tuple[int, int]  # from and to, in nanoseconds
KEPT = {
    "capture_id": pl.String(), "conn_id": pl.String(), "ts_first": TIME, "ts_message": TIME, "ts_frame": TIME, "token_ids": pl.List(pl.String()),
}  # fmt: skip


class Line:
    """One connection: the spells in which it told something, long distances between its frames, and its answers to PING."""

    def __init__(self, first: int, last: int | None = None, frame: int | None = None) -> None:
        self.first = first
        self.spells: list[Stretch] = [] if last is None else [(last, last)]
        self.frame = first if frame is None else frame
        self.tokens: set[str] = set()
        self._quiet: list[Stretch] = []
        self._beats: list[Ints] = []

    @property
    def last(self) -> int:
        """When it told something last; of one that never did, when it began."""
        return self.spells[-1][1] if self.spells else self.first

    def add(self, at: Ints, is_message: np.ndarray, silent: int, stale: int) -> None:
        """Take the times of frames that follow those which were taken before."""
        at, is_message = (at, is_message) if (np.diff(at) >= 0).all() else by_time(at, is_message)
        far = np.flatnonzero(np.diff(at, prepend=self.frame) > stale)
        before = np.append(np.int64(self.frame), at)
        self._quiet += [(int(before[place]), int(at[place])) for place in far]
        self._beats.append(at[~is_message])
        self.frame = max(self.frame, int(at[-1]))
        told = at[is_message]
        if told.size:
            self._spoke(told, silent)

    def _spoke(self, told: Ints, silent: int) -> None:
        """Take times of messages."""
        ends = np.flatnonzero(np.diff(told) > silent)
        firsts, lasts = told[np.append(0, ends + 1)].tolist(), told[np.append(ends, -1)].tolist()
        if self.spells and firsts[0] - self.last <= silent:
            firsts[0] = self.spells.pop()[0]
        self.spells += zip(firsts, lasts, strict=True)

    def beats(self) -> Ints:
        return np.concatenate(self._beats) if self._beats else np.empty(0, np.int64)

    def stale(self, least: int) -> int | None:
        """After how long without any frame it is dead; not known of one whose answers to PING were not kept."""
        apart = np.diff(self.beats())
        return max(least, MISSED * int(np.median(apart))) if apart.size > 1 else None

    def alive(self, stale: int) -> Iterator[Stretch]:
        """The spells, but for what of them is between two frames that are too far apart."""
        limit = self.stale(stale)
        quiet = [(a, b) for a, b in self._quiet if limit is not None and b - a > limit]
        for first, last in self.spells:
            since = first
            for begins, ends in quiet:
                if since <= begins and ends <= last:
                    yield since, begins
                    since = ends
            yield since, last

    def reaches(self, end: int, silent: int, stale: int) -> bool:
        """Whether it was still there at an instant after its last frame, as far as a day can tell."""
        limit = self.stale(stale)
        return (
            bool(self.spells) and end - self.last <= silent and (limit is None or end - self.frame <= limit)
        )


def by_time(at: Ints, is_message: np.ndarray) -> tuple[Ints, np.ndarray]:
    order = np.argsort(at, kind="stable")
    return at[order], is_message[order]


class Connections:
    """Every connection of a day, and those of the day before that may go on."""

    def __init__(self, dt: date, before: pl.DataFrame | None, silent_s: int, stale_s: int) -> None:
        begins = datetime.combine(dt, time(), UTC)
        self.begin, self.end = (nanos(at) for at in (begins, begins + timedelta(days=1)))
        self.silent, self.stale = silent_s * 10**9, stale_s * 10**9
        self.lines: dict[tuple[str, str], Line] = {}
        if before is not None:
            times = pl.col("ts_first", "ts_message", "ts_frame").dt.epoch("ns")
            for capture, conn, *known, tokens in before.select(*KEPT).with_columns(times).iter_rows():
                self.lines[capture, conn] = Line(*known)
                self.lines[capture, conn].tokens.update(tokens)

    def add(self, frames: pl.DataFrame, told: Sequence[pl.DataFrame]) -> None:
        """Take frames, and rows of what they told of tokens."""
        few = frames.select(
            "capture_id", "conn_id", "row", at=pl.col("ts_recv").cast(TIME).dt.epoch("ns"), is_message=pl.col("parse_status") == "MESSAGE"
        )  # fmt: skip
        parts = few.partition_by("capture_id", "conn_id", as_dict=True, maintain_order=True)
        for key, part in parts.items():
            at = part["at"].to_numpy()
            line = self.lines.setdefault((str(key[0]), str(key[1])), Line(int(at.min())))
            line.add(at, part["is_message"].to_numpy(), self.silent, self.stale)
        self._told(parts, told)

    def _told(self, parts: Mapping[tuple[object, ...], pl.DataFrame], told: Sequence[pl.DataFrame]) -> None:
        tokens = pl.concat(
            [rows.select(pl.col("row").cast(pl.Int64), pl.col("token_id").cast(NAME)) for rows in told]
        )
        tokens = tokens.filter(pl.col("token_id").is_not_null())
        for key, part in parts.items():
            own = tokens if len(parts) == 1 else tokens.join(part.select("row"), on="row", how="semi")
            self.lines[str(key[0]), str(key[1])].tokens.update(own["token_id"].unique())

    def by_tokens(self) -> dict[frozenset[tuple[str, str]], list[str]]:
        """The tokens that the same connections carry."""
        of: dict[str, set[tuple[str, str]]] = {}
        for key, line in self.lines.items():
            for token in line.tokens:
                of.setdefault(token, set()).add(key)
        found: dict[frozenset[tuple[str, str]], list[str]] = {}
        for token, keys in sorted(of.items()):
            found.setdefault(frozenset(keys), []).append(token)
        return found

    def kept(self) -> pl.DataFrame:
        """What the next day has to know of those that were heard today."""
        rows = [
            (*key, line.first, line.spells[-1][1] if line.spells else None, line.frame, sorted(line.tokens))
            for key, line in sorted(self.lines.items()) if line.frame >= self.begin
        ]  # fmt: skip
        shape = KEPT | dict.fromkeys(("ts_first", "ts_message", "ts_frame"), pl.Int64())
        at = pl.col("ts_first", "ts_message", "ts_frame")
        return pl.DataFrame(rows, schema=shape, orient="row").with_columns(
            pl.from_epoch(at, "ns").dt.replace_time_zone("UTC")
        )


def nanos(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000


def between(stretches: Iterable[Stretch], since: int, end: int) -> Iterator[Stretch]:
    """What no stretch covers, from an instant to another."""
    until = since
    for first, last in [*sorted(stretches), (end, end)]:
        if first > until:
            yield until, first
        until = max(until, last)
