"""Connections of a feed: when each was heard, of which tokens it told, and what one day leaves of them to the next."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import polars as pl

from lakeflow.vendors.polymarket.changes import CLEAR, TIME
from lakeflow.vendors.polymarket.compiled import Ints
from lakeflow.vendors.polymarket.naming import NAME
from lakeflow.vendors.polymarket.stretches import Stretch, joined

SECOND = 10**9
MISSED = 3  # answers to a PING that are missed before a connection is taken for dead
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
        self.told: dict[
            str, int
        ] = {}  # since when it tells of a token; of one that it told of yesterday, nothing
        self.went_on: set[str] = set()  # tokens that it told of first without a book
        self._quiet: list[Stretch] = []
        self._beats: list[Ints] = []
        self._seconds: list[Ints] = []  # in which it was heard

    @property
    def last(self) -> int:
        """When it told something last; of one that never did, when it began."""
        return self.spells[-1][1] if self.spells else self.first

    def add(self, at: Ints, is_message: np.ndarray, silent: int, stale: int) -> None:
        """Take the times of frames that follow those which were taken before."""
        at, is_message = (at, is_message) if (np.diff(at) >= 0).all() else by_time(at, is_message)
        far = np.flatnonzero(np.diff(at, prepend=self.frame) > min(stale, silent))
        before = np.append(np.int64(self.frame), at)
        self._quiet += [(int(before[place]), int(at[place])) for place in far]
        self._beats.append(at[~is_message])
        self._seconds.append(np.unique(at // SECOND))
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

    def meet(self, told: pl.DataFrame, frames: pl.DataFrame, ops: pl.DataFrame) -> None:
        """Take tokens that it tells of for the first time: `row` and `token_id` of all that it says of them in some frames."""
        first = told.group_by("token_id").agg(pl.col("row").min()).join(frames.select("row", "at"), on="row")
        books = ops.filter(pl.col("op") == CLEAR)
        begun = books.select(pl.col("row").cast(pl.Int64), pl.col("token_id").cast(NAME)).unique()
        went_on = first.join(begun, on=["row", "token_id"], how="anti")
        self.told |= dict(first.select("token_id", "at").iter_rows())
        self.went_on |= set(went_on["token_id"])
        self.tokens |= set(self.told)

    def beats(self) -> Ints:
        return np.concatenate(self._beats) if self._beats else np.empty(0, np.int64)

    def was_heard(self, since: int, until: int) -> bool:
        """Whether it was heard in the seconds from that of an instant on and before that of another."""
        self._seconds = [np.unique(np.concatenate(self._seconds))] if self._seconds else []
        begins, ends = since // SECOND, until // SECOND
        return any(np.searchsorted(each, begins) < np.searchsorted(each, ends) for each in self._seconds)

    def limit(self, at: int, stale: int, silent: int) -> int:
        """After how long without any frame it is dead, by its answers to PING until an instant; where none are kept, `silent`."""
        beats = self.beats()
        apart = np.diff(beats[beats <= at])
        return min(silent, max(stale, MISSED * int(np.median(apart)))) if apart.size > 1 else silent

    def holes(self, stale: int, silent: int) -> Iterator[tuple[int, int, int]]:
        """Stretches without any frame in which it was dead: from when to when, and after how long it was."""
        for begins, ends in self._quiet:
            limit = self.limit(begins, stale, silent)
            if ends - begins > limit:
                yield begins, ends, limit

    def connected(self, stale: int, silent: int) -> Iterator[Stretch]:
        """From the first frame to the last, but for the holes."""
        since = self.first
        for begins, ends, _ in self.holes(stale, silent):
            yield since, begins
            since = ends
        yield since, self.frame

    def alive(self, stale: int, silent: int) -> Iterator[Stretch]:
        """While it was connected, but for stretches of more than `silent` without a message; of one that told nothing, nothing."""
        for first, last in self.connected(stale, silent) if self.spells else ():
            told = [(max(s, first), min(e, last)) for s, e in self.spells if s <= last and e >= first]
            yield from joined([(first, first), *told, (last, last)], silent)

    def reaches(self, end: int, stale: int, silent: int) -> bool:
        """Whether it was still there at an instant after its last frame, as far as a day can tell."""
        is_connected = end - self.frame <= self.limit(self.frame, stale, silent)
        return bool(self.spells) and end - self.last <= silent and is_connected


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
            line = self.lines[str(key[0]), str(key[1])]
            if fresh := set(own["token_id"].unique()) - line.tokens:
                line.meet(own.filter(pl.col("token_id").is_in(fresh)), part, told[0])

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
