"""An hour of the public archive, as it would have kept what the venue's feed said: sixteen columns, a change a row."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from lakeflow.simulate.polymarket.feed import frames
from lakeflow.simulate.polymarket.truth import Venue

TIME = pl.Datetime("ms", "UTC")
SHAPE: Mapping[str, Any] = {
    "timestamp_received": TIME, "timestamp": TIME, "market": pl.String, "event_type": pl.String, "asset_id": pl.String, "bids": pl.String,
    "asks": pl.String, "price": pl.Decimal(9, 4), "size": pl.Decimal(18, 6), "side": pl.String, "best_bid": pl.Decimal(9, 4),
    "best_ask": pl.Decimal(9, 4), "fee_rate_bps": pl.String, "transaction_hash": pl.String, "old_tick_size": pl.Decimal(9, 4),
    "new_tick_size": pl.Decimal(9, 4),
}  # fmt: skip
NUMBERS = ("price", "size", "best_bid", "best_ask", "old_tick_size", "new_tick_size")


def write_hour(path: Path, venue: Venue, begins: datetime) -> Path:
    """The hour from an instant, as recorder a heard it."""
    midnight = begins.replace(hour=0)
    heard = (
        f
        for f in frames(venue, "a", midnight)
        if begins <= f.at < begins + timedelta(hours=1) and f.text[:1] in "[{"
    )
    rows = [row for frame in heard if frame.text for row in taken_apart(frame.at, json.loads(frame.text))]
    pl.DataFrame(rows, schema=SHAPE, orient="row").write_parquet(path)
    return path


def taken_apart(at: datetime, said: Any) -> Iterator[tuple[Any, ...]]:
    """A message as rows: a change of a level each."""
    for message in said if isinstance(said, list) else [said]:
        changes = message.get("price_changes", message.get("changes", [{}]))
        for change in changes:
            sides = {name: json.dumps(message[name]) for name in ("bids", "asks") if name in message}
            yield row(at, {**message, **change, **sides})


def row(at: datetime, fields: Mapping[str, Any]) -> tuple[Any, ...]:
    """The columns, decimals as decimals."""
    told = {
        "timestamp_received": at,
        "timestamp": datetime.fromtimestamp(int(fields["timestamp"]) / 1000, at.tzinfo),
    }
    found = {name: told.get(name, fields.get(name)) for name in SHAPE}
    return tuple(Decimal(str(v)) if name in NUMBERS and v is not None else v for name, v in found.items())
