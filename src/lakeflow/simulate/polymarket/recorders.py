"""Recorders of the venue: a day's answers and messages written as shards, as they would have been kept."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from lakeflow.simulate.polymarket import feed, listing, services
from lakeflow.simulate.polymarket.archive import write_hour
from lakeflow.simulate.polymarket.truth import Market, Venue
from lakeflow.vendors.polymarket.bare import CAPTURE, FETCH

PLAIN = 2  # of ten markets: its history comes from the book service
SWEEPS = (1, 9, 17)  # hours at which the whole listing is fetched


def write_day(folder: Path, venue: Venue, day: date, archived: Sequence[int] = ()) -> list[Path]:
    """The shards of a day: one of answers, two of messages, and hours of the archive."""
    folder.mkdir(parents=True, exist_ok=True)
    begins = datetime.combine(day, time(), UTC)
    fetched = folder / f"fetch-{day}.jsonl"
    write(fetched, FETCH, day, "a", answers(venue, begins))
    heard = [folder / f"feed-{recorder}-{day}.jsonl" for recorder in ("a", "b")]
    for path, recorder in zip(heard, ("a", "b"), strict=True):
        write(path, CAPTURE, day, recorder, captured(venue, recorder, begins))
    hours = [
        write_hour(folder / f"archive-{day}T{hour:02}.parquet", venue, begins + timedelta(hours=hour))
        for hour in archived
    ]
    return [fetched, *heard, *hours]


def write(path: Path, kind: str, day: date, capture: str, lines: Iterator[dict[str, Any]]) -> None:
    """A shard: what it is, then its lines."""
    with path.open("w") as file:
        file.write(json.dumps({"shard": kind, "day": day.isoformat(), "capture": capture}) + "\n")
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def captured(venue: Venue, recorder: str, begins: datetime) -> Iterator[dict[str, Any]]:
    """Frames with the recorder's own clock and numbers; b's clock runs 40 ms behind a's."""
    late = timedelta(milliseconds=40 if recorder == "b" else 0)
    for number, frame in enumerate(feed.frames(venue, recorder, begins)):
        yield {
            "recv_us": micros(frame.at + late) + number % 1000,
            "conn": frame.conn,
            "seq": number,
            "frame": frame.text,
        }


def answers(venue: Venue, begins: datetime) -> Iterator[dict[str, Any]]:
    """The day's listings, and at its end what the other services say."""
    for hour in SWEEPS:
        yield from sweep(venue, begins + timedelta(hours=hour), closed=False)
        yield from sweep(venue, begins + timedelta(hours=hour, minutes=1), closed=True)
    noon, night = begins + timedelta(hours=12), begins + timedelta(hours=23, minutes=50)
    open_ones = [market for market in venue.markets if venue.closes(market) > begins]
    books = json.dumps([services.book(venue, market, noon) for market in open_ones])
    yield answer(noon, "clob/books", {}, books)
    for market in open_ones:
        yield answer(
            night,
            "data/v2/trades",
            {"condition_id": market.condition, "taker_only": "true", "limit": "1000"},
            services.trades(venue, market, begins, night),
        )
        yield answer(night, "data/v2/oi", {"condition_id": market.condition}, services.interest(market))
        yield past(venue, market, begins, night)
    for at in (begins + timedelta(hours=10), night):
        said = [services.resolution(venue, market, at) for market in venue.markets]
        yield answer(at, "data/v2/resolutions", {}, json.dumps({"data": said}))


def past(venue: Venue, market: Market, begins: datetime, night: datetime) -> dict[str, Any]:
    """The day's prices of a market; of one in ten from the book service, asked for by the hour."""
    if market.number % 10 != PLAIN:
        told = services.history(venue, market, begins, night)
        return answer(night, "data/v2/prices-history", {"token_id": market.tokens[0]}, told)
    window = {"startTs": str(micros(begins) // 10**6), "endTs": str(micros(night) // 10**6), "fidelity": "60"}
    told = services.plain_history(venue, market, begins, night)
    return answer(night, "clob/prices-history", {"market": market.tokens[0], **window}, told)


def sweep(venue: Venue, at: datetime, *, closed: bool) -> Iterator[dict[str, Any]]:
    """Every page of one pass over the listing: without `closed`, what is closed is not there."""
    wanted: Callable[[Market], bool] = lambda market: (venue.closes(market) <= at) == closed  # noqa: E731  it is used once
    items = [listing.item(venue, market, at) for market in venue.markets if wanted(market)]
    name = f"{'closed' if closed else 'open'} {at:%H:%M}"
    for page, (sent, back, body) in enumerate(listing.pages(items)):
        params = {"closed": str(closed).lower(), "limit": "100"}
        yield answer(at, "gamma/markets/keyset", params, body) | {
            "sweep": name, "page": page, "cursor_in": sent, "cursor_out": back,
        }  # fmt: skip


def answer(at: datetime, endpoint: str, params: dict[str, str], body: str) -> dict[str, Any]:
    """A line of a fetch shard."""
    return {
        "observed_us": micros(at), "endpoint": endpoint, "url": f"/{endpoint}", "params": json.dumps(params, sort_keys=True),
        "status": 200, "ms": 25, "body": body,
    }  # fmt: skip


def micros(at: datetime) -> int:
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
