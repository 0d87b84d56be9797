"""Messages of the feed written by hand: books, changes and frames, and the quotes that come of them."""

import json
from datetime import UTC, date, datetime, timedelta

import polars as pl

from tests.polymarket.conftest import silver_of

DAY = date(2026, 1, 5)
START = datetime(2026, 1, 5, 10, tzinfo=UTC)
M, A, B = "0xm", "1", "2"


def book(token=A, bids=((0.48, 30),), asks=((0.52, 25),), **more):
    sides = {"bids": bids, "asks": asks}
    return {"event_type": "book", "market": M, "asset_id": token, "timestamp": "1767600000000"} | {
        name: [{"price": str(p), "size": str(s)} for p, s in side] for name, side in sides.items()
    } | more  # fmt: skip


def change(price, size, side="BUY", token=A, **said):
    return {"asset_id": token, "price": str(price), "size": str(size), "side": side, **said}


def changed(*changes):
    return {
        "event_type": "price_change",
        "market": M,
        "timestamp": "1767600000000",
        "price_changes": list(changes),
    }


def framed(*frames, capture="a", conns=None, start=START):
    texts = [frame if isinstance(frame, str) else json.dumps(frame) for frame in frames]
    return pl.DataFrame(
        {
            "row": range(len(texts)), "ts_recv": [start + timedelta(seconds=n) for n in range(len(texts))],
            "capture_id": [capture] * len(texts) if isinstance(capture, str) else capture, "conn_id": conns or ["1"] * len(texts),
            "frame_seq": range(len(texts)), "parse_status": ["KEEPALIVE" if t == "PONG" else "MESSAGE" for t in texts], "frame": texts,
        }
    ).with_columns(pl.col("ts_recv").cast(pl.Datetime("ns", "UTC")))  # fmt: skip


def replay(*frames, capture="a", conns=None, day=DAY, start=START, silent_s=1800):
    return silver_of(framed(*frames, capture=capture, conns=conns, start=start), day, silent_s)


def quotes(tables, token=A):
    tops = tables["book_tops"].filter(pl.col("token_id") == token, pl.col("row") >= 0)
    return tops.select("bid", "ask", "verify_status").rows()
