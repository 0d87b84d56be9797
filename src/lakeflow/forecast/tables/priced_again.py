"""The price that follows from what the sources last said, worked out row by row and by no code of the prices that are held against it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from lakeflow.forecast.tables.evidence import WHOLE

SECOND = 1_000_000_000
FRESH, DAY, HOUR = 900 * SECOND, 86_400 * SECOND, 3_600 * SECOND
NEAR, WIDE = 20_000, 100_000  # two cents, ten cents
BELIEVED = ("MATCH", "UNVERIFIABLE")

Row = Mapping[str, Any]


class Book(NamedTuple):
    """One source's book of a token at an instant, in millionths and nanoseconds."""

    bid: int | None
    ask: int | None
    near_2c: int | None
    verdict: str | None
    heard: int | None  # when it was last heard of
    of: int | None  # the instant that it is of


class Price(NamedTuple):
    """A price with its kind and the instant that it is of; nothing of these where there is none."""

    kind: str | None = None
    p: int | None = None
    ts_quote: int | None = None


NONE = Price()
UNKNOWN = Book(None, None, None, None, None, None)


def book(row: Row) -> Book:
    """The book that counts: of two that are known the verified one, else the one that is of later; one that is not known is nothing."""
    fed, rest = fed_book(row), shown_book(row)
    known = [each for each in (fed, rest) if is_known(each, row["ts_cutoff"])]
    if len(known) < 2:
        return known[0] if known else UNKNOWN
    return max(known, key=lambda each: (is_vouched(each, row["ts_cutoff"]), each.of or 0))


def fed_book(row: Row) -> Book:
    """The feed's book, which is of when the feed last told anything of it."""
    heard = row["ts_heard_fed"]
    return Book(row["bid_fed"], row["ask_fed"], row["near_2c_fed"], row["verify_status_fed"], heard, heard)


def shown_book(row: Row) -> Book:
    """The REST service's book; its clock may be ahead of ours."""
    seen, at = row["ts_shown"], row["ts_said"]
    bids, asks = row["bid_prices"] or [], row["ask_prices"] or []
    near = paid_near(bids, row["bid_sizes"] or []) + paid_near(asks, row["ask_sizes"] or [])
    of = seen if at is None or seen is None else min(at, seen)
    return Book(bids[0] if bids else None, asks[0] if asks else None, near, row["hash_status"], seen, of)


def paid_near(prices: list[int], sizes: list[int]) -> int:
    """Dollars within two cents of a side's best level."""
    near = [(p, size) for p, size in zip(prices, sizes, strict=True) if abs(p - prices[0]) <= NEAR]
    return sum(p * size // WHOLE for p, size in near)


def is_known(it: Book, at: int) -> bool:
    crossed = it.bid is not None and it.ask is not None and it.bid >= it.ask
    return it.verdict in BELIEVED and not crossed and is_fresh(it.heard, at)


def is_vouched(it: Book, at: int) -> bool:
    return it.verdict == "MATCH" and is_fresh(it.of, at)


def is_fresh(since: int | None, at: int) -> bool:
    return since is not None and at - since <= FRESH


def last_prices(row: Row) -> list[int]:
    """The prices of the last instant of the day before the cutoff at which there was a trade."""
    since = row["ts_traded"]
    return row["traded"] if since is not None and row["ts_cutoff"] - since <= DAY else []


def prices(row: Row) -> list[Price]:
    """What the price may be: one, or as many as were told of one instant."""
    it = book(row)
    if it.bid is not None and it.ask is not None and it.ask - it.bid <= WIDE:
        kind = "MID" if it.verdict == "MATCH" else "MID_UNVERIFIED"
        return [Price(kind, (it.bid + it.ask) // 2, it.heard)]
    if (it.bid is None and it.ask is None) or not last_prices(row):
        return [of_point(each, row["ts_cutoff"]) for each in row["points"] or []] or [NONE]
    return [Price("LAST", p, row["ts_traded"]) for p in last_prices(row)]


def of_point(point: Row, at: int) -> Price:
    """A point's price, unless it is older than an hour and than two of its buckets."""
    recent = at - point["at"] <= max(2 * point["resolution_s"] * SECOND, HOUR)
    return Price("HIST", point["price"], point["at"]) if recent else NONE
