"""Answers of the services as bronze keeps them, written by hand: pages of markets, points, trades."""

import json

import polars as pl

from lakeflow.vendors.polymarket import parsed as reading
from lakeflow.vendors.polymarket.once import timed
from lakeflow.vendors.polymarket.shapes import SHAPES
from lakeflow.vendors.polymarket.sorting import ROOM

C = "0x" + "cd" * 32
MARKET = {"id": "1", "conditionId": C, "outcomes": '["Yes", "No"]', "clobTokenIds": '["11", "22"]'}
TRADE = {
    "token_id": "11",
    "condition_id": C,
    "side": "BUY",
    "price": 0.5,
    "size": 10,
    "timestamp": 1767600000,
    "transaction_hash": "0xT",
    "proxy_wallet": "0xW",
}


def fetched(*answers):
    given = {
        "sweep_id": "",
        "page_no": 0,
        "cursor_in": None,
        "cursor_out": None,
        "http_status": 200,
        "params": "{}",
        "capture_id": "a",
    }
    rows = [
        given | {"row": n, "ts_observed": 1_767_600_000_000_000_000 + n, "duration_ms": 5, "payload_bytes": 1} | answer
        | {"payload": answer["payload"] if isinstance(answer["payload"], str) else json.dumps(answer["payload"])}
        for n, answer in enumerate(answers)
    ]  # fmt: skip
    schema = {"cursor_in": pl.String, "cursor_out": pl.String, "http_status": pl.Int32}
    return pl.DataFrame(rows, schema_overrides=schema).with_columns(
        pl.col("ts_observed").cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")
    )


def page(number, *markets, back=None, status=200):
    about = {
        "endpoint": "gamma/markets/keyset",
        "sweep_id": "open 01:00",
        "page_no": number,
        "cursor_out": back,
        "http_status": status,
    }
    return about | {"payload": {"markets": list(markets)}}


def points(*found, token="11"):
    rows = [{"timestamp": t, "price": p, "resolution_seconds": s} for t, p, s in found]
    return {
        "endpoint": "data/v2/prices-history",
        "params": json.dumps({"token_id": token}),
        "payload": {"data": rows},
    }


def trades(*rows):
    return {"endpoint": "data/v2/trades", "payload": {"data": list(rows)}}


def parsed(fetches, exchanges=(), earlier=None, dt=None, room=ROOM):
    """What the reading of a day streams, each table whole."""
    found = {}
    for tables in reading.parsed(fetches.lazy(), exchanges, earlier, dt, room):
        for name, rows in tables.items():
            found.setdefault(name, []).append(rows)
    return {name: pl.concat(some) for name, some in found.items()}


def frame(name, found):
    """Rows of a table as written by hand, each with what it was asked by."""
    rows = [(asked.observed, *row) for asked, row in found]
    return timed(pl.DataFrame(rows, schema={"ts_observed": pl.Int64} | SHAPES[name], orient="row"))
